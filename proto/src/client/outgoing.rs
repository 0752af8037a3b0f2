//! A channel on which every call has a span: what, and whom.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::transport::{Channel, Error};
use tonic::{Code, Status};
use tracing::field::{Empty, debug};
use tracing::{Instrument, Span};

use crate::rpc_error::Peer;
use crate::trace_context;

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

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let rpc = request.uri().path().trim_start_matches('/');
        let span = tracing::info_span!("call", rpc, peer = %self.peer, code = Empty);
        trace_context::inject(&span, request.headers_mut());
        let answer = span.in_scope(|| tower::Service::call(&mut self.channel, request));
        let noted = async move {
            let answer = answer.await?;
            if let Some(status) = Status::from_header_map(answer.headers())
                && status.code() != Code::Ok
            {
                Span::current().record("code", debug(status.code()));
            }
            Ok(answer)
        };
        Box::pin(noted.instrument(span))
    }
}
