//! Opens channels to addresses, plain or under TLS. Cheap to clone; dials through whatever network it is given.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::transport::Endpoint;

use super::{CONNECTION_WINDOW_BYTES, Channel, FRAME_BYTES, STREAM_WINDOW_BYTES, TransportError};
use crate::address::Address;
use crate::identity::{PeerName, Proof, Untrusted};
use crate::pipe::Pipe;

/// A network within this process.
pub trait Network: fmt::Debug + Send + Sync {
    /// Opens a pipe to whoever listens there.
    fn dial(&self, address: &Address) -> BoxFuture<'static, io::Result<Pipe>>;

    /// A channel to whoever listens there, in a network that hands calls over; an error where nobody does.
    fn channel(&self, _address: &Address) -> Option<io::Result<Channel>> {
        None
    }
}

/// Opens channels to addresses.
#[derive(Clone, Debug, Default)]
pub struct Dialer {
    network: Option<Arc<dyn Network>>,
}

impl Dialer {
    /// Dials over TCP only.
    #[must_use]
    pub fn tcp() -> Self {
        Self::default()
    }

    /// Dials over TCP, and `memory:` addresses within that network.
    #[must_use]
    pub fn with_memory(network: impl Network + 'static) -> Self {
        Self { network: Some(Arc::new(network)) }
    }

    /// Opens a channel to `host`, and waits until it stands or the deadline has passed. With a certificate it is under TLS,
    /// and whoever listens must have `host`'s; with a token it is plain. Lost, it is opened again at the next call.
    ///
    /// # Errors
    /// [`TransportError::Unreachable`], [`TransportError::Untrusted`].
    pub async fn connect(
        &self,
        address: &Address,
        host: impl Into<PeerName>,
        proof: &Proof,
        deadline: Duration,
    ) -> Result<Channel, TransportError> {
        let unreachable = |reason: String| TransportError::Unreachable { address: address.clone(), reason };
        let tls = match proof {
            Proof::Certificate(certificate) => Some(certificate.tls().clone()),
            Proof::Token(_) => None,
        };
        let handing_over = self.network.as_ref().filter(|_| tls.is_none());
        if let Some(channel) = handing_over.and_then(|network| network.channel(address)) {
            return channel.map_err(|error| unreachable(error.to_string()));
        }
        let connector = tower::service_fn({
            let (dialer, address, host) = (self.clone(), address.clone(), host.into());
            move |_| {
                let (dialer, address, host, tls) =
                    (dialer.clone(), address.clone(), host.clone(), tls.clone());
                async move {
                    let shaken = async {
                        let pipe = dialer.dial(&address).await?;
                        match tls {
                            Some(tls) => tls.connect(&host, pipe).await.map(Pipe::new),
                            None => Ok(pipe),
                        }
                    };
                    let late = |_| io::Error::new(io::ErrorKind::TimedOut, too_late(deadline));
                    tokio::time::timeout(deadline, shaken)
                        .await
                        .unwrap_or_else(|e| Err(late(e)))
                        .map(TokioIo::new)
                }
            }
        });
        let endpoint = settings(Endpoint::from_static("http://turncoat.internal"));
        match tokio::time::timeout(deadline, endpoint.connect_with_connector(connector)).await {
            Ok(Ok(channel)) => Ok(Channel::Connection(channel)),
            Ok(Err(error)) => Err(match untrusted(&error) {
                Some(reason) => TransportError::Untrusted { address: address.clone(), reason },
                None => unreachable(root_cause(&error)),
            }),
            Err(_) => Err(unreachable(too_late(deadline))),
        }
    }

    async fn dial(&self, address: &Address) -> io::Result<Pipe> {
        match (address, &self.network) {
            (Address::Tcp { host, port }, _) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                Ok(Pipe::new(stream))
            }
            (Address::Memory(_), Some(network)) => network.dial(address).await,
            (Address::Memory(_), None) => Err(io::Error::other("this process has no memory network")),
        }
    }
}

fn too_late(deadline: Duration) -> String {
    format!("no answer within {} ms", deadline.as_millis())
}

fn settings(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_frame_size(FRAME_BYTES)
        // A host that vanished without a word is noticed while a call is waiting for it.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20))
}

/// Why the host is not trusted, if that is what lies behind the error.
#[must_use]
pub fn untrusted(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        let held = inner.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
        if let Some(found) = held.and_then(|held| held.downcast_ref::<Untrusted>()) {
            return Some(found.to_string());
        }
        cause = inner.source();
    }
    None
}

/// The innermost error: `transport error` says nothing, `Connection refused` does.
#[must_use]
pub fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
