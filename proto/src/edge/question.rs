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
    then: Then,
}

/// What happens at the deadline.
pub(super) enum Then {
    /// It is over, as if the caller had said all that it wanted to.
    End,
    /// That is said, once.
    Refuse(Box<dyn FnOnce() -> Status + Send>),
}

impl Question {
    pub(super) fn new(body: Body, deadline: Sleep, then: Then) -> Self {
        Self { body, deadline: Box::pin(deadline), then }
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
            Poll::Ready(()) => Poll::Ready(match std::mem::replace(&mut self.then, Then::End) {
                Then::End => None,
                Then::Refuse(refuse) => Some(Err(refuse())),
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
