//! Each limit of the public edge against a real server over sockets: the status, what the client says, and the account.

use ndarray::Array2;
use tonic::{Code, Request};
use turncoat_net::Proof;
use turncoat_proto::account::{ClientAccount, Refused};
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::coordinator_client::CoordinatorClient as Stub;
use turncoat_proto::{Deadlines, Limit, Limits, Retry, Role, RpcError, RpcFailure, Subject, wire};

use crate::fake::{Fake, Hub, Setup, Step, short};

/// A server over sockets under those limits, with one party that answers.
pub(crate) async fn under(limits: Limits) -> (Hub, Fake) {
    let deadlines = Deadlines { predict_ms: 60_000, ..short() };
    let hub = Setup { limits, deadlines, tcp: true, ..Setup::new(1) }.start().await;
    let fake = Fake::scripted(1, |_| Step::Answer([0.5, 0.5]));
    hub.gather(std::slice::from_ref(&fake)).await;
    (hub, fake)
}

pub(crate) async fn account(hub: &Hub, client: Role) -> ClientAccount {
    let account = hub.client(Role::Operator).await.account().await.unwrap();
    account.clients.get(&client).cloned().unwrap_or_default()
}

async fn ask(hub: &Hub, role: Role, rows: usize) -> Result<usize, RpcError> {
    let prediction = hub.client(role).await.one_at_a_time().predict(Array2::zeros((rows, 3)).view()).await;
    prediction.map(|prediction| prediction.mean.len())
}

fn limited(result: Result<usize, RpcError>) -> (Limit, String) {
    match result.unwrap_err().failure {
        RpcFailure::Limited { limit, message } => (limit, message),
        other => panic!("{other:?}"),
    }
}

/// A call past all that a client of ours sees to.
async fn raw(hub: &Hub, rows: usize, features: u32) -> Result<(), tonic::Status> {
    let proof = Proof::from(hub.credentials.token(Role::Outsider).unwrap());
    let timeout = std::time::Duration::from_secs(5);
    let channel = hub.dialer.connect(&hub.address, Subject::Coordinator, &proof, timeout).await.unwrap();
    let records = wire::Records::of(features, &vec![0.5; rows * features as usize]);
    let mut request = Request::new(wire::PredictRequest { records: Some(records), announced: 0 });
    let bearer = format!("Bearer {}", hub.credentials.token(Role::Outsider).unwrap().reveal());
    request.metadata_mut().insert("authorization", bearer.parse().unwrap());
    Stub::new(channel).predict(request).await.map(|_| ())
}

#[tokio::test]
async fn a_clients_budget_ends_and_the_operators_does_not() {
    let (hub, fake) = under(Limits { queries_per_client: Some(10), ..Limits::default() }).await;
    assert_eq!(ask(&hub, Role::Outsider, 8).await.unwrap(), 8);
    let (limit, message) = limited(ask(&hub, Role::Outsider, 3).await);
    assert_eq!(limit, Limit::QueriesPerClient);
    assert_eq!(message, "queries_per_client: outsider may ask 10 queries, has 2 left, and asks 3");
    assert_eq!(ask(&hub, Role::Outsider, 2).await.unwrap(), 2);
    assert_eq!(limited(ask(&hub, Role::Outsider, 1).await).0, Limit::QueriesPerClient);
    let status = raw(&hub, 1, 3).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(ask(&hub, Role::Aggregator, 10).await.unwrap(), 10);
    assert_eq!(ask(&hub, Role::Operator, 100).await.unwrap(), 100);
    assert!(fake.requested().iter().map(|requested| (requested.0, requested.1)).eq([
        (1, 8),
        (9, 2),
        (11, 10),
        (1, 100)
    ]));
    let refused = [(Limit::QueriesPerClient, Refused { calls: 3, queries: 5 })].into();
    let expected = ClientAccount { asked: 15, answered: 10, refused, failed: 0 };
    assert_eq!(account(&hub, Role::Outsider).await, expected);
}

#[tokio::test]
async fn the_budget_of_all_ends_for_all() {
    let (hub, _) = under(Limits { queries_in_all: Some(10), ..Limits::default() }).await;
    assert_eq!(ask(&hub, Role::Outsider, 6).await.unwrap(), 6);
    let (limit, message) = limited(ask(&hub, Role::Aggregator, 5).await);
    assert_eq!(limit, Limit::QueriesInAll);
    assert!(message.contains("all clients together may ask 10 queries"), "{message}");
    assert_eq!(ask(&hub, Role::Aggregator, 4).await.unwrap(), 4);
    assert_eq!(raw(&hub, 1, 3).await.unwrap_err().code(), Code::ResourceExhausted);
    assert_eq!(ask(&hub, Role::Operator, 6).await.unwrap(), 6);
    let refused = [(Limit::QueriesInAll, Refused { calls: 1, queries: 5 })].into();
    let expected = ClientAccount { asked: 9, answered: 4, refused, failed: 0 };
    assert_eq!(account(&hub, Role::Aggregator).await, expected);
}

