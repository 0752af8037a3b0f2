//! A channel on which every call has a span: what, and whom.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::transport::{Channel, Error};
use tracing::Instrument;

use crate::rpc_error::Peer;

/// A channel to one peer. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    channel: Channel,
    peer: Peer,
}

impl Outgoing {
    pub(super) fn new(channel: Channel, peer: Peer) -> Self {
        Self { channel, peer }
    }
}

impl tower::Service<Request<Body>> for Outgoing {
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        tower::Service::poll_ready(&mut self.channel, cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let rpc = request.uri().path().trim_start_matches('/');
        let span = tracing::info_span!("call", rpc, peer = %self.peer);
        let answer = span.in_scope(|| tower::Service::call(&mut self.channel, request));
        Box::pin(answer.instrument(span))
    }
}
