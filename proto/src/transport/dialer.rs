//! Opens channels to addresses. Cheap to clone; knows the network within the process if it is given one.

use std::time::Duration;

use hyper_util::rt::TokioIo;
use tonic::transport::{Channel, Endpoint};

use super::{CONNECTION_WINDOW_BYTES, FRAME_BYTES, MemoryNetwork, STREAM_WINDOW_BYTES, TransportError};
use crate::address::Address;

/// Opens channels to addresses.
#[derive(Clone, Debug, Default)]
pub struct Dialer {
    memory: Option<MemoryNetwork>,
}

impl Dialer {
    /// Dials over TCP only.
    #[must_use]
    pub fn tcp() -> Self {
        Self::default()
    }

    /// Dials over TCP, and `memory:` addresses within that network.
    #[must_use]
    pub fn with_memory(network: MemoryNetwork) -> Self {
        Self { memory: Some(network) }
    }

    /// Opens a channel, and waits until it stands or the deadline has passed.
    ///
    /// # Errors
    /// [`TransportError::Unreachable`].
    pub async fn connect(&self, address: &Address, deadline: Duration) -> Result<Channel, TransportError> {
        let unreachable = |reason: String| TransportError::Unreachable { address: address.clone(), reason };
        let dialling = async {
            match address {
                Address::Tcp { .. } => {
                    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
                    settings(endpoint).connect_timeout(deadline).connect().await
                }
                Address::Memory(name) => {
                    let connector = tower::service_fn({
                        let (network, name) = (self.memory.clone(), name.clone());
                        move |_| dial_memory(network.clone(), name.clone())
                    });
                    settings(Endpoint::from_static("http://memory")).connect_with_connector(connector).await
                }
            }
        };
        match tokio::time::timeout(deadline, dialling).await {
            Ok(Ok(channel)) => Ok(channel),
            Ok(Err(error)) => Err(unreachable(root_cause(&error))),
            Err(_) => Err(unreachable(format!("no answer within {} ms", deadline.as_millis()))),
        }
    }
}

async fn dial_memory(
    network: Option<MemoryNetwork>,
    name: String,
) -> std::io::Result<TokioIo<tokio::io::DuplexStream>> {
    let network = network.ok_or_else(|| std::io::Error::other("this process has no memory network"))?;
    network.dial(&name).await.map(TokioIo::new)
}

fn settings(endpoint: Endpoint) -> Endpoint {
    endpoint
        .tcp_nodelay(true)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_frame_size(FRAME_BYTES)
        // A host that vanished without a word is noticed while a call is waiting for it.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20))
}

/// The innermost error: `transport error` says nothing, `Connection refused` does.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
