//! Accepts connections. Under TLS each peer shows its certificate first, many at a time, so that a slow handshake keeps nobody else
//! waiting. An unauthenticated peer is told why it is refused, and so is the log.

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Connection, ConnectionOptions, Listener};
use crate::address::Address;
use crate::identity::{Certificate, PeerName, Tls, Unauthenticated};
use crate::pipe::Pipe;

/// For a caller to show its certificate.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// For an unauthenticated peer to read why it is refused.
const GRACEFUL_CLOSE: Duration = Duration::from_millis(500);
/// Handshakes at a time; further callers wait in the listener's queue.
const HANDSHAKES: usize = 256;
/// After a connection that could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A peer that has proved who it is.
type Authenticated = (Pipe, PeerName);

pub(super) struct Acceptor {
    listener: Listener,
    tls: Option<Tls>,
    handshakes: FuturesUnordered<BoxFuture<'static, Option<Authenticated>>>,
    options: ConnectionOptions,
}

impl Acceptor {
    pub(super) fn new(
        listener: Listener,
        certificate: Option<&Certificate>,
        options: ConnectionOptions,
    ) -> Self {
        let tls = certificate.map(|certificate| certificate.tls().clone());
        Self { listener, tls, handshakes: FuturesUnordered::new(), options }
    }

    /// The next connection that is let in.
    pub(super) async fn next(&mut self) -> Connection {
        loop {
            tokio::select! {
                Some(authenticated) = self.handshakes.next() => {
                    if let Some((pipe, name)) = authenticated {
                        return Connection::new(pipe, Some(name), &self.options);
                    }
                }
                accepted = self.listener.accept(), if self.handshakes.len() < HANDSHAKES => match (accepted, &self.tls) {
                    (Ok(pipe), None) => return Connection::new(pipe, None, &self.options),
                    (Ok(pipe), Some(tls)) => {
                        let address = self.listener.address().clone();
                        self.handshakes.push(shake_hands(tls.clone(), pipe, address).boxed());
                    }
                    (Err(error), _) => {
                        // Out of file descriptors, or a caller that hung up already: neither ends the service.
                        let address = self.listener.address();
                        tracing::debug!(%address, %error, "a connection was not accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }
}

async fn shake_hands(tls: Tls, pipe: Pipe, address: Address) -> Option<Authenticated> {
    let reason = match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(pipe)).await {
        Ok(Ok((caller, stream))) => return Some((Pipe::new(stream), caller)),
        Ok(Err(Unauthenticated { reason, pipe })) => {
            // Not waited for: what it has sent in the meantime is read, or the system would throw away why it is refused.
            tokio::spawn(tokio::time::timeout(GRACEFUL_CLOSE, close_gracefully(pipe)));
            reason
        }
        Err(_) => format!("the caller showed no certificate within {} s", HANDSHAKE_TIMEOUT.as_secs()),
    };
    tracing::info!(%address, %reason, "not let in");
    None
}

async fn close_gracefully(pipe: Option<Pipe>) {
    let Some(mut pipe) = pipe else { return };
    let _ = pipe.shutdown().await;
    let mut rest = [0; 4096];
    while matches!(pipe.read(&mut rest).await, Ok(read) if read > 0) {}
}
