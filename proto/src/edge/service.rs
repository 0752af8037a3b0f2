//! The edge itself: a layer between the check of who calls and the service.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::{Code, Status};

use super::answer::Answer;
use super::question::Question;
use crate::auth;
use crate::limits::{Limit, Limits};
use crate::role::Role;
use crate::status::Refusal;
use crate::transport::Hangup;

/// Who is told of each call that the edge refuses.
pub type Note = Arc<dyn Fn(Role, Limit) + Send + Sync>;

/// When a request began to arrive.
#[derive(Clone, Copy, Debug)]
struct Arrived(Instant);

/// When a request began to arrive, if it came through an edge; now otherwise.
pub fn arrival<T>(request: &tonic::Request<T>) -> Instant {
    request.extensions().get::<Arrived>().map_or_else(Instant::now, |arrived| arrived.0)
}

/// A service behind its limits.
#[derive(Clone)]
pub struct Edge<S> {
    service: S,
    limits: Limits,
    turns: Arc<Semaphore>,
    note: Note,
}

impl<S> Edge<S> {
    /// Puts a service behind limits; `note` is told of each refusal. The service itself is told the size of its messages.
    pub fn new(service: S, limits: Limits, note: Note) -> Self {
        let turns = Arc::new(Semaphore::new(limits.concurrent_calls as usize));
        Self { service, limits, turns, note }
    }

    /// Puts a service behind the limits that hold where nobody configures any.
    pub fn plain(service: S) -> Self {
        Self::new(service, Limits::default(), Arc::new(|_, _| {}))
    }
}

impl<S> std::fmt::Debug for Edge<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Whether a party is joining: whatever goes on, the federation must be able to come together, and parties are few.
fn comes_in<B>(request: &Request<B>, role: Option<Role>) -> bool {
    matches!(role, Some(Role::Party(_))) && request.uri().path().ends_with("/Join")
}

fn refusal(limit: Limit, message: String, role: Option<Role>, note: &Note) -> Status {
    let refusal = Refusal::Limit { limit, message };
    if let Some(role) = role {
        tracing::info!(%role, %refusal, "refused by a limit");
        note(role, limit);
    }
    refusal.into()
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
        let Limits { message_bytes, concurrent_calls, request_ms, stalled_ms, .. } = self.limits;
        let note = Arc::clone(&self.note);
        let role = auth::caller(request.extensions());
        let turn = Arc::clone(&self.turns).try_acquire_owned().ok();
        if turn.is_none() && !comes_in(&request, role) {
            let message =
                format!("{concurrent_calls} calls are under way, and no more are taken on; try later");
            let status = refusal(Limit::ConcurrentCalls, message, role, &note);
            return std::future::ready(Ok(status.into_http())).boxed();
        }
        let now = Instant::now();
        request.extensions_mut().insert(Arrived(now));
        let hangup = request.extensions().get::<Hangup>().cloned();
        let request = request.map(|body| {
            let deadline = tokio::time::sleep_until(now + Duration::from_millis(request_ms));
            let note = Arc::clone(&note);
            Body::new(Question::new(body, deadline, move || {
                let message = format!("the call had not arrived within {request_ms} ms");
                refusal(Limit::RequestMs, message, role, &note)
            }))
        });
        let answering = self.service.call(request);
        async move {
            let response = answering.await?;
            // Nothing of ours says so but the check of a message's size, which comes before the message is read.
            let response = match Status::from_header_map(response.headers()) {
                Some(status) if status.code() == Code::OutOfRange => {
                    let message = format!("a message may have {message_bytes} bytes, and this one has more");
                    refusal(Limit::MessageBytes, message, role, &note).into_http()
                }
                _ => response,
            };
            let stalled = Duration::from_millis(stalled_ms);
            Ok(response.map(|body| Body::new(Answer::new(body, hangup, stalled, turn))))
        }
        .boxed()
    }
}
