//! What a caller hears of a party at fault: which one, and what it did. And what it gets when none is.

use ndarray::{Array2, Axis, Slice, array};
use turncoat_proto::rpc_error::PartyFault;
use turncoat_proto::{AbsenceReason, Deadlines, Disclosure, Role, RpcError, RpcFailure, wire};

use crate::fake::{Behaviour, Fake, Hub, Setup, order, party, short};

/// Party 2 of 2 misbehaves; what an outsider hears.
async fn heard(hub: Hub, behaviour: Behaviour) -> (AbsenceReason, String) {
    hub.federate(vec![Behaviour::Constant([1.0, 0.0]), behaviour]).await;
    let records = Array2::zeros((4, 3));
    let error = hub.client(Role::Outsider).await.predict(records.view()).await.unwrap_err();
    match error.failure {
        RpcFailure::Quorum { party: culprit, reason, message } => {
            assert_eq!(culprit, party(2));
            assert!(message.starts_with("1 of 2 parties answered where all must: party-2 at "), "{message}");
            (reason, message)
        }
        other => panic!("{other:?}"),
    }
}

fn at_fault(error: RpcError) -> (PartyFault, String) {
    match error.failure {
        RpcFailure::Party { party: culprit, fault, message } => {
            assert_eq!(culprit, party(2));
            assert!(message.contains("party-2 at "), "{message}");
            (fault, message)
        }
        other => panic!("{other:?}"),
    }
}

async fn hub() -> Hub {
    Hub::start(2, Disclosure::Open).await
}

/// The same vector for each record.
fn constant(vector: [f64; 2], rows: usize) -> wire::Vectors {
    wire::Vectors::of(ndarray::Array2::from_shape_fn((rows, 2), |(_, class)| vector[class]).view())
}

#[tokio::test]
async fn a_vector_with_nan_is_named() {
    let nan = |rows| constant([f64::NAN, 1.0], rows);
    for hub in [hub().await, Hub::start_tcp(2, Disclosure::Open).await] {
        let (reason, message) = heard(hub, Behaviour::Raw(nan)).await;
        assert_eq!(reason, AbsenceReason::Invalid);
        assert!(message.contains("row 0, class 0: NaN is not a finite number"), "{message}");
    }
}

#[tokio::test]
async fn an_answer_of_the_wrong_length_is_named() {
    let short = |rows: usize| constant([0.5, 0.5], rows - 1);
    let (reason, message) = heard(hub().await, Behaviour::Raw(short)).await;
    assert_eq!(reason, AbsenceReason::Invalid);
    assert!(message.contains("3 x 2 probabilities where 4 records x 2 classes"), "{message}");
}

#[tokio::test]
async fn vectors_that_do_not_sum_to_one_are_named() {
    let large = |rows| constant([0.5, 0.75], rows);
    let (reason, message) = heard(hub().await, Behaviour::Raw(large)).await;
    assert_eq!(reason, AbsenceReason::Invalid);
    assert!(message.contains("row 0: probabilities sum to 1.25"), "{message}");
}

#[tokio::test]
async fn a_party_that_does_not_answer_is_named() {
    let (reason, message) = heard(hub().await, Behaviour::Hang).await;
    assert_eq!(reason, AbsenceReason::Deadline);
    assert!(message.contains("PredictProba: no answer within 200 ms"), "{message}");
}

#[tokio::test]
async fn a_party_that_dies_while_predicting_is_named() {
    for hub in [hub().await, Hub::start_tcp(2, Disclosure::Open).await] {
        assert_eq!(heard(hub, Behaviour::Die).await.0, AbsenceReason::Unreachable);
    }
}

#[tokio::test]
async fn a_party_that_dies_while_training_is_named() {
    for hub in [hub().await, Hub::start_tcp(2, Disclosure::Open).await] {
        for (number, behaviour) in [(1, Behaviour::Echo), (2, Behaviour::DieInFit)] {
            let announcement = hub.spawn(Fake::new(number, behaviour)).await;
            hub.join(&announcement).await.unwrap();
        }
        let operator = hub.client(Role::Operator).await;
        let (fault, message) = at_fault(operator.fit(&order()).await.unwrap_err());
        assert_eq!(fault, PartyFault::Unavailable);
        assert!(message.contains("Fit"), "{message}");
        assert!(!operator.status().await.unwrap().fitted);
    }
}

#[tokio::test]
async fn a_party_whose_training_fails_gives_its_reason() {
    let hub = hub().await;
    for (number, behaviour) in [(1, Behaviour::Echo), (2, Behaviour::FailInFit)] {
        let announcement = hub.spawn(Fake::new(number, behaviour)).await;
        hub.join(&announcement).await.unwrap();
    }
    let (fault, message) = at_fault(hub.client(Role::Operator).await.fit(&order()).await.unwrap_err());
    assert_eq!(fault, PartyFault::Failed);
    assert!(message.contains("the disk is full"), "{message}");
}

#[tokio::test]
async fn answers_are_the_mean_in_the_order_asked_however_many() {
    // Many large chunks, for which a busy machine may take its time.
    let deadlines = Deadlines { predict_ms: 60_000, ..short() };
    let hub = Setup { deadlines, ..Setup::new(2) }.start().await;
    hub.federate(vec![Behaviour::Echo, Behaviour::Constant([0.0, 1.0])]).await;
    let outsider = hub.client(Role::Outsider).await;
    // Three chunks: a chunk holds 65,536 of these answers.
    let records = Array2::from_shape_fn((150_000, 3), |(row, _)| (row % 4) as f32 / 4.0);
    let all = outsider.predict(records.view()).await.unwrap().mean;
    assert_eq!(all.len(), 150_000);
    assert!(all.view().rows().into_iter().enumerate().all(|(row, p)| p[0] == (row % 4) as f64 / 8.0));
    let tail = outsider.predict(records.slice_axis(Axis(0), Slice::from(149_990..))).await.unwrap().mean;
    assert_eq!(tail.view(), all.view().slice_axis(Axis(0), Slice::from(149_990..)));
    assert_eq!(outsider.predict(Array2::zeros((0, 3)).view()).await.unwrap().mean.len(), 0);

    let shared = hub.client(Role::Aggregator).await.predict_shared(records.view()).await.unwrap();
    assert_eq!(shared.mean, all);
    assert_eq!(shared.parties[&party(2)].row(149_999).unwrap(), array![0.0, 1.0]);
    assert_eq!(shared.parties[&party(1)].row(149_999).unwrap(), array![0.75, 0.25]);
}

#[tokio::test]
async fn records_of_another_width_are_the_callers_fault() {
    let hub = hub().await;
    hub.federate(vec![Behaviour::Echo, Behaviour::Echo]).await;
    let error = hub.client(Role::Outsider).await.predict(array![[1.0, 2.0]].view()).await.unwrap_err();
    assert_eq!(error.party(), None);
    assert!(
        matches!(&error.failure, RpcFailure::InvalidRequest(says) if says.contains("2 features")),
        "{error}"
    );
}
