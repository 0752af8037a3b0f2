//! Where callers come in: under TLS each shows its certificate first, many at a time, so that one that dawdles keeps nobody
//! waiting. Whoever is not let in is told why, and so is the log.

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

use super::{Connection, Listener, Pipe};
use crate::address::Address;
use crate::identity::{Identity, Stranger, Subject, Tls};

/// For a caller to show its certificate.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For a caller that was not let in to read why.
const FAREWELL: Duration = Duration::from_millis(500);
/// Handshakes at a time; further callers wait in the listener's queue.
const HANDSHAKES: usize = 256;
/// After a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(20);

/// Somebody who was let in.
type Admitted = (Pipe, Option<Subject>);

pub(super) struct Door {
    listener: Listener,
    tls: Option<Tls>,
    handshakes: FuturesUnordered<BoxFuture<'static, Option<Admitted>>>,
    cut: watch::Receiver<bool>,
}

impl Door {
    pub(super) fn new(listener: Listener, identity: &Identity, cut: watch::Receiver<bool>) -> Self {
        let tls = match identity {
            Identity::Certificate(certificate) => Some(certificate.tls().clone()),
            Identity::Tokens(_) => None,
        };
        Self { listener, tls, handshakes: FuturesUnordered::new(), cut }
    }

    /// The next caller that is let in.
    pub(super) async fn next(&mut self) -> Connection {
        loop {
            tokio::select! {
                Some(admitted) = self.handshakes.next() => {
                    if let Some((pipe, caller)) = admitted {
                        return Connection::new(pipe, caller, self.cut.clone());
                    }
                }
                accepted = self.listener.accept(), if self.handshakes.len() < HANDSHAKES => match (accepted, &self.tls) {
                    (Ok(pipe), None) => return Connection::new(pipe, None, self.cut.clone()),
                    (Ok(pipe), Some(tls)) => {
                        let address = self.listener.address().clone();
                        self.handshakes.push(shake_hands(tls.clone(), pipe, address).boxed());
                    }
                    (Err(error), _) => {
                        // Out of file descriptors, or a caller that hung up already: neither ends the service.
                        let address = self.listener.address();
                        tracing::debug!(%address, %error, "a connection was not accepted");
                        tokio::time::sleep(PAUSE).await;
                    }
                },
            }
        }
    }
}

async fn shake_hands(tls: Tls, pipe: Pipe, address: Address) -> Option<Admitted> {
    let reason = match tokio::time::timeout(HANDSHAKE, tls.accept(pipe)).await {
        Ok(Ok((caller, stream))) => return Some((Pipe::new(stream), Some(caller))),
        Ok(Err(Stranger { reason, pipe })) => {
            // Not waited for: what it has sent in the meantime is read, or the system would throw away why it is refused.
            tokio::spawn(tokio::time::timeout(FAREWELL, farewell(pipe)));
            reason
        }
        Err(_) => format!("the caller showed no certificate within {} s", HANDSHAKE.as_secs()),
    };
    tracing::info!(%address, %reason, "not let in");
    None
}

async fn farewell(pipe: Option<Pipe>) {
    let Some(mut pipe) = pipe else { return };
    let _ = pipe.shutdown().await;
    let mut rest = [0; 4096];
    while matches!(pipe.read(&mut rest).await, Ok(read) if read > 0) {}
}
