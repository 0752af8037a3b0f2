//! A bound listener, owned by the caller until a service is given it. Its address is known before anything is served,
//! so port 0 works and nobody has to guess.

use std::convert::Infallible;

use futures::Stream;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::acceptor::Acceptor;
use super::channel::Call;
use super::memory::MemoryListener;
use super::{Connection, ConnectionOptions, TransportError};
use crate::address::Address;
use crate::identity::Certificate;
use crate::pipe::Pipe;

/// A bound listener.
#[derive(Debug)]
pub struct Listener {
    address: Address,
    socket: Socket,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Memory(MemoryListener),
}

impl Listener {
    /// Listens on `host:port`; port 0 is any free one. Connections queue from now on.
    ///
    /// # Errors
    /// [`TransportError`] when the text is no TCP address or the port is in use.
    pub async fn bind(address: &str) -> Result<Self, TransportError> {
        let address: Address = address.parse()?;
        let refuse = |reason: String| TransportError::Listen { address: address.clone(), reason };
        let Address::Tcp { host, port } = &address else {
            return Err(refuse("a memory address is listened on through its network".into()));
        };
        let listener =
            TcpListener::bind((host.as_str(), *port)).await.map_err(|error| refuse(error.to_string()))?;
        let bound = listener.local_addr().map_err(|error| refuse(error.to_string()))?;
        Ok(Self { address: bound.into(), socket: Socket::Tcp(listener) })
    }

    pub(super) fn memory(address: Address, listener: MemoryListener) -> Self {
        Self { address, socket: Socket::Memory(listener) }
    }

    /// Where it listens, with the real port.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Calls that are handed over within this process, for whoever is first to ask.
    pub(crate) fn calls(&mut self) -> Option<mpsc::Receiver<Call>> {
        match &mut self.socket {
            Socket::Tcp(_) => None,
            Socket::Memory(listener) => listener.calls(),
        }
    }

    pub(super) async fn accept(&mut self) -> std::io::Result<Pipe> {
        match &mut self.socket {
            Socket::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Pipe::new(stream))
            }
            Socket::Memory(listener) => listener.accept().await.map(Pipe::new),
        }
    }

    /// Accepted connections: with a certificate, under TLS and of callers that show one of the same authority; in plain text otherwise.
    pub(crate) fn incoming(
        self,
        certificate: Option<&Certificate>,
        options: ConnectionOptions,
    ) -> impl Stream<Item = Result<Connection, Infallible>> + use<> {
        let acceptor = Acceptor::new(self, certificate, options);
        futures::stream::unfold(acceptor, |mut acceptor| async move {
            Some((Ok(acceptor.next().await), acceptor))
        })
    }
}
