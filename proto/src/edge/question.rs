//! The body of a request, which must have arrived by a deadline: a slow sender is refused, and holds up nobody meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Bytes;

/// A body that breaks off with a status at its deadline.
pub(super) struct Question {
    body: Body,
    deadline: Pin<Box<Sleep>>,
    /// What is said at the deadline, once.
    refuse: Option<Box<dyn FnOnce() -> Status + Send>>,
}

impl Question {
    pub(super) fn new(body: Body, deadline: Sleep, refuse: impl FnOnce() -> Status + Send + 'static) -> Self {
        Self { body, deadline: Box::pin(deadline), refuse: Some(Box::new(refuse)) }
    }
}

impl HttpBody for Question {
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
            Poll::Ready(()) => Poll::Ready(self.refuse.take().map(|refuse| Err(refuse()))),
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
