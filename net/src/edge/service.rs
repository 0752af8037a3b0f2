//! The edge itself: a layer between the check of who calls and the service.

use std::convert::Infallible;
use std::fmt::Display;
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

use super::body::{AtDeadline, RequestBody, ResponseBody};
use super::contract::{self, Contract, EdgeLimit, EdgeLimits};
use super::observer::{CallObserver, ObservedCall};
use super::permits::{CallKind, Permits};
use crate::trace_context;
use crate::transport::PeerInfo;

/// When a request began to arrive.
#[derive(Clone, Copy, Debug)]
struct Arrived(Instant);

/// When a request began to arrive, if it came through an edge; now otherwise.
pub fn arrival<T>(request: &tonic::Request<T>) -> Instant {
    request.extensions().get::<Arrived>().map_or_else(Instant::now, |arrived| arrived.0)
}

/// A service behind its limits.
pub(crate) struct Edge<S, C: Contract> {
    service: S,
    limits: EdgeLimits,
    permits: Permits,
    observer: Arc<dyn CallObserver<C::Role>>,
}

impl<S, C: Contract> Edge<S, C> {
    /// Puts a service behind limits. The service itself is told the size of its messages.
    pub(crate) fn new(service: S, limits: EdgeLimits, observer: Arc<dyn CallObserver<C::Role>>) -> Self {
        Self { service, limits, permits: Permits::new(limits.concurrent_calls), observer }
    }
}

impl<S: Clone, C: Contract> Clone for Edge<S, C> {
    fn clone(&self) -> Self {
        let Self { service, limits, permits, observer } = self;
        let (service, permits, observer) = (service.clone(), permits.clone(), Arc::clone(observer));
        Self { service, limits: *limits, permits, observer }
    }
}

impl<S, C: Contract> std::fmt::Debug for Edge<S, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("limits", &self.limits).finish_non_exhaustive()
    }
}

fn refusal<C: Contract>(
    limit: EdgeLimit,
    message: String,
    role: Option<C::Role>,
    observer: &dyn CallObserver<C::Role>,
) -> Status {
    let status = C::refused(limit, message);
    if let Some(role) = role {
        tracing::info!(%role, refusal = %status.message(), "refused by a limit");
        observer.refused(role, limit);
    }
    status
}

/// All that is logged while a call is answered stands in this span, and so do the calls that it makes in turn. The handler notes
/// in it how many records it was asked about, and the number of the first.
fn span<B>(request: &Request<B>, role: Option<impl Display>) -> Span {
    const LONGEST: usize = 80;
    let path = request.uri().path().trim_start_matches('/');
    let rpc = path.get(..LONGEST).unwrap_or(path);
    let client = role.map(tracing::field::display);
    let span = tracing::info_span!("rpc", rpc, client, first_query = Empty, rows = Empty, code = Empty);
    trace_context::extract(request.headers(), &span);
    span
}

impl<S, C> tower::Service<Request<Body>> for Edge<S, C>
where
    C: Contract,
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
        let EdgeLimits { message_bytes, request_ms, stalled_ms, .. } = self.limits;
        let observer = Arc::clone(&self.observer);
        let role = contract::role::<C>(request.extensions());
        let span = span(&request, role);
        let entered = span.enter();
        let (path, since) = (request.uri().path().to_owned(), Instant::now());
        let permit = match self.permits.take::<C>(&path, role) {
            Ok(permit) => permit,
            Err(most) => {
                let message = format!("{most} calls are under way, and no more are taken on; try later");
                let status = refusal::<C>(EdgeLimit::ConcurrentCalls, message, role, &*observer);
                span.record("code", tracing::field::debug(status.code()));
                drop(ObservedCall { observer: &*observer, client: role, path, since, code: status.code() });
                return std::future::ready(Ok(status.into_http())).boxed();
            }
        };
        request.extensions_mut().insert(Arrived(since));
        let hangup = request.extensions().get::<PeerInfo>().map(|info| info.hangup.clone());
        // A conversation is simply over then; a request that is still not there is refused.
        let converses = CallKind::of(&path) == CallKind::Lasting;
        let request = request.map(|body| {
            let deadline = tokio::time::sleep_until(since + Duration::from_millis(request_ms));
            let (observer, span) = (Arc::clone(&observer), span.clone());
            let refuse = move || {
                let message = format!("the call had not arrived within {request_ms} ms");
                span.in_scope(|| refusal::<C>(EdgeLimit::RequestMs, message, role, &*observer))
            };
            let then = if converses { AtDeadline::End } else { AtDeadline::Refuse(Box::new(refuse)) };
            Body::new(RequestBody::new(body, deadline, then))
        });
        let answering = self.service.call(request);
        drop(entered);
        async move {
            let mut observed =
                ObservedCall { observer: &*observer, client: role, path, since, code: Code::Cancelled };
            let response = answering.await?;
            let status = Status::from_header_map(response.headers());
            observed.code = status.as_ref().map_or(Code::Ok, Status::code);
            // Nothing of ours says so but the check of a message's size, which comes before the message is read.
            let response = if observed.code == Code::OutOfRange {
                let message = format!("a message may have {message_bytes} bytes, and this one has more");
                let status = refusal::<C>(EdgeLimit::MessageBytes, message, role, &*observer);
                observed.code = status.code();
                status.into_http()
            } else {
                response
            };
            if observed.code != Code::Ok {
                Span::current().record("code", tracing::field::debug(observed.code));
            }
            drop(observed);
            let stalled = Duration::from_millis(stalled_ms);
            Ok(response.map(|body| Body::new(ResponseBody::new(body, hangup, stalled, permit))))
        }
        .instrument(span)
        .boxed()
    }
}
