//! Answers of fewer parties than all: the mean is over those that answered, and everybody is told who is missing.

use ndarray::{Array2, array};
use tonic::Status;
use turncoat_proto::account::DegradedAnswers;
use turncoat_proto::{Absence, AbsenceReason, Limit, Quorum, Role, RpcFailure};

use crate::fake::{Fake, Hub, Setup, Step, party};

/// Three parties that answer (1, 0), (0.5, 0.5) and (0, 1); the second says no from query 4 on, the third from query 6 on.
async fn thinning(setup: Setup) -> (Hub, Vec<Fake>) {
    let from = |query: u64, vector: [f64; 2]| {
        move |(first, _, _)| {
            if first < query { Step::Answer(vector) } else { Step::Refuse(Status::unavailable("not now")) }
        }
    };
    let fakes = vec![
        Fake::scripted(1, from(u64::MAX, [1.0, 0.0])),
        Fake::scripted(2, from(4, [0.5, 0.5])),
        Fake::scripted(3, from(6, [0.0, 1.0])),
    ];
    let hub = setup.start().await;
    hub.gather(&fakes).await;
    (hub, fakes)
}

#[tokio::test]
async fn the_mean_is_over_those_that_answered_and_says_so() {
    let (hub, _) = thinning(Setup::at_least(3, 2)).await;
    let outsider = hub.client(Role::Outsider).await;
    let three = Array2::zeros((3, 3));
    let whole = outsider.predict(three.view()).await.unwrap();
    assert_eq!(whole.mean.view(), Array2::from_elem((3, 2), 0.5));
    assert_eq!(whole.missing, []);
    // Queries 4 and 5, without party 2: the mean of (1, 0) and (0, 1).
    let two = Array2::zeros((2, 3));
    let shared = hub.client(Role::Aggregator).await.predict_shared(two.view()).await.unwrap();
    assert_eq!(shared.mean.view(), Array2::from_elem((2, 2), 0.5));
    assert_eq!(shared.parties[&party(1)].row(1).unwrap(), array![1.0, 0.0]);
    assert_eq!((shared.parties[&party(2)].len(), shared.parties[&party(2)].row(1)), (2, None));
    let absence = |reason, rows, first_query| Absence { rows, first_query, party: party(2), reason };
    assert_eq!(shared.missing, [absence(AbsenceReason::Unavailable, 0..2, 4)]);

    // Queries 6 to 8, without parties 2 and 3: one is no quorum, and the call is refused.
    let error = outsider.predict(three.view()).await.unwrap_err();
    assert_eq!(error.party(), Some(party(2)));
    let RpcFailure::Quorum { reason, message, .. } = error.failure else { panic!("{error:?}") };
    assert_eq!(reason, AbsenceReason::Unavailable);
    for says in ["1 of 3 parties answered where at_least:2 must", "party-2 at ", "party-3 at ", "not now"] {
        assert!(message.contains(says), "{message}");
    }

    let account = hub.client(Role::Operator).await.account().await.unwrap();
    let reported = |client: Role| {
        let entry = &account.clients[&client];
        (entry.asked, entry.answered, entry.failed)
    };
    assert_eq!((reported(Role::Outsider), reported(Role::Aggregator)), ((6, 3, 0), (2, 2, 0)));
    let refused = account.clients[&Role::Outsider].refused[&Limit::Quorum];
    assert_eq!((refused.calls, refused.queries), (1, 3));
    let missing = vec![(party(2), AbsenceReason::Unavailable)];
    let degraded = DegradedAnswers { client: Role::Aggregator, first_query: 4, rows: 2, missing };
    assert_eq!(account.degraded, [degraded]);
}

#[tokio::test]
async fn one_third_of_a_mean_is_summed_in_the_order_of_the_parties() {
    let vectors = [[0.1, 0.9], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]];
    let setup = Setup::at_least(4, 3);
    let hub = setup.start().await;
    let fakes: Vec<_> = (1..)
        .zip(vectors)
        .map(|(number, vector)| {
            let silent = number == 2;
            Fake::scripted(number, move |_| {
                if silent { Step::Refuse(Status::internal("broken")) } else { Step::Answer(vector) }
            })
        })
        .collect();
    hub.gather(&fakes).await;
    let shared = hub.client(Role::Operator).await.predict_shared(Array2::zeros((1, 3)).view()).await.unwrap();
    let mean = |class: usize| ((vectors[0][class] + vectors[2][class]) + vectors[3][class]) / 3.0;
    assert_eq!(shared.mean.view(), array![[mean(0), mean(1)]]);
    assert_eq!(shared.missing[0].reason, AbsenceReason::Failed);
}

#[tokio::test]
async fn everybody_sees_who_is_missing_and_only_who_sees_single_vectors_why() {
    let (hub, _) = thinning(Setup { quorum: Quorum::AtLeast(1), ..Setup::new(3) }).await;
    let outsider = hub.client(Role::Outsider).await.one_at_a_time();
    outsider.predict(Array2::zeros((3, 3)).view()).await.unwrap();
    let reported = outsider.predict(Array2::zeros((2, 3)).view()).await.unwrap().missing;
    assert_eq!(
        (reported[0].party, reported[0].first_query, reported[0].reason),
        (party(2), 4, AbsenceReason::Untold)
    );
    // An average of one is that party's own vector, which is not for everybody.
    let error = outsider.predict(Array2::zeros((1, 3)).view()).await.unwrap_err();
    assert!(error.to_string().contains("1 of 3 parties answered where at_least:2 must"), "{error}");
    let reported = hub.client(Role::Aggregator).await.predict(Array2::zeros((1, 3)).view()).await.unwrap();
    let names: Vec<_> = reported.missing.iter().map(|absence| absence.party).collect();
    assert_eq!(names, [party(2), party(3)]);
    assert_eq!(reported.mean.view(), array![[1.0, 0.0]]);
}

#[tokio::test]
async fn all_clients_share_the_numbers_and_chunks_keep_to_them() {
    let limits = turncoat_proto::Limits { records_per_call: Some(4), ..Default::default() };
    let hub = Setup { limits, ..Setup::new(1) }.start().await;
    let fake = Fake::scripted(1, |_| Step::Answer([0.5, 0.5]));
    hub.gather(std::slice::from_ref(&fake)).await;
    let outsider = hub.client(Role::Outsider).await.one_at_a_time();
    outsider.predict(Array2::zeros((10, 3)).view()).await.unwrap();
    hub.client(Role::Aggregator).await.predict(Array2::zeros((2, 3)).view()).await.unwrap();
    // The operator, who measures, has numbers of its own.
    hub.client(Role::Operator).await.predict(Array2::zeros((3, 3)).view()).await.unwrap();
    outsider.predict(Array2::zeros((1, 3)).view()).await.unwrap();
    let requested = [(1, 4, 0), (5, 4, 0), (9, 2, 0), (11, 2, 0), (1, 3, 0), (13, 1, 0)];
    assert_eq!(fake.requested(), requested);
}
