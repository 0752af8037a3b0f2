//! Bodies at an edge. A request must have arrived by a deadline: a slow sender is refused, and holds up nobody meanwhile. A response is
//! watched until it is taken: a peer that leaves it untaken too long loses its connection, and with it what the response holds of this
//! side's memory and of the permits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::AbortHandle;
use tokio::time::Sleep;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Bytes;

use crate::transport::Hangup;

/// The body of a request, which breaks off at its deadline.
pub(super) struct RequestBody {
    body: Body,
    deadline: Pin<Box<Sleep>>,
    then: AtDeadline,
}

/// What happens at the deadline.
pub(super) enum AtDeadline {
    /// It is over, as if the caller had said all that it wanted to.
    End,
    /// That is said, once.
    Refuse(Box<dyn FnOnce() -> Status + Send>),
}

impl RequestBody {
    pub(super) fn new(body: Body, deadline: Sleep, then: AtDeadline) -> Self {
        Self { body, deadline: Box::pin(deadline), then }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        match self.deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(match std::mem::replace(&mut self.then, AtDeadline::End) {
                AtDeadline::End => None,
                AtDeadline::Refuse(refuse) => Some(Err(refuse())),
            }),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a response, which holds its permit until it is taken.
pub(super) struct ResponseBody {
    body: Body,
    hangup: Option<Hangup>,
    stalled: Duration,
    timer: Option<AbortHandle>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl ResponseBody {
    pub(super) fn new(
        body: Body,
        hangup: Option<Hangup>,
        stalled: Duration,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let mut response = Self { body, hangup, stalled, timer: None, _permit: permit };
        // HTTP/2 asks for a part only when there is room to send it, so that not being asked is the peer's doing.
        response.wait_for_peer();
        response
    }

    fn wait_for_peer(&mut self) {
        let Some(hangup) = self.hangup.clone() else { return };
        let stalled = self.stalled;
        let cut = tokio::spawn(async move {
            tokio::time::sleep(stalled).await;
            let stalled_ms = stalled.as_millis() as u64;
            tracing::info!(stalled_ms, "a connection is cut whose peer does not take its answer");
            hangup.cut();
        });
        self.timer = Some(cut.abort_handle());
    }

    fn stop_waiting(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.abort();
        }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.stop_waiting();
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(Some(Ok(_)))) && !self.body.is_end_stream() {
            self.wait_for_peer();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
