//! What all clients share: a channel, a name for the peer, a token, deadlines, and the way errors are made.

use std::future::Future;
use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::{Request, Response, Status};
use turncoat_net::trace_context::TracedChannel;
use turncoat_net::{Dialer, Proof, TransportError};

use crate::auth::AUTHORIZATION;
use crate::deadlines::Deadlines;
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::status::{failure_of, unreachable};
use crate::subject::Subject;
use crate::violation::Violation;

/// The server is told a later deadline than the one kept here: this side's is the one that is reported.
const SERVER_GRACE: Duration = Duration::from_secs(1);

/// One peer, as one role sees it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) channel: TracedChannel,
    pub(crate) peer: Peer,
    pub(crate) deadlines: Deadlines,
    /// The token, where that is what the caller shows.
    bearer: Option<AsciiMetadataValue>,
}

impl Caller {
    pub(crate) async fn connect(
        dialer: &Dialer,
        peer: Peer,
        host: Subject,
        proof: &Proof,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let connecting = dialer.connect(peer.address(), host, proof, deadlines.connect());
        let channel = connecting.await.map_err(|error| {
            let failure = match error {
                TransportError::Unreachable { reason, .. } => unreachable(reason),
                TransportError::Untrusted { reason, .. } => RpcFailure::Unauthenticated(reason),
                other => RpcFailure::Unavailable(other.to_string()),
            };
            RpcError { peer: peer.clone(), rpc: "connect", failure }
        })?;
        let bearer = match proof {
            Proof::Certificate(_) => None,
            Proof::Token(token) => {
                let text = format!("Bearer {}", token.reveal());
                let mut bearer: AsciiMetadataValue = text.parse().expect("hexadecimal digits are ASCII");
                bearer.set_sensitive(true);
                Some(bearer)
            }
        };
        Ok(Self { channel: TracedChannel::new(channel, &peer.to_string()), peer, deadlines, bearer })
    }

    /// A request with the token, if it is one that proves the role, and, for the server to know when nobody waits any more, the deadline.
    pub(crate) fn request<T>(&self, message: T, deadline: Duration) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(bearer) = &self.bearer {
            request.metadata_mut().insert(AUTHORIZATION, bearer.clone());
        }
        request.set_timeout(deadline + SERVER_GRACE);
        request
    }

    /// Awaits an answer until the deadline.
    pub(crate) async fn answer<T>(
        &self,
        rpc: &'static str,
        deadline: Duration,
        answer: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, RpcError> {
        let deadline_ms = deadline.as_millis() as u64;
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(self.error(rpc, failure_of(&status, deadline_ms))),
            Err(_) => Err(self.error(rpc, RpcFailure::DeadlineExceeded(deadline_ms))),
        }
    }

    pub(crate) fn error(&self, rpc: &'static str, failure: RpcFailure) -> RpcError {
        RpcError { peer: self.peer.clone(), rpc, failure }
    }

    pub(crate) fn invalid(&self, rpc: &'static str) -> impl Fn(Violation) -> RpcError + '_ {
        move |violation| self.error(rpc, RpcFailure::InvalidAnswer(violation))
    }
}

pub(crate) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
