//! The body of a response, watched until it is taken: a peer that leaves it untaken too long loses its connection, and with it
//! what the answer holds of this side's memory and of the calls allowed at a time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::AbortHandle;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Bytes;

use crate::transport::Hangup;

/// A body that is counted and watched.
pub(super) struct Answer {
    body: Body,
    hangup: Option<Hangup>,
    stalled: Duration,
    watch: Option<AbortHandle>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Answer {
    pub(super) fn new(
        body: Body,
        hangup: Option<Hangup>,
        stalled: Duration,
        turn: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let mut answer = Self { body, hangup, stalled, watch: None, _turn: turn };
        // HTTP/2 asks for a part only when there is room to send it, so that not being asked is the peer's doing.
        answer.wait_for_peer();
        answer
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
        self.watch = Some(cut.abort_handle());
    }

    fn stop_waiting(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.abort();
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl HttpBody for Answer {
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
