//! What is tried again and how often, who is given up on, and what is rejected: by what a scripted party was asked.

use ndarray::Array2;
use tonic::Status;
use turncoat_proto::account::InvalidAnswer;
use turncoat_proto::{AbsenceReason, Retry, Role, RpcFailure, wire};

use crate::fake::{Fake, Hub, PredictCall, Setup, Step, party};

/// Two parties, of which the second follows a script, and one must answer.
async fn scene(
    setup: Setup,
    script: impl Fn(PredictCall) -> Step + Send + Sync + 'static,
) -> (Hub, Fake, Fake) {
    let (honest, fake) = (Fake::scripted(1, |_| Step::Answer([1.0, 0.0])), Fake::scripted(2, script));
    let hub = setup.start().await;
    hub.gather(&[honest.clone(), fake.clone()]).await;
    (hub, honest, fake)
}

fn patient() -> Setup {
    let retry = Retry { attempts: 3, ..Setup::new(2).retry };
    Setup { retry, ..Setup::at_least(2, 1) }
}

/// Why party 2 is missing from the answer to one record; nothing when it is not.
async fn ask(hub: &Hub) -> Option<AbsenceReason> {
    let operator = hub.client(Role::Operator).await;
    let shared = operator.predict_shared(Array2::zeros((1, 3)).view()).await.unwrap();
    shared.missing.first().map(|absence| {
        assert_eq!(absence.party, party(2));
        absence.reason
    })
}

#[tokio::test]
async fn a_party_that_is_not_available_is_asked_three_times() {
    let (hub, honest, fake) = scene(patient(), |_| Step::Refuse(Status::unavailable("later"))).await;
    assert_eq!(ask(&hub).await, Some(AbsenceReason::Unavailable));
    assert_eq!(fake.requested(), [(1, 1, 0), (1, 1, 1), (1, 1, 2)]);
    assert_eq!(honest.requested(), [(1, 1, 0)]);
    let account = hub.client(Role::Operator).await.account().await.unwrap();
    assert_eq!((account.parties[&party(1)].retries, account.parties[&party(2)].retries), (0, 2));
}

#[tokio::test]
async fn a_later_attempt_that_is_answered_is_an_answer() {
    let (hub, _, fake) = scene(patient(), |(_, _, attempt)| match attempt {
        0 => Step::Hang,
        1 => Step::Refuse(Status::unavailable("later")),
        _ => Step::Answer([0.0, 1.0]),
    })
    .await;
    assert_eq!(ask(&hub).await, None);
    assert_eq!(fake.requested().len(), 3);
}

#[tokio::test]
async fn what_a_second_attempt_cannot_change_is_not_tried_again() {
    let nan = || wire::Vectors::of(ndarray::array![[f64::NAN, 1.0]].view());
    let (hub, _, fake) = scene(patient(), move |(first, _, _)| match first {
        1 => Step::Raw(nan()),
        2 => Step::Refuse(Status::internal("broken")),
        3 => Step::Refuse(Status::failed_precondition("no model")),
        4 => Step::Refuse(Status::permission_denied("you may not")),
        _ => Step::Answer([0.5, 0.5]),
    })
    .await;
    assert_eq!(ask(&hub).await, Some(AbsenceReason::Invalid));
    assert_eq!(ask(&hub).await, Some(AbsenceReason::Failed));
    assert_eq!(fake.requested(), [(1, 1, 0), (2, 1, 0)]);
}

#[tokio::test]
async fn each_kind_of_invalid_answer_is_rejected_by_its_rule_and_counted() {
    let answers: [(&[f64], u32); 8] = [
        (&[f64::NAN, 1.0], 2),
        (&[f64::INFINITY, 0.0], 2),
        (&[-0.5, 1.5], 2),
        (&[0.5, 0.625], 2),
        (&[0.5, 0.5, 0.5, 0.5], 2),
        (&[], 2),
        (&[0.25, 0.25, 0.5], 3),
        (&[0.5], 0),
    ];
    // The circuit stays closed, so that all are asked for.
    let retry = Retry { opens_after: 100, ..Setup::new(2).retry };
    let (hub, _, fake) = scene(Setup { retry, ..Setup::at_least(2, 1) }, move |(first, _, _)| {
        let (probabilities, classes) = answers[(first - 1) as usize];
        let bytes: Vec<u8> = probabilities.iter().flat_map(|p| p.to_le_bytes()).collect();
        let rows = (probabilities.len() as u32).checked_div(classes).unwrap_or(1);
        let probabilities = Some(wire::vectors::Probabilities::F64(bytes.into()));
        Step::Raw(wire::Vectors { classes, rows, probabilities })
    })
    .await;
    for _ in answers {
        assert_eq!(ask(&hub).await, Some(AbsenceReason::Invalid));
    }
    assert_eq!(fake.requested().len(), answers.len());
    let account = hub.client(Role::Operator).await.account().await.unwrap();
    let reported: Vec<_> = account
        .rejected
        .iter()
        .map(|entry| {
            assert_eq!(entry.party, party(2));
            (entry.reason, entry.count, entry.first_query, entry.example.as_str())
        })
        .collect();
    let expected = [
        (InvalidAnswer::NotFinite, 2, 1, "vectors: row 0, class 0: NaN is not a finite number"),
        (InvalidAnswer::OutOfRange, 1, 3, "vectors: row 0, class 0: probability -0.5 is outside [0, 1]"),
        (
            InvalidAnswer::Unnormalised,
            1,
            4,
            "vectors: row 0: probabilities sum to 1.125, not to 1 within 0.000001",
        ),
        (
            InvalidAnswer::WrongLength,
            2,
            5,
            "vectors: 2 x 2 probabilities where 1 records x 2 classes were asked for",
        ),
        (
            InvalidAnswer::WrongClasses,
            1,
            7,
            "vectors: 1 x 3 probabilities where 1 records x 2 classes were asked for",
        ),
        (InvalidAnswer::Malformed, 1, 8, "classes is 0: at least 1"),
    ];
    assert_eq!(reported, expected);
    let degraded: Vec<_> = account.degraded.iter().map(|entry| (entry.first_query, entry.rows)).collect();
    assert_eq!(degraded, [(1, 8)]);
}

