//! What an edge has to be told: its limits, and of the contract between a service and its callers who they are, how a refusal is written,
//! and what the service offers. The check of who calls, before a message is even decoded.

use std::fmt::{self, Display};

use tonic::codegen::http::Extensions;
use tonic::metadata::MetadataMap;
use tonic::{Request, Status};

use crate::identity::{Certificate, PeerName};
use crate::transport::{MAX_MESSAGE_BYTES, PeerInfo};

/// Limits of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeLimits {
    /// Largest message that is accepted, in bytes.
    pub message_bytes: u64,
    /// Calls of the service's own under way at a time, of all clients together.
    pub concurrent_calls: u32,
    /// How often a silent connection is asked for a sign of life, and how long it may take to give one, in milliseconds.
    pub keep_alive_ms: u64,
    /// How long a request may take to arrive, in milliseconds.
    pub request_ms: u64,
    /// How long a peer may leave a response untaken before its connection is cut, in milliseconds.
    pub stalled_ms: u64,
}

impl Default for EdgeLimits {
    fn default() -> Self {
        Self {
            message_bytes: MAX_MESSAGE_BYTES as u64,
            concurrent_calls: 1_024,
            keep_alive_ms: 20_000,
            request_ms: 300_000,
            stalled_ms: 60_000,
        }
    }
}

/// The limits that refuse calls. The others cut connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeLimit {
    /// [`EdgeLimits::message_bytes`].
    MessageBytes,
    /// [`EdgeLimits::concurrent_calls`].
    ConcurrentCalls,
    /// [`EdgeLimits::request_ms`].
    RequestMs,
}

impl fmt::Display for EdgeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MessageBytes => "message_bytes",
            Self::ConcurrentCalls => "concurrent_calls",
            Self::RequestMs => "request_ms",
        })
    }
}

/// A contract, as the member sees it that hosts a service of it. Cheap to clone.
pub trait Contract: Clone + Send + Sync + 'static {
    /// Who callers are to the service.
    type Role: Copy + Display + Send + Sync + 'static;

    /// Services and messages, as an encoded `FileDescriptorSet`: what reflection tells.
    const DESCRIPTORS: &'static [u8];

    /// The certificate of the host; without one its connections are in plain text.
    fn certificate(&self) -> Option<&Certificate>;

    /// The role of a caller, by the name in its certificate or by its metadata.
    ///
    /// # Errors
    /// The status with which it is refused.
    fn authenticate(&self, name: Option<&PeerName>, metadata: &MetadataMap) -> Result<Self::Role, Status>;

    /// The status of a call that a limit refuses.
    fn refused(limit: EdgeLimit, message: String) -> Status;

    /// Whether a call of that path is taken on also when as many as may be are under way.
    fn is_exempt(role: Self::Role, path: &str) -> bool;
}

/// What an authenticated request carries for its handler: the role of its caller.
#[derive(Clone, Copy, Debug)]
pub struct Caller<R>(pub R);

/// Notes in each request the role that its caller proves. Without one it gets the contract's refusal; what is no gRPC gets
/// INVALID_ARGUMENT.
pub fn authenticator<C: Contract>(
    contract: C,
) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + Send + Sync + 'static {
    move |mut request| {
        let info = request.extensions().get::<PeerInfo>();
        let name = info.and_then(|info| info.name.as_ref());
        let role = contract.authenticate(name, request.metadata());
        let role = role.inspect_err(|status| tracing::info!(reason = %status.message(), "refused"))?;
        // What says that it is something else is not read as if it were gRPC.
        let content = request.metadata().get("content-type");
        if !content.is_some_and(|content| content.as_bytes().starts_with(b"application/grpc")) {
            return Err(Status::invalid_argument("the content-type must be application/grpc"));
        }
        request.extensions_mut().insert(Caller(role));
        Ok(request)
    }
}

/// The role of a request that an [`authenticator`] has seen.
pub(super) fn role<C: Contract>(extensions: &Extensions) -> Option<C::Role> {
    extensions.get::<Caller<C::Role>>().map(|caller| caller.0)
}
