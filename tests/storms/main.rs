//! Federations in bad weather: the real coordinator and the real parties over a network that delays, parts and loses, with parties
//! that crash and come back, all drawn from a seed and played in virtual time. Whatever the weather:
//!
//! - an answer is the exact mean of the parties that it names, and these are no fewer than the quorum;
//! - single parties' vectors, a mean of one among them, reach nobody who may not see them;
//! - every call is answered or refused, and soon: nothing hangs;
//! - the coordinator's account agrees with what its callers saw, and no query is counted twice.
//!
//! `TURNCOAT_STORMS=1000 cargo test --test storms` plays more seeds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod calls;
mod federation;
mod sea;

use federation::Federation;
use rand::RngExt;
use turncoat_learn::Seed;
use turncoat_proto::{Disclosure, Quorum};

/// Played on every run.
const STORMS: u64 = 200;

#[derive(Clone, Copy, Debug)]
struct Weather {
    parties: u32,
    quorum: Quorum,
    disclosure: Disclosure,
}

fn weather(seed: Seed) -> Weather {
    let mut draw = seed.stream("weather");
    let parties = draw.random_range(2..=5_u32);
    let quorum = match draw.random_range(0..3) {
        0 => Quorum::All,
        _ => Quorum::AtLeast(draw.random_range(1..=parties)),
    };
    let disclosure = if draw.random::<bool>() { Disclosure::Open } else { Disclosure::Aggregator };
    Weather { parties, quorum, disclosure }
}

/// What one storm came to: for a look at how many answers of each kind there were.
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
        let weather = weather(seed);
        let mut federation = Federation::start(seed, weather).await;
        let calls = calls::begin(&federation, seed).await;
        federation.storm().await;
        let tally = calls::end(calls).await;
        federation.settle().await;
        tally
    })
}

#[test]
fn whatever_the_weather_answers_are_exact_or_refused() {
    let storms = std::env::var("TURNCOAT_STORMS").ok().and_then(|text| text.parse().ok()).unwrap_or(STORMS);
    let mut all = Tally::default();
    for number in 0..storms {
        let seed = Seed::root(5).child("storm", number);
        let tally = std::panic::catch_unwind(|| play(seed)).unwrap_or_else(|_| {
            panic!("storm {number} ({:?}) broke a rule: see above", weather(seed));
        });
        all.whole += tally.whole;
        all.degraded += tally.degraded;
        all.refused += tally.refused;
        all.denied += tally.denied;
    }
    // A calm that touches nothing would prove nothing.
    println!("{storms} storms: {all:?}");
    assert!(all.whole > 0 && all.degraded > 0 && all.refused > 0 && all.denied > 0, "{all:?}");
}

#[test]
fn the_same_seed_is_the_same_storm() {
    for number in 0..8 {
        let seed = Seed::root(5).child("storm", number);
        assert_eq!(play(seed), play(seed), "storm {number}");
    }
}