#[tokio::test]
async fn a_dead_party_is_asked_in_the_calls_that_the_circuit_says() {
    let retry = Retry { skips: 4, attempts: 3, ..Setup::new(2).retry };
    let dead = |first| first <= 13;
    let (hub, honest, fake) = scene(Setup { retry, ..Setup::at_least(2, 1) }, move |(first, _, _)| {
        if dead(first) { Step::Refuse(Status::unavailable("no")) } else { Step::Answer([0.0, 1.0]) }
    })
    .await;
    let mut reasons = Vec::new();
    for _ in 0..20 {
        reasons.push(ask(&hub).await);
    }
    // Three calls with three attempts each, then a probe of one attempt after every fourth call that goes without it.
    let requested: Vec<_> = fake.requested().iter().map(|&(first, _, attempt)| (first, attempt)).collect();
    let mut expected: Vec<(u64, u32)> =
        (1..=3).flat_map(|call| (0..3).map(move |attempt| (call, attempt))).collect();
    expected.extend([(8, 0), (13, 0), (18, 0), (19, 0), (20, 0)]);
    assert_eq!(requested, expected);
    let (no, skipped) = (Some(AbsenceReason::Unavailable), Some(AbsenceReason::Skipped));
    let gap = [skipped; 4];
    let expected = [&[no; 3][..], &gap, &[no], &gap, &[no], &gap, &[None; 3]].concat();
    assert_eq!(reasons, expected);
    assert_eq!(honest.requested().len(), 20);
    let account = hub.client(Role::Operator).await.account().await.unwrap();
    assert_eq!(account.parties[&party(2)].circuits_opened, 3);
    assert_eq!(account.parties[&party(2)].retries, 6);
}

#[tokio::test]
async fn where_all_must_answer_nobody_is_asked_in_vain() {
    let retry = Retry { skips: 2, ..Setup::new(2).retry };
    let (hub, honest, fake) =
        scene(Setup { retry, ..Setup::new(2) }, |_| Step::Refuse(Status::unavailable("no"))).await;
    let operator = hub.client(Role::Operator).await;
    let mut reasons = Vec::new();
    for _ in 0..6 {
        let error = operator.predict(Array2::zeros((1, 3)).view()).await.unwrap_err();
        match error.failure {
            RpcFailure::Quorum { party: culprit, reason, .. } => {
                assert_eq!(culprit, party(2));
                reasons.push(reason);
            }
            other => panic!("{other}"),
        }
    }
    use AbsenceReason::{Skipped, Unavailable};
    assert_eq!(reasons, [Unavailable, Unavailable, Unavailable, Skipped, Skipped, Unavailable]);
    let calls = [1, 2, 3, 6];
    assert!(fake.requested().iter().map(|requested| requested.0).eq(calls));
    assert!(honest.requested().iter().map(|requested| requested.0).eq(calls));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_count_against_a_party() {
    let retry = Retry { opens_after: 1, ..Setup::new(2).retry };
    let (hub, _, fake) = scene(Setup { retry, ..Setup::at_least(2, 1) }, |(first, _, _)| match first {
        1..=3 => Step::Hang,
        _ => Step::Answer([0.5, 0.5]),
    })
    .await;
    for call in 1..=3 {
        let outsider = hub.client(Role::Outsider).await;
        let record = Array2::zeros((1, 3));
        let asking = outsider.predict(record.view());
        let until_asked = async {
            while fake.requested().len() < call {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = asking => panic!("nobody answers that"),
            () = until_asked => {}
        }
    }
    // Once the three are seen to be gone, the party is asked as if nothing had been.
    let operator = hub.client(Role::Operator).await;
    loop {
        let account = operator.account().await.unwrap();
        if account.clients[&Role::Outsider].failed == 3 {
            assert_eq!(account.parties[&party(2)].circuits_opened, 0);
            break;
        }
        tokio::task::yield_now().await;
    }
    let aggregator = hub.client(Role::Aggregator).await;
    assert_eq!(aggregator.predict_shared(Array2::zeros((1, 3)).view()).await.unwrap().missing, []);
}
