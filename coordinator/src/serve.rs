//! Serving a coordinator: it is ready as soon as its listener is bound, since connections queue there.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore};
use turncoat_learn::PartyId;
use turncoat_learn::defence::Defence;
use turncoat_net::edge::{CallObserver, EdgeLimit, FinishedCall};
use turncoat_net::hosting::{Hosting, host};
use turncoat_net::{Dialer, Listener, MAX_MESSAGE_BYTES};
use turncoat_proto::wire::coordinator_server::CoordinatorServer;
use turncoat_proto::{
    CredentialsError, Deadlines, Disclosure, Identity, Limits, LimitsError, Quorum, QuorumError, Retry,
    RetryError, Role, Subject,
};

use crate::admission::Admission;
use crate::federation::Federation;
use crate::ledger::Ledger;
use crate::metrics::{Calls, State, answer_scrapes};
use crate::service::CoordinatorService;

/// Chunks with the parties at a time, unless the configuration says otherwise.
const IN_FLIGHT: usize = 16;

/// What a coordinator is told at its start.
#[derive(Clone, Debug)]
pub struct CoordinatorConfig {
    /// Number of parties of the federation, at least 1.
    pub parties: u32,
    /// Who sees single parties' vectors.
    pub disclosure: Disclosure,
    /// By what it is known, and knows its callers: its certificate, or the tokens of all roles and those by which the
    /// parties know it.
    pub identity: Identity,
    /// How it dials the parties.
    pub dialer: Dialer,
    /// How long calls may take.
    pub deadlines: Deadlines,
    /// Chunks of predictions with the parties at a time; the rest waits. `None` for 16.
    pub in_flight: Option<usize>,
    /// How many parties must answer.
    pub quorum: Quorum,
    /// What it takes on.
    pub limits: Limits,
    /// What it does about parties that do not answer.
    pub retry: Retry,
    /// What stands before the average, in the order in which it is applied; single vectors pass as they are.
    pub release: Vec<Defence>,
}

/// A coordinator that could not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A federation of nobody.
    #[error("a federation needs at least one party")]
    NoParties,
    /// A quorum that the parties cannot reach.
    #[error(transparent)]
    Quorum(#[from] QuorumError),
    /// Limits under which nothing can be served.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// Nobody would be asked.
    #[error(transparent)]
    Retry(#[from] RetryError),
    /// It holds another member's certificate, or lacks a token.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The transport failed.
    #[error(transparent)]
    Serve(#[from] turncoat_net::ServeError),
}

/// Serves until `shutdown` resolves and the calls under way are done.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    config: CoordinatorConfig,
    listener: Listener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    serve_and_tell(config, listener, None, shutdown).await
}

/// The same, and tells its figures to whoever asks at `figures`, in plain HTTP: `GET /metrics`, as Prometheus does.
///
/// # Errors
/// [`ServeError`].
pub async fn serve_and_tell(
    config: CoordinatorConfig,
    listener: Listener,
    figures: Option<TcpListener>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let CoordinatorConfig {
        parties,
        disclosure,
        identity,
        dialer,
        deadlines,
        in_flight,
        quorum,
        limits,
        retry,
        release,
    } = config;
    if parties == 0 {
        return Err(ServeError::NoParties);
    }
    quorum.check(parties)?;
    let limits = limits.check()?;
    retry.check()?;
    let members = PartyId::first(parties).flat_map(|id| [Role::Party(id), Role::Coordinator(id)]);
    identity.serves(Subject::Coordinator, std::iter::once(Role::Operator).chain(members))?;
    tracing::info!(address = %listener.address(), parties, %disclosure, "coordinating");
    let ledger = Arc::new(Ledger::new(parties));
    let federation = Arc::new(Federation::new(parties, limits));
    let admission = Arc::new(Admission::new(parties, limits, retry));
    let calls = figures.is_some().then(Calls::new);
    let ready = federation.ready();
    let observer = Arc::new(CallRecorder { ledger: Arc::clone(&ledger), calls: calls.clone() });
    let state = State {
        federation: Arc::clone(&federation),
        admission: Arc::clone(&admission),
        ledger: Arc::clone(&ledger),
    };
    let telling = async {
        match (figures, calls) {
            (Some(listener), Some(calls)) => answer_scrapes(listener, state.registry(&calls)).await,
            _ => std::future::pending().await,
        }
    };
    let service = CoordinatorServer::new(CoordinatorService {
        federation,
        admission,
        ledger,
        quorum,
        retry,
        request: Duration::from_millis(limits.request_ms),
        disclosure,
        identity: identity.clone(),
        dialer,
        deadlines,
        fitting: Mutex::default(),
        in_flight: Semaphore::new(in_flight.unwrap_or(IN_FLIGHT).max(1)),
        release,
    })
    .max_decoding_message_size(usize::try_from(limits.message_bytes).unwrap_or(MAX_MESSAGE_BYTES))
    .max_encoding_message_size(MAX_MESSAGE_BYTES);
    let drain = Duration::from_millis(deadlines.drain_ms);
    let hosting = Hosting { limits: limits.edge(), contract: identity, drain, observer };
    tokio::select! {
        served = host(service, ready, hosting, listener, shutdown) => Ok(served?),
        never = telling => match never {},
    }
}

/// Writes calls down in the ledger and in the figures.
struct CallRecorder {
    ledger: Arc<Ledger>,
    calls: Option<Calls>,
}

impl CallObserver<Role> for CallRecorder {
    fn refused(&self, client: Role, limit: EdgeLimit) {
        self.ledger.refused_unread(client, limit.into());
    }

    fn finished(&self, call: &FinishedCall<'_, Role>) {
        if let Some(calls) = &self.calls {
            calls.note(call);
        }
    }
}