#[tokio::test]
async fn a_call_holds_so_many_records_which_our_clients_keep_to() {
    let (hub, fake) = under(Limits { records_per_call: Some(4), ..Limits::default() }).await;
    assert_eq!(ask(&hub, Role::Outsider, 9).await.unwrap(), 9);
    assert!(fake.requested().iter().map(|requested| requested.1).eq([4, 4, 1]));
    let status = raw(&hub, 5, 3).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let says = "records_per_call: a call may ask about 4 records, and this one asks about 5";
    assert_eq!(status.message(), says);
    assert_eq!(fake.requested().len(), 3);
    let refused = [(Limit::RecordsPerCall, Refused { calls: 1, queries: 5 })].into();
    let expected = ClientAccount { asked: 14, answered: 9, refused, failed: 0 };
    assert_eq!(account(&hub, Role::Outsider).await, expected);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_not_read() {
    let (hub, fake) = under(Limits { message_bytes: 1_024, ..Limits::default() }).await;
    assert_eq!(ask(&hub, Role::Outsider, 200).await.unwrap(), 200);
    assert_eq!(fake.requested()[0].1, 64, "our clients send no more than what is taken");
    // One record alone is too large.
    let wide = Array2::from_elem((1, 300), 0.5);
    let error = hub.client(Role::Outsider).await.predict(wide.view()).await.unwrap_err();
    let RpcFailure::Limited { limit, message } = error.failure else { panic!("{error:?}") };
    assert_eq!(limit, Limit::MessageBytes);
    assert_eq!(message, "message_bytes: a message may have 1024 bytes, and this one has more");
    // Much larger than what is on its way before the refusal.
    let status = raw(&hub, 3_000_000, 3).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    let refused = [(Limit::MessageBytes, Refused { calls: 2, queries: 0 })].into();
    let expected = ClientAccount { asked: 200, answered: 200, refused, failed: 0 };
    assert_eq!(account(&hub, Role::Outsider).await, expected);
}

/// A server whose party does not answer the first query, where that party is, and a call that is with it.
async fn busy(setup: Setup) -> (Hub, Announcement, tokio::task::JoinHandle<Result<usize, RpcError>>) {
    let deadlines = Deadlines { predict_ms: 600_000, ..short() };
    let hub = Setup { deadlines, tcp: true, ..setup }.start().await;
    let fake = Fake::scripted(1, |(first, _, _)| match first {
        1 => Step::Hang,
        _ => Step::Answer([0.5, 0.5]),
    });
    let was = hub.gather(std::slice::from_ref(&fake)).await.remove(0);
    let outsider = hub.client(Role::Outsider).await;
    let call = tokio::spawn(async move {
        outsider.predict(Array2::zeros((1, 3)).view()).await.map(|prediction| prediction.mean.len())
    });
    while fake.requested().is_empty() {
        tokio::task::yield_now().await;
    }
    (hub, was, call)
}

#[tokio::test]
async fn one_call_too_many_at_a_time_is_refused_and_one_after_it_is_not() {
    let limits = Limits { concurrent_calls: 1, ..Limits::default() };
    let (hub, was, call) = busy(Setup { limits, ..Setup::new(1) }).await;
    let status = raw(&hub, 1, 3).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let (limit, message) = limited(ask(&hub, Role::Outsider, 1).await);
    assert_eq!(limit, Limit::ConcurrentCalls);
    assert_eq!(message, "concurrent_calls: 1 calls are under way, and no more are taken on; try later");
    // A party that comes back passes the edge all the same; this one has lost its model.
    let error = hub.join(&was).await.unwrap_err();
    assert!(matches!(error.failure, RpcFailure::Precondition(_)), "{error}");
    call.abort();
    // It takes the server a moment to see that the caller is gone.
    while raw(&hub, 1, 3).await.is_err() {}
    let reported = account(&hub, Role::Outsider).await;
    assert!(reported.refused[&Limit::ConcurrentCalls].calls >= 2);
    assert_eq!((reported.asked, reported.answered, reported.failed), (2, 1, 1));
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_refused() {
    let limits = Limits { request_ms: 100, ..Limits::default() };
    let (hub, _, call) = busy(Setup { limits, ..Setup::at_least(1, 1) }).await;
    let (limit, message) = limited(call.await.unwrap());
    assert_eq!(limit, Limit::RequestMs);
    assert_eq!(message, "request_ms: party-1 had not answered when the call had to be");
    let refused = [(Limit::RequestMs, Refused { calls: 1, queries: 1 })].into();
    let expected = ClientAccount { asked: 1, answered: 0, refused, failed: 0 };
    assert_eq!(account(&hub, Role::Outsider).await, expected);
    // The next is answered, as soon as the machine is quick enough.
    while ask(&hub, Role::Outsider, 2).await.is_err() {}
}

#[tokio::test]
async fn a_call_that_gets_no_turn_in_time_is_refused() {
    let limits = Limits { request_ms: 100, ..Limits::default() };
    let retry = Retry { opens_after: 100, ..Setup::new(1).retry };
    let deadlines = Deadlines { predict_ms: 600_000, ..short() };
    let hub = Setup { limits, retry, deadlines, tcp: true, ..Setup::new(1) }.start().await;
    hub.gather(&[Fake::scripted(1, |_| Step::Hang)]).await;
    // Two chunks may be with the parties at a time; the third call waits for its turn.
    let (one, other, third) = tokio::join!(raw(&hub, 1, 3), raw(&hub, 1, 3), raw(&hub, 1, 3));
    let codes = [one, other, third].map(|result| result.unwrap_err().code());
    assert_eq!(codes, [Code::DeadlineExceeded; 3]);
    let reported = account(&hub, Role::Outsider).await;
    assert_eq!(reported.refused[&Limit::RequestMs], Refused { calls: 3, queries: 3 });
}
