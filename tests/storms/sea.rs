//! The network of a storm: every byte between two members passes a strait that is open or closed, and takes its time.

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

/// The sea. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Sea {
    seed: Seed,
    harbours: MemoryNetwork,
    state: Arc<Mutex<State>>,
    changed: Arc<watch::Sender<u64>>,
}

/// The sea as one member sails it.
#[derive(Clone, Debug)]
pub(crate) struct Port {
    sea: Sea,
    name: String,
}

impl Sea {
    pub(crate) fn new(seed: Seed) -> Self {
        let state = State { pipes: BTreeMap::new(), cut_off: BTreeSet::new(), slow: BTreeMap::new() };
        Self {
            seed,
            harbours: MemoryNetwork::new(),
            state: Arc::new(Mutex::new(state)),
            changed: Arc::new(watch::Sender::new(0)),
        }
    }

    pub(crate) fn harbours(&self) -> &MemoryNetwork {
        &self.harbours
    }

    pub(crate) fn port(&self, name: &str) -> Port {
        Port { sea: self.clone(), name: name.into() }
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

    pub(crate) fn calm(&self) {
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

    async fn passage(&self, ends: [&str; 2], draws: &mut ChaCha8Rng) {
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

impl Network for Port {
    fn dial(&self, address: &Address) -> BoxFuture<'static, io::Result<Pipe>> {
        let (sea, from, address) = (self.sea.clone(), self.name.clone(), address.clone());
        async move {
            let Address::Memory(to) = address.clone() else { panic!("{address}") };
            let [mut there, mut back] = sea.draws(&from, &to);
            sea.passage([&from, &to], &mut there).await;
            let harbour = sea.harbours.dial(&address).await?;
            let (near, far) = tokio::io::duplex(BUFFER);
            let (far_in, far_out) = tokio::io::split(far);
            let (harbour_in, harbour_out) = tokio::io::split(harbour);
            let ends = [from, to];
            tokio::spawn(async move {
                // Either direction's end is the end of both, as when a host is gone.
                let [from, to] = [&*ends[0], &*ends[1]];
                tokio::select! {
                    biased;
                    () = sail(&sea, [from, to], &mut there, far_in, harbour_out) => {}
                    () = sail(&sea, [to, from], &mut back, harbour_in, far_out) => {}
                }
            });
            Ok(Pipe::new(near))
        }
        .boxed()
    }
}

async fn sail(
    sea: &Sea,
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
        sea.passage(ends, draws).await;
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
