//! A simulated network: every byte between two members passes a link that is up or down, and takes its time.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use turncoat_learn::Seed;
use turncoat_net::{Address, MemoryNetwork, Network, Pipe};

/// Bytes under way in one direction.
const BUFFER: usize = 64 << 10;

#[derive(Debug)]
struct State {
    /// Pipes so far between two members: each has draws of its own, whatever happens beside it.
    pipes: BTreeMap<(String, String), u64>,
    /// Members that nobody reaches.
    cut_off: BTreeSet<String>,
    /// Longest delay of a piece on its way to or from a member, in milliseconds.
    slow: BTreeMap<String, u64>,
}

/// The network. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedNetwork {
    seed: Seed,
    listeners: MemoryNetwork,
    state: Arc<Mutex<State>>,
    changed: Arc<watch::Sender<u64>>,
}

/// The network as one member uses it.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    network: SimulatedNetwork,
    name: String,
}

impl SimulatedNetwork {
    pub(crate) fn new(seed: Seed) -> Self {
        let state = State { pipes: BTreeMap::new(), cut_off: BTreeSet::new(), slow: BTreeMap::new() };
        Self {
            seed,
            listeners: MemoryNetwork::new(),
            state: Arc::new(Mutex::new(state)),
            changed: Arc::new(watch::Sender::new(0)),
        }
    }

    pub(crate) fn listeners(&self) -> &MemoryNetwork {
        &self.listeners
    }

    pub(crate) fn endpoint(&self, name: &str) -> Endpoint {
        Endpoint { network: self.clone(), name: name.into() }
    }

    /// Lets nothing pass to or from a member; what is under way waits.
    pub(crate) fn cut_off(&self, name: &str, cut: bool) {
        let mut state = self.state.lock().unwrap();
        if cut {
            state.cut_off.insert(name.into());
        } else {
            state.cut_off.remove(name);
        }
        drop(state);
        self.changed.send_modify(|count| *count += 1);
    }

    pub(crate) fn slow(&self, name: &str, longest_ms: u64) {
        self.state.lock().unwrap().slow.insert(name.into(), longest_ms);
    }

    pub(crate) fn heal(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut_off.clear();
        state.slow.clear();
        drop(state);
        self.changed.send_modify(|count| *count += 1);
    }

    /// The draws of the next pipe between two members, there and back.
    fn draws(&self, from: &str, to: &str) -> [ChaCha8Rng; 2] {
        let mut state = self.state.lock().unwrap();
        let pipes = state.pipes.entry((from.into(), to.into())).or_default();
        *pipes += 1;
        let seed = self.seed.child(from, *pipes).child(to, 0);
        ["there", "back"].map(|way| seed.stream(way))
    }

    async fn pass(&self, ends: [&str; 2], draws: &mut ChaCha8Rng) {
        let mut changed = self.changed.subscribe();
        loop {
            let wait = {
                let state = self.state.lock().unwrap();
                let closed = ends.iter().any(|end| state.cut_off.contains(*end));
                let longest = ends.iter().filter_map(|end| state.slow.get(*end)).max().copied().unwrap_or(2);
                (!closed).then(|| Duration::from_millis(draws.random_range(0..=longest)))
            };
            match wait {
                Some(wait) => return tokio::time::sleep(wait).await,
                None => changed.changed().await.unwrap(),
            }
        }
    }
}

impl Network for Endpoint {
    fn dial(&self, address: &Address) -> BoxFuture<'static, io::Result<Pipe>> {
        let (network, from, address) = (self.network.clone(), self.name.clone(), address.clone());
        async move {
            let Address::Memory(to) = address.clone() else { panic!("{address}") };
            let [mut there, mut back] = network.draws(&from, &to);
            network.pass([&from, &to], &mut there).await;
            let listener = network.listeners.dial(&address).await?;
            let (near, far) = tokio::io::duplex(BUFFER);
            let (far_in, far_out) = tokio::io::split(far);
            let (listener_in, listener_out) = tokio::io::split(listener);
            let ends = [from, to];
            tokio::spawn(async move {
                // Either direction's end is the end of both, as when a host is gone.
                let [from, to] = [&*ends[0], &*ends[1]];
                tokio::select! {
                    biased;
                    () = forward(&network, [from, to], &mut there, far_in, listener_out) => {}
                    () = forward(&network, [to, from], &mut back, listener_in, far_out) => {}
                }
            });
            Ok(Pipe::new(near))
        }
        .boxed()
    }
}

async fn forward(
    network: &SimulatedNetwork,
    ends: [&str; 2],
    draws: &mut ChaCha8Rng,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) {
    let mut piece = vec![0; 4096];
    while let Ok(read) = from.read(&mut piece).await {
        if read == 0 {
            return;
        }
        network.pass(ends, draws).await;
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
