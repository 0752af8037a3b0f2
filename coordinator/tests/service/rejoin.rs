//! A party that goes and comes back: with its own model it goes on as if nothing had been, with another it stays away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ndarray::Array2;
use tokio::time::Instant;
use turncoat_learn::ModelDigest;
use turncoat_net::Listener;
use turncoat_proto::federation::Announcement;
use turncoat_proto::{AbsenceReason, Retry, Role, RpcFailure, SharedPrediction};

use crate::fake::{Fake, Hub, Setup, Step, party};

fn waiting(tcp: bool, rejoin_ms: u64) -> Setup {
    let retry = Retry { rejoin_ms, ..Setup::new(2).retry };
    Setup { retry, tcp, ..Setup::at_least(2, 1) }
}

/// Answers by the number of the query, and dies at query 3, once.
fn mortal(dies: bool) -> Fake {
    let alive = Arc::new(AtomicBool::new(dies));
    Fake::scripted(2, move |(first, _, _)| {
        if first == 3 && alive.swap(false, Ordering::SeqCst) {
            return Step::Die;
        }
        let p = (first % 16) as f64 / 16.0;
        Step::Answer([p, 1.0 - p])
    })
}

/// The hub, both parties, and where party 2 listens.
async fn scene(setup: Setup, fake: &Fake) -> (Hub, Announcement) {
    let hub = setup.start().await;
    let honest = Fake::scripted(1, |_| Step::Answer([0.25, 0.75]));
    let announcements = hub.gather(&[honest, fake.clone()]).await;
    (hub, announcements.into_iter().nth(1).unwrap())
}

/// Asks about five records, one call each.
async fn ask(hub: &Hub) -> Vec<SharedPrediction> {
    let operator = hub.client(Role::Operator).await;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(operator.predict_shared(Array2::zeros((1, 3)).view()).await.unwrap());
    }
    answers
}

/// A listener at an address that was just left.
async fn again(hub: &Hub, address: &turncoat_net::Address) -> Listener {
    loop {
        let listener = match address {
            turncoat_net::Address::Memory(name) => hub.network.listen(name),
            tcp => Listener::bind(&tcp.to_string()).await,
        };
        match listener {
            Ok(listener) => return listener,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Brings party 2 back when it has died, where it was or elsewhere.
async fn revive(hub: &Hub, fake: &Fake, was: &Announcement, elsewhere: bool) {
    while !fake.requested().iter().any(|requested| requested.0 == 3) {
        tokio::task::yield_now().await;
    }
    let listener = match elsewhere {
        true => hub.listener("elsewhere").await,
        false => again(hub, &was.address).await,
    };
    let announcement = hub.spawn_on(fake.back_with(Some(fake.model())), listener);
    // Elsewhere, the place it left may look alive for a moment.
    while let Err(error) = hub.join(&announcement).await {
        assert!(matches!(error.failure, RpcFailure::AlreadyExists(_)), "{error}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_restart_in_time_gives_the_same_bytes_as_none() {
    let undisturbed = mortal(false);
    let (hub, _) = scene(waiting(false, 30_000), &undisturbed).await;
    let expected = ask(&hub).await;
    for (tcp, elsewhere) in [(false, false), (false, true), (true, false), (true, true)] {
        let fake = mortal(true);
        let (hub, was) = scene(waiting(tcp, 30_000), &fake).await;
        let (answers, ()) = tokio::join!(ask(&hub), revive(&hub, &fake, &was, elsewhere));
        assert_eq!(answers, expected, "tcp {tcp}, elsewhere {elsewhere}");
        let account = hub.client(Role::Operator).await.account().await.unwrap();
        let reported = account.parties[&party(2)];
        assert_eq!((reported.retries, reported.circuits_opened, reported.rejoined), (0, 0, 1));
        assert_eq!(account.degraded, []);
        // What reached it was its first attempt, before and after.
        assert!(fake.requested().iter().all(|requested| requested.2 == 0));
    }
}

#[tokio::test]
async fn a_party_that_does_not_come_back_in_time_is_missing() {
    let fake = mortal(true);
    let (hub, _) = scene(waiting(false, 20), &fake).await;
    let reasons: Vec<_> =
        ask(&hub).await.iter().map(|answer| answer.missing.first().map(|absence| absence.reason)).collect();
    let gone = Some(AbsenceReason::Unreachable);
    assert_eq!(reasons, [None, None, gone, gone, gone]);
}

#[tokio::test(start_paused = true)]
async fn a_party_is_waited_for_once() {
    let fake = mortal(true);
    let wait = Duration::from_secs(5);
    let (hub, _) = scene(waiting(false, 5_000), &fake).await;
    let begun = Instant::now();
    let answers = ask(&hub).await;
    assert_eq!(answers.iter().filter(|answer| !answer.missing.is_empty()).count(), 3);
    let waited = begun.elapsed();
    assert!(wait <= waited && waited < 2 * wait, "{waited:?}");
}

#[tokio::test]
async fn a_join_closes_the_circuit_at_once() {
    let fake = mortal(true);
    let (hub, was) = scene(waiting(false, 0), &fake).await;
    ask(&hub).await;
    let account = hub.client(Role::Operator).await.account().await.unwrap();
    assert_eq!(account.parties[&party(2)].circuits_opened, 1);
    revive(&hub, &fake, &was, false).await;
    assert!(ask(&hub).await.iter().all(|answer| answer.missing.is_empty()));
}

#[tokio::test]
async fn another_model_or_none_is_refused_with_both_digests_and_stays_away() {
    let other = ModelDigest::new([0xee; 32]);
    for (comes_with, says) in
        [(Some(other), "comes back with model eeeeeeeeeeee"), (None, "comes back with none")]
    {
        let fake = mortal(true);
        let (hub, was) = scene(waiting(false, 0), &fake).await;
        ask(&hub).await;
        let listener = again(&hub, &was.address).await;
        let error = hub.join(&hub.spawn_on(fake.back_with(comes_with), listener)).await.unwrap_err();
        let RpcFailure::Precondition(message) = error.failure else { panic!("{error}") };
        assert!(message.contains("party-2 was fitted with model 020202020202"), "{message}");
        assert!(message.contains(says), "{message}");
        // Where it listens it can be reached, and still no answer of another model is averaged.
        if comes_with.is_some() {
            let mut reasons = Vec::new();
            for answer in std::iter::repeat_with(|| ask(&hub)).take(5) {
                reasons.extend(answer.await.into_iter().map(|answer| answer.missing[0].reason));
            }
            assert!(reasons.contains(&AbsenceReason::OtherModel), "{reasons:?}");
            assert!(
                reasons
                    .iter()
                    .all(|reason| { matches!(reason, AbsenceReason::OtherModel | AbsenceReason::Skipped) }),
                "{reasons:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_place_that_is_taken_stays_taken() {
    let fake = mortal(false);
    let (hub, was) = scene(waiting(true, 0), &fake).await;
    let twin = hub.spawn(fake.back_with(Some(fake.model()))).await;
    let error = hub.join(&twin).await.unwrap_err();
    let RpcFailure::AlreadyExists(message) = error.failure else { panic!("{error}") };
    assert!(message.contains(&was.address.to_string()), "{message}");
    assert!(ask(&hub).await.iter().all(|answer| answer.missing.is_empty()));
}
