//! A thousand malformed messages of twenty kinds at each public rpc, over real sockets: each is refused with a status that says
//! so, none makes anything panic or hang, and the services answer as they did before.
//!
//! `cargo test --test malformed -- --nocapture` prints what came back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exchange;
mod kinds;
mod services;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use exchange::{Came, Ending, Line};
use kinds::{KINDS, malformed};
use services::{Rpc, Services};
use turncoat_learn::Seed;

/// Of each kind at each rpc.
const OF_EACH: u64 = 50;

static PANICS: AtomicU32 = AtomicU32::new(0);

/// INVALID_ARGUMENT, OUT_OF_RANGE, UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION, ALREADY_EXISTS, NOT_FOUND,
/// RESOURCE_EXHAUSTED, UNIMPLEMENTED; INTERNAL is what the specification of gRPC has for frames that cannot be read.
const REFUSALS: [i32; 10] = [3, 5, 6, 7, 8, 9, 11, 12, 13, 16];

/// What is wrong with what came back, if anything is.
fn fault(kind: usize, ending: Ending, came: &Came) -> Option<String> {
    match (ending, came) {
        (_, Came::Hang) => Some("a hang".into()),
        (Ending::Closed, Came::Status(13, message))
            if !["missing request message", "compress", "flag", "unexpected eof", "encoding"]
                .iter()
                .any(|part| message.to_lowercase().replace("%20", " ").contains(part)) =>
        {
            Some(format!("INTERNAL: {message}"))
        }
        (Ending::Closed, Came::Status(code, _)) if REFUSALS.contains(code) => None,
        (Ending::Closed, Came::Http(400..=499)) => None,
        (Ending::Closed, other) => Some(format!("{other:?}")),
        (_, Came::Status(0, _)) => Some(format!("an answer to {}", KINDS[kind])),
        _ => None,
    }
}

async fn attack(rpc: Rpc, seed: Seed) -> BTreeMap<(usize, String), u64> {
    let mut line = Line::to(&rpc.address);
    let mut reported = BTreeMap::new();
    for number in 0..OF_EACH {
        for (kind, name) in KINDS.iter().enumerate() {
            let mut draw = seed.child("message", number).child("kind", kind as u64).stream("malformed");
            let sent = malformed(kind, &rpc, &mut draw);
            let came = line.exchange(&sent).await;
            if let Some(fault) = fault(kind, sent.ending, &came) {
                panic!("{}, {name}, number {number}: {fault}\n{sent:?}", rpc.name);
            }
            let word = match came {
                Came::Status(code, _) => tonic::Code::from_i32(code).description().to_owned(),
                Came::Http(status) => format!("HTTP {status}"),
                Came::Nothing => "no answer".into(),
                Came::Hang => "hang".into(),
            };
            *reported.entry((kind, word)).or_default() += 1;
        }
    }
    // The very same connection still takes a sound call, wherever one does no harm.
    if !rpc.name.ends_with("/Fit") && !rpc.name.ends_with("/Join") && !rpc.name.ends_with("/Challenge") {
        let came = line.exchange(&rpc.sound()).await;
        assert_eq!(came, Came::Status(0, String::new()), "{} after all that", rpc.name);
    }
    reported
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_malformed_message_is_refused_and_the_services_go_on() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        before(info);
    }));
    let services = Services::start().await;
    let answer = services.answer().await;
    let seed = Seed::root(20);
    let mut attacks = tokio::task::JoinSet::new();
    for (place, rpc) in services.rpcs.iter().enumerate() {
        attacks.spawn(attack(rpc.clone(), seed.child("rpc", place as u64)));
    }
    let mut all: BTreeMap<(usize, String), u64> = BTreeMap::new();
    while let Some(reported) = attacks.join_next().await {
        for (entry, count) in reported.unwrap() {
            *all.entry(entry).or_default() += count;
        }
    }
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "something panicked");
    assert_eq!(services.answer().await, answer, "the services answer as before");
    let messages: u64 = all.values().sum();
    assert_eq!(messages, services.rpcs.len() as u64 * KINDS.len() as u64 * OF_EACH);
    println!("{messages} malformed messages at {} rpcs, all refused, nothing panicked:", services.rpcs.len());
    for (kind, name) in KINDS.iter().enumerate() {
        let came: Vec<String> = all
            .iter()
            .filter(|((of, _), _)| *of == kind)
            .map(|((_, word), count)| format!("{count} {word}"))
            .collect();
        println!("  {name}: {}", came.join(", "));
    }
}
