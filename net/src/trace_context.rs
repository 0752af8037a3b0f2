//! Where the context of a trace gets on and off: each call leaves with the context of its span in its headers, and is answered in a
//! span that goes on from there. How it is written is not decided here: without a [`Carrier`], nothing is.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::codegen::http::{HeaderMap, Request, Response};
use tonic::{Code, Status};
use tracing::field::{Empty, debug};
use tracing::{Instrument, Span};

use crate::transport::Channel;

/// Writes the context of a span into headers, and reads it from them.
pub trait Carrier: Send + Sync + 'static {
    /// A call leaves, in that span.
    fn inject(&self, span: &Span, headers: &mut HeaderMap);

    /// A call has come, and is about to be answered in that span.
    fn extract(&self, headers: &HeaderMap, span: &Span);
}

/// That of this process, like its subscriber.
static CARRIER: OnceLock<Box<dyn Carrier>> = OnceLock::new();

/// From now on contexts travel with calls. Whether it is the first carrier; another one changes nothing.
pub fn carry_with(carrier: impl Carrier) -> bool {
    CARRIER.set(Box::new(carrier)).is_ok()
}

fn inject(span: &Span, headers: &mut HeaderMap) {
    if let Some(carrier) = CARRIER.get() {
        carrier.inject(span, headers);
    }
}

pub(crate) fn extract(headers: &HeaderMap, span: &Span) {
    if let Some(carrier) = CARRIER.get() {
        carrier.extract(headers, span);
    }
}

/// A channel to one peer on which every call has a span: what, and whom. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct TracedChannel {
    channel: Channel,
    peer: Arc<str>,
}

impl TracedChannel {
    /// `peer` is whom the spans name.
    #[must_use]
    pub fn new(channel: Channel, peer: &str) -> Self {
        Self { channel, peer: peer.into() }
    }
}

impl tower::Service<Request<Body>> for TracedChannel {
    type Response = Response<Body>;
    type Error = StdError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, StdError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        tower::Service::poll_ready(&mut self.channel, cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let rpc = request.uri().path().trim_start_matches('/');
        let span = tracing::info_span!("call", rpc, peer = %self.peer, code = Empty);
        inject(&span, request.headers_mut());
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
