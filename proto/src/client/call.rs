//! What all clients share: a channel, a name for the peer, a token, deadlines, and the way errors are made.

use std::future::Future;
use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use crate::auth::AUTHORIZATION;
use crate::deadlines::Deadlines;
use crate::rpc_error::{Peer, RpcError, RpcFailure};
use crate::status::failure_of;
use crate::token::Token;
use crate::transport::{Dialer, TransportError};
use crate::violation::Violation;

/// The server is told a later deadline than the one kept here: this side's is the one that is reported.
const SERVER_GRACE: Duration = Duration::from_secs(1);

/// One peer, as one role sees it. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) channel: Channel,
    pub(crate) peer: Peer,
    pub(crate) deadlines: Deadlines,
    bearer: AsciiMetadataValue,
}

impl Caller {
    pub(crate) async fn connect(
        dialer: &Dialer,
        peer: Peer,
        token: &Token,
        deadlines: Deadlines,
    ) -> Result<Self, RpcError> {
        let channel = dialer.connect(peer.address(), deadlines.connect()).await.map_err(|error| {
            let reason = match error {
                TransportError::Unreachable { reason, .. } | TransportError::Listen { reason, .. } => reason,
                TransportError::Address(error) => error.to_string(),
            };
            RpcError { peer: peer.clone(), rpc: "connect", failure: RpcFailure::Unavailable(reason) }
        })?;
        let mut bearer: AsciiMetadataValue =
            format!("Bearer {}", token.reveal()).parse().expect("hexadecimal digits are ASCII");
        bearer.set_sensitive(true);
        Ok(Self { channel, peer, deadlines, bearer })
    }

    /// A request with the token and, for the server to know when nobody waits any more, the deadline.
    pub(crate) fn request<T>(&self, message: T, deadline: Duration) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert(AUTHORIZATION, self.bearer.clone());
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
