//! The adversary's service: one sync handler behind a stream of parts. It answers its challenger and nobody else.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming};
use tracing::Span;
use turncoat_net::hosting::{Hosting, host};
use turncoat_net::{Listener, MAX_MESSAGE_BYTES, ServeError};

use crate::auth;
use crate::challenge::{AttackAnswer, ChallengeRequest};
use crate::convert::challenge::{ChallengeAssembly, answers_to_wire};
use crate::identity::Identity;
use crate::role::Role;
use crate::status::Refusal;
use crate::wire;
use crate::wire::REVISION;
use crate::wire::adversary_server::{Adversary, AdversaryServer};

/// Runs the attacks.
pub trait ChallengeHandler: Send + Sync + 'static {
    /// Answers one question with one answer an attack. Runs on a thread where it may block.
    ///
    /// # Errors
    /// Why the adversary cannot work at all. An attack that cannot answer says so in its own answer.
    fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, String>;
}

/// What an adversary's service needs to know.
#[derive(Clone, Debug)]
pub struct AdversaryConfig {
    /// By what it is known, and knows its challenger.
    pub identity: Identity,
    /// Where it stands and which it is: `outsider`, `party-3` or `aggregator`.
    pub vantage: String,
    /// The ids of its attacks.
    pub attacks: Vec<String>,
    /// For calls under way when it is told to stop, in milliseconds.
    pub drain_ms: u64,
}

/// Serves an adversary until `shutdown` resolves.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    handler: Arc<dyn ChallengeHandler>,
    config: AdversaryConfig,
    listener: Listener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let AdversaryConfig { identity, vantage, attacks, drain_ms } = config;
    let service = AdversaryServer::new(Service { handler, vantage, attacks })
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES);
    // It can be asked from its first moment.
    let (_ready, ready) = watch::channel(true);
    host(service, ready, Hosting::plain(identity, Duration::from_millis(drain_ms)), listener, shutdown).await
}

struct Service {
    handler: Arc<dyn ChallengeHandler>,
    vantage: String,
    attacks: Vec<String>,
}

fn challenger_only<T>(request: &Request<T>, rpc: &'static str) -> Result<(), Refusal> {
    match auth::role(request)? {
        Role::Challenger => Ok(()),
        role => Err(Refusal::wrong_caller(role, rpc, "an adversary answers its challenger only")),
    }
}

#[tonic::async_trait]
impl Adversary for Service {
    type ChallengeStream = Pin<Box<dyn Stream<Item = Result<wire::AnswerPart, Status>> + Send>>;

    async fn challenge(
        &self,
        request: Request<Streaming<wire::ChallengePart>>,
    ) -> Result<Response<Self::ChallengeStream>, Status> {
        challenger_only(&request, "Challenge")?;
        let mut parts = request.into_inner();
        let mut assembly = ChallengeAssembly::default();
        while let Some(part) = parts.message().await? {
            assembly.push(part).map_err(Refusal::from)?;
        }
        let challenge = assembly.finish().map_err(Refusal::from)?;
        Span::current().record("rows", challenge.labels.len() as u64);
        tracing::debug!(question = ?challenge.question, "challenged");
        let handler = Arc::clone(&self.handler);
        let span = Span::current();
        let answers = move || span.in_scope(|| handler.challenge(challenge));
        let answers = tokio::task::spawn_blocking(answers).await;
        let answers = answers
            .map_err(|error| Refusal::Internal(format!("the attack ended abnormally: {error}")))?
            .map_err(Refusal::Internal)?;
        Ok(Response::new(Box::pin(futures::stream::iter(answers_to_wire(answers).map(Ok)))))
    }

    async fn status(
        &self,
        request: Request<wire::AdversaryStatusRequest>,
    ) -> Result<Response<wire::AdversaryStatusReply>, Status> {
        challenger_only(&request, "Status")?;
        Ok(Response::new(wire::AdversaryStatusReply {
            revision: REVISION,
            vantage: self.vantage.clone(),
            attacks: self.attacks.clone(),
        }))
    }
}
