//! A network within one process: names that are listened on, to which calls are handed over, or byte channels opened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;

use super::channel::{Call, refused};
use super::{Channel, Listener, Network, TransportError};
use crate::address::Address;
use crate::pipe::Pipe;

/// Bytes under way in one direction before the writer waits. Grows only as far as it is used, and does not shrink: a federation of
/// thousands in one process has two of these for each connection.
const BUFFER_BYTES: usize = 64 << 10;
/// Connections, and calls, that may wait to be accepted.
const BACKLOG: usize = 1_024;

type Names = BTreeMap<String, Listening>;

/// How a name is reached.
#[derive(Clone, Debug)]
struct Listening {
    connections: mpsc::Sender<DuplexStream>,
    calls: mpsc::Sender<Call>,
}

/// The hub. Clones share their names; two hubs know nothing of each other.
#[derive(Clone, Debug, Default)]
pub struct MemoryNetwork(Arc<Mutex<Names>>);

impl MemoryNetwork {
    /// An empty network.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Listens on `memory:name`, until the listener is dropped.
    ///
    /// # Errors
    /// [`TransportError::Listen`] when the name is taken, [`TransportError::Address`] when it is no name.
    pub fn listen(&self, name: &str) -> Result<Listener, TransportError> {
        let address: Address = format!("memory:{name}").parse()?;
        let ((connections, accepted), (calls, handed_over)) =
            (mpsc::channel(BACKLOG), mpsc::channel(BACKLOG));
        let mut names = self.names();
        if names.contains_key(name) {
            return Err(TransportError::Listen { address, reason: "the name is in use".into() });
        }
        names.insert(name.into(), Listening { connections, calls });
        drop(names);
        let claim = NameClaim { network: self.clone(), name: name.into() };
        Ok(Listener::memory(
            address,
            MemoryListener { accepted, handed_over: Some(handed_over), _claim: claim },
        ))
    }

    /// To whoever listens on that name.
    pub(super) fn calls(&self, name: &str) -> std::io::Result<mpsc::Sender<Call>> {
        self.names().get(name).map(|listening| listening.calls.clone()).ok_or_else(refused)
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        // The map is whole after every single operation, so a panic elsewhere cannot have left it half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Network for MemoryNetwork {
    fn dial(&self, address: &Address) -> BoxFuture<'static, std::io::Result<Pipe>> {
        let listening = match address {
            Address::Memory(name) => self.names().get(name).cloned(),
            Address::Tcp { .. } => None,
        };
        async move {
            let (near, far) = tokio::io::duplex(BUFFER_BYTES);
            listening.ok_or_else(refused)?.connections.send(far).await.map_err(|_| refused())?;
            Ok(Pipe::new(near))
        }
        .boxed()
    }

    fn channel(&self, address: &Address) -> Option<std::io::Result<Channel>> {
        let Address::Memory(name) = address else { return None };
        let channel = |_| Channel::InProcess { network: self.clone(), name: name.clone() };
        Some(self.calls(name).map(channel))
    }
}

/// The listening end of a name.
#[derive(Debug)]
pub(super) struct MemoryListener {
    accepted: mpsc::Receiver<DuplexStream>,
    handed_over: Option<mpsc::Receiver<Call>>,
    _claim: NameClaim,
}

impl MemoryListener {
    pub(super) fn calls(&mut self) -> Option<mpsc::Receiver<Call>> {
        self.handed_over.take()
    }

    pub(super) async fn accept(&mut self) -> std::io::Result<DuplexStream> {
        // The hub holds a sender as long as the claim lives, so this waits for ever rather than end.
        self.accepted.recv().await.ok_or_else(|| std::io::ErrorKind::NotConnected.into())
    }
}

/// Gives the name back when the listener goes.
#[derive(Debug)]
struct NameClaim {
    network: MemoryNetwork,
    name: String,
}

impl Drop for NameClaim {
    fn drop(&mut self) {
        self.network.names().remove(&self.name);
    }
}
