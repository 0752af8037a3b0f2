//! The edge itself: a layer between the check of who calls and the service.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::{Code, Status};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::answer::Answer;
use super::bystander::{Bystander, Told};
use super::question::{Question, Then};
use super::turns::Turns;
use crate::auth;
use crate::hosting::Standing;
use crate::limits::{Limit, Limits};
use crate::role::Role;
use crate::status::Refusal;
use crate::trace_context;
use crate::transport::Hangup;

/// When a request began to arrive.
#[derive(Clone, Copy, Debug)]
struct Arrived(Instant);

/// When a request began to arrive, if it came through an edge; now otherwise.
pub fn arrival<T>(request: &tonic::Request<T>) -> Instant {
    request.extensions().get::<Arrived>().map_or_else(Instant::now, |arrived| arrived.0)
}

/// A service behind its limits.
#[derive(Clone)]
pub(crate) struct Edge<S> {
    service: S,
    limits: Limits,
    turns: Turns,
    bystander: Arc<dyn Bystander>,
}

impl<S> Edge<S> {
    /// Puts a service behind limits. The service itself is told the size of its messages.
    pub(crate) fn new(service: S, limits: Limits, bystander: Arc<dyn Bystander>) -> Self {
        Self { service, limits, turns: Turns::new(limits.concurrent_calls), bystander }
    }
}

impl<S> std::fmt::Debug for Edge<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("limits", &self.limits).finish_non_exhaustive()
    }
}

fn refusal(limit: Limit, message: String, role: Option<Role>, bystander: &dyn Bystander) -> Status {
    let refusal = Refusal::Limit { limit, message };
    if let Some(role) = role {
        tracing::info!(%role, %refusal, "refused by a limit");
        bystander.refused(role, limit);
    }
    refusal.into()
}

/// All that is logged while a call is answered stands in this span, and so do the calls that it makes in turn. The handler notes
/// in it how many records it was asked about, and the number of the first.
fn span<B>(request: &Request<B>, role: Option<Role>) -> Span {
    const LONGEST: usize = 80;
    let path = request.uri().path().trim_start_matches('/');
    let rpc = path.get(..LONGEST).unwrap_or(path);
    let client = role.map(tracing::field::display);
    let span = tracing::info_span!("rpc", rpc, client, first_query = Empty, rows = Empty, code = Empty);
    trace_context::extract(request.headers(), &span);
    span
}

impl<S> tower::Service<Request<Body>> for Edge<S>
where
    S: tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let Limits { message_bytes, request_ms, stalled_ms, .. } = self.limits;
        let bystander = Arc::clone(&self.bystander);
        let role = auth::caller(request.extensions());
        let span = span(&request, role);
        let entered = span.enter();
        let (path, since) = (request.uri().path().to_owned(), Instant::now());
        let turn = match self.turns.take(&request, role) {
            Ok(turn) => turn,
            Err(most) => {
                let message = format!("{most} calls are under way, and no more are taken on; try later");
                let status = refusal(Limit::ConcurrentCalls, message, role, &*bystander);
                span.record("code", tracing::field::debug(status.code()));
                drop(Told { bystander: &*bystander, client: role, path, since, code: status.code() });
                return std::future::ready(Ok(status.into_http())).boxed();
            }
        };
        request.extensions_mut().insert(Arrived(since));
        let hangup = request.extensions().get::<Hangup>().cloned();
        // A conversation is simply over then; a question that is still not there is refused.
        let converses = Standing::of(&path) == Standing::Lasting;
        let request = request.map(|body| {
            let deadline = tokio::time::sleep_until(since + Duration::from_millis(request_ms));
            let (bystander, span) = (Arc::clone(&bystander), span.clone());
            let refuse = move || {
                let message = format!("the call had not arrived within {request_ms} ms");
                span.in_scope(|| refusal(Limit::RequestMs, message, role, &*bystander))
            };
            let then = if converses { Then::End } else { Then::Refuse(Box::new(refuse)) };
            Body::new(Question::new(body, deadline, then))
        });
        let answering = self.service.call(request);
        drop(entered);
        async move {
            let mut told = Told { bystander: &*bystander, client: role, path, since, code: Code::Cancelled };
            let response = answering.await?;
            let status = Status::from_header_map(response.headers());
            told.code = status.as_ref().map_or(Code::Ok, Status::code);
            // Nothing of ours says so but the check of a message's size, which comes before the message is read.
            let response = if told.code == Code::OutOfRange {
                let message = format!("a message may have {message_bytes} bytes, and this one has more");
                let status = refusal(Limit::MessageBytes, message, role, &*bystander);
                told.code = status.code();
                status.into_http()
            } else {
                response
            };
            if told.code != Code::Ok {
                Span::current().record("code", tracing::field::debug(told.code));
            }
            drop(told);
            let stalled = Duration::from_millis(stalled_ms);
            Ok(response.map(|body| Body::new(Answer::new(body, hangup, stalled, turn))))
        }
        .instrument(span)
        .boxed()
    }
}
