//! Parties and their coordinator together, over sockets and within one process: the same answers, bit by bit.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use ndarray::{Array2, Axis, Slice};
use tokio::sync::watch;
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, PartyId, PredictionVectors, Seed, Shard};
use turncoat_net::{Dialer, Listener, MemoryNetwork};
use turncoat_party::PartyConfig;
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Credentials, Deadlines, Disclosure, Limits, Quorum, Retry, Role, SharedPrediction};

const CLASSES: u32 = 3;
const FEATURES: usize = 4;

/// Records whose values and labels follow from their numbers.
fn records(from: usize, count: usize) -> (Array2<f32>, Vec<u32>) {
    let value = |row: usize, column: usize| ((from + row) * (2 * column + 3) % 101) as f32;
    let records = Array2::from_shape_fn((count, FEATURES), |(row, column)| value(row, column));
    let labels = (0..count).map(|row| ((from + row) * (from + row) % 7) as u32 % CLASSES).collect();
    (records, labels)
}

fn shard(party: PartyId, count: usize) -> Shard {
    let (records, labels) = records(party.index() * count, count);
    Shard::new(records, labels).unwrap()
}

fn order() -> FitOrder {
    let learner = Learner::DecisionTree(TreeParams::default());
    FitOrder { learner, classes: CLASSES, seed: Seed::root(8) }
}

/// Runs a federation of `parties`, asks it about `queries`, and shuts it down.
async fn federate(parties: u32, per_party: usize, memory: bool, queries: &Array2<f32>) -> SharedPrediction {
    let network = MemoryNetwork::new();
    let dialer = Dialer::with_memory(network.clone());
    let credentials = Credentials::generate(parties).unwrap();
    let deadlines = Deadlines { drain_ms: 1_000, ..Deadlines::default() };
    let (stop, stopped) = watch::channel(false);
    let shutdown = || {
        let mut stopped = stopped.clone();
        async move {
            let _ = stopped.wait_for(|&stop| stop).await;
        }
    };
    let listen = async |name: String| match memory {
        true => network.listen(&name).unwrap(),
        false => Listener::bind("127.0.0.1:0").await.unwrap(),
    };

    let listener = listen("coordinator".into()).await;
    let address = listener.address().clone();
    let config = CoordinatorConfig {
        release: Vec::new(),
        parties,
        disclosure: Disclosure::Open,
        identity: credentials.for_coordinator().into(),
        dialer: dialer.clone(),
        deadlines,
        in_flight: None,
        quorum: Quorum::default(),
        limits: Limits::default(),
        retry: Retry::default(),
    };
    let coordinator = tokio::spawn(turncoat_coordinator::serve(config, listener, shutdown()));
    let mut members = Vec::new();
    for id in PartyId::first(parties) {
        let config = PartyConfig {
            id,
            shard: shard(id, per_party),
            coordinator: address.clone(),
            dialer: dialer.clone(),
            identity: credentials.for_party(id).into(),
            deadlines,
            advertise: None,
            model_path: None,
            resume: None,
            fault_injector: None,
        };
        members.push(tokio::spawn(turncoat_party::serve(config, listen(id.to_string()).await, shutdown())));
    }

    let token = credentials.token(Role::Operator).unwrap();
    let operator = CoordinatorClient::connect(&dialer, &address, token, deadlines).await.unwrap();
    let status = operator.wait_until_joined(std::time::Duration::from_secs(20)).await.unwrap();
    assert_eq!(status.missing(), []);
    let fits = operator.fit(&order()).await.unwrap();
    assert_eq!(fits.len(), parties as usize);
    let shared = operator.predict_shared(queries.view()).await.unwrap();
    assert_eq!(operator.predict(queries.view()).await.unwrap().mean, shared.mean);

    stop.send(true).unwrap();
    for member in members {
        member.await.unwrap().unwrap();
    }
    coordinator.await.unwrap().unwrap();
    shared
}

/// The same without any service.
fn expected(parties: u32, per_party: usize, queries: &Array2<f32>) -> SharedPrediction {
    let order = order();
    let of = |id: PartyId| {
        let shard = shard(id, per_party);
        let seed = order.seed.child("party", u64::from(id.get()));
        let model = order.learner.fit(shard.samples(CLASSES as usize).unwrap(), seed).unwrap();
        model.predict_proba(queries.view()).unwrap()
    };
    let parties: BTreeMap<_, _> = PartyId::first(parties).map(|id| (id, of(id))).collect();
    let mean = PredictionVectors::mean(&parties.values().collect::<Vec<_>>()).unwrap();
    let parties = parties.into_iter().map(|(id, vectors)| (id, vectors.into())).collect();
    SharedPrediction { mean, parties, missing: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_memory_and_no_service_at_all_give_the_same_bits() {
    let (queries, _) = records(50, 1_000);
    let expected = expected(4, 300, &queries);
    assert_eq!(federate(4, 300, false, &queries).await, expected);
    assert_eq!(federate(4, 300, true, &queries).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_many_chunks_is_answered_like_its_pieces() {
    let (queries, _) = records(0, 100_000);
    let all = federate(3, 100, true, &queries).await;
    let tail = queries.slice_axis(Axis(0), Slice::from(99_000..)).to_owned();
    let tail_answer = federate(3, 100, true, &tail).await;
    assert_eq!(all.mean.view().slice_axis(Axis(0), Slice::from(99_000..)), tail_answer.mean.view());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_parties_fit_in_one_process() {
    let (queries, _) = records(0, 2_000);
    let shared = federate(200, 20, true, &queries).await;
    assert_eq!(shared, expected(200, 20, &queries));
}
