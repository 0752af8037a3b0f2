//! Fault simulation: the real coordinator and the real parties over a network that delays, partitions and loses, with parties
//! that crash and come back, all drawn from a seed and played in virtual time. Whatever the faults:
//!
//! - an answer is the exact mean of the parties that it names, and these are no fewer than the quorum;
//! - single parties' vectors, a mean of one among them, reach nobody who may not see them;
//! - every call is answered or refused, and soon: nothing hangs;
//! - the coordinator's account agrees with what its callers saw, and no query is counted twice.
//!
//! `TURNCOAT_SIMULATIONS=1000 cargo test --test fault_simulation` plays more seeds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod calls;
mod federation;
mod network;

use federation::Federation;
use rand::RngExt;
use turncoat_learn::Seed;
use turncoat_proto::{Disclosure, Quorum};

/// Played on every run.
const SIMULATIONS: u64 = 200;

#[derive(Clone, Copy, Debug)]
struct FaultPlan {
    parties: u32,
    quorum: Quorum,
    disclosure: Disclosure,
}

fn fault_plan(seed: Seed) -> FaultPlan {
    let mut draw = seed.stream("plan");
    let parties = draw.random_range(2..=5_u32);
    let quorum = match draw.random_range(0..3) {
        0 => Quorum::All,
        _ => Quorum::AtLeast(draw.random_range(1..=parties)),
    };
    let disclosure = if draw.random::<bool>() { Disclosure::Open } else { Disclosure::Aggregator };
    FaultPlan { parties, quorum, disclosure }
}

/// What one simulation came to: for a look at how many answers of each kind there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    whole: usize,
    degraded: usize,
    refused: usize,
    denied: usize,
}

fn play(seed: Seed) -> Tally {
    // One thread and virtual time: waiting costs nothing, and the order of events is that of the draws.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let plan = fault_plan(seed);
        let mut federation = Federation::start(seed, plan).await;
        let calls = calls::begin(&federation, seed).await;
        federation.inject_faults().await;
        let tally = calls::end(calls).await;
        federation.settle().await;
        tally
    })
}

#[test]
fn whatever_the_faults_answers_are_exact_or_refused() {
    let simulations =
        std::env::var("TURNCOAT_SIMULATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(SIMULATIONS);
    let mut all = Tally::default();
    for number in 0..simulations {
        let seed = Seed::root(5).child("faults", number);
        let tally = std::panic::catch_unwind(|| play(seed)).unwrap_or_else(|_| {
            panic!("simulation {number} ({:?}) broke a rule: see above", fault_plan(seed));
        });
        all.whole += tally.whole;
        all.degraded += tally.degraded;
        all.refused += tally.refused;
        all.denied += tally.denied;
    }
    // Faults that touch nothing would prove nothing.
    println!("{simulations} simulations: {all:?}");
    assert!(all.whole > 0 && all.degraded > 0 && all.refused > 0 && all.denied > 0, "{all:?}");
}

#[test]
fn the_same_seed_is_the_same_simulation() {
    for number in 0..8 {
        let seed = Seed::root(5).child("faults", number);
        assert_eq!(play(seed), play(seed), "simulation {number}");
    }
}
