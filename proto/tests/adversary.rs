//! The adversary's service over both transports: a challenge there and back, its callers, its end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use ndarray::Array2;
use tokio::sync::oneshot;
use turncoat_learn::PartyId;
use turncoat_net::{Address, Dialer, Listener, MemoryNetwork, ServeError, Token};
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler, serve};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest, Claims, Question, Unanswered};
use turncoat_proto::client::AdversaryClient;
use turncoat_proto::{Credentials, Deadlines, Role, RpcError, RpcFailure, Subject};

/// Claims by the first feature, so that a mixed-up order would show.
struct ByFirstFeature;

impl ChallengeHandler for ByFirstFeature {
    fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        let first = challenge.records.column(0).mapv(f64::from);
        let claims = match challenge.question {
            Question::Membership => Claims::Membership(first.iter().map(|&x| Some((x > 1.0, x))).collect()),
            Question::Source => {
                Claims::Source(first.iter().map(|&x| Some((challenge.candidates[0], x))).collect())
            }
        };
        Ok(vec![
            AttackAnswer { attack: "first".into(), claims: Ok(claims) },
            AttackAnswer {
                attack: "shadow".into(),
                claims: Err(Unanswered::Failed("too few records".into())),
            },
        ])
    }
}

/// Fails, claims wrongly or takes its time, by the number of candidates.
struct Faulty;

impl ChallengeHandler for Faulty {
    fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        let answer = |claims| Ok(vec![AttackAnswer { attack: "a".into(), claims: Ok(claims) }]);
        match challenge.candidates.len() {
            1 => Err("the federation does not answer".into()),
            2 => answer(Claims::Membership(vec![Some((true, f64::INFINITY)); challenge.labels.len()])),
            3 => answer(Claims::Membership(vec![Some((true, 1.0))])),
            4 => panic!("a bug in an attack"),
            _ => {
                std::thread::sleep(Duration::from_millis(600));
                answer(Claims::Membership(vec![Some((true, 1.0)); challenge.labels.len()]))
            }
        }
    }
}

struct Running {
    address: Address,
    dialer: Dialer,
    credentials: Credentials,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<Result<(), ServeError>>,
}

fn start(handler: impl ChallengeHandler, listener: Listener, dialer: Dialer) -> Running {
    let credentials = Credentials::generate(3).unwrap().for_adversary(Role::Outsider).unwrap();
    let config = AdversaryConfig {
        identity: credentials.clone().into(),
        vantage: "outsider".into(),
        attacks: vec!["first".into(), "shadow".into()],
        drain_ms: 100,
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let address = listener.address().clone();
    let served = tokio::spawn(serve(Arc::new(handler), config, listener, async {
        let _ = stopped.await;
    }));
    Running { address, dialer, credentials, stop, served }
}

fn in_memory(handler: impl ChallengeHandler) -> Running {
    let network = MemoryNetwork::new();
    start(handler, network.listen("adversary").unwrap(), Dialer::with_memory(network))
}

async fn client(running: &Running, token: &Token, challenge_ms: u64) -> AdversaryClient {
    let deadlines = Deadlines { challenge_ms, ..Deadlines::default() };
    AdversaryClient::connect(&running.dialer, &running.address, Subject::Outsider, token, deadlines)
        .await
        .unwrap()
}

async fn challenger(running: &Running) -> AdversaryClient {
    client(running, running.credentials.token(Role::Challenger).unwrap(), 10_000).await
}

fn challenge(records: usize, candidates: u32, question: Question) -> ChallengeRequest {
    ChallengeRequest {
        question,
        candidates: PartyId::first(candidates).collect(),
        records: Array2::from_shape_fn((records, 4), |(row, _)| row as f32),
        labels: vec![0; records],
    }
}

#[tokio::test]
async fn a_challenge_of_many_chunks_goes_there_and_back_over_both_transports() {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    for running in [in_memory(ByFirstFeature), start(ByFirstFeature, listener, Dialer::tcp())] {
        let client = challenger(&running).await;
        let (vantage, attacks) = client.status().await.unwrap();
        assert_eq!((vantage.as_str(), attacks.len()), ("outsider", 2));
        let answers = client.challenge(challenge(150_000, 2, Question::Source)).await.unwrap();
        let first = PartyId::new(1).unwrap();
        let expected = (0..150_000).map(|row| Some((first, f64::from(row)))).collect();
        assert_eq!(answers[0].claims, Ok(Claims::Source(expected)));
        assert_eq!(answers[1].claims, Err(Unanswered::Failed("too few records".into())));
        let answers = client.challenge(challenge(3, 1, Question::Membership)).await.unwrap();
        let expected = [(false, 0.0), (false, 1.0), (true, 2.0)].map(Some).to_vec();
        assert_eq!(answers[0].claims, Ok(Claims::Membership(expected)));
    }
}

#[tokio::test]
async fn only_the_challenger_is_answered() {
    let running = in_memory(ByFirstFeature);
    let own_role = client(&running, running.credentials.token(Role::Outsider).unwrap(), 1_000).await;
    let error = own_role.challenge(challenge(3, 1, Question::Source)).await.unwrap_err();
    assert!(
        matches!(&error.failure, RpcFailure::PermissionDenied(says) if says.contains("outsider")),
        "{error}"
    );
    let unauthenticated = client(&running, &Token::generate().unwrap(), 1_000).await;
    let error = unauthenticated.status().await.unwrap_err();
    assert!(matches!(error.failure, RpcFailure::Unauthenticated(_)), "{error}");
}

#[tokio::test]
async fn what_an_adversary_does_wrong_is_named() {
    let running = in_memory(Faulty);
    let client = challenger(&running).await;
    let ask = async |candidates| -> RpcError {
        client.challenge(challenge(5, candidates, Question::Membership)).await.unwrap_err()
    };
    assert!(ask(1).await.to_string().contains("the federation does not answer"));
    assert!(ask(2).await.to_string().contains("score[0] is inf"));
    assert!(ask(3).await.to_string().contains("claims has 1 entries where 5 were due"));
    assert!(matches!(ask(4).await.failure, RpcFailure::Internal(_)));
}

#[tokio::test]
async fn a_challenge_has_a_deadline() {
    let running = in_memory(Faulty);
    let client = client(&running, running.credentials.token(Role::Challenger).unwrap(), 50).await;
    let error = client.challenge(challenge(5, 5, Question::Membership)).await.unwrap_err();
    assert_eq!(error.failure, RpcFailure::DeadlineExceeded(50));
}

#[tokio::test]
async fn what_is_under_way_at_the_drain_deadline_is_cut_off_and_nothing_is_served_after() {
    let running = in_memory(Faulty);
    let client = challenger(&running).await;
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.challenge(challenge(5, 5, Question::Membership)).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let start = Instant::now();
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
    assert!(start.elapsed() >= Duration::from_millis(100), "the call under way was given its time");
    let error = call.await.unwrap().unwrap_err();
    assert!(matches!(error.failure, RpcFailure::Unavailable(_)), "{error}");
    assert!(matches!(client.status().await.unwrap_err().failure, RpcFailure::Unavailable(_)));
}

#[tokio::test]
async fn names_and_ports_in_use_are_refused() {
    let network = MemoryNetwork::new();
    let taken = network.listen("adversary").unwrap();
    assert!(network.listen("adversary").unwrap_err().to_string().contains("in use"));
    drop(taken);
    network.listen("adversary").unwrap();
    let taken = Listener::bind("127.0.0.1:0").await.unwrap();
    let error = Listener::bind(&taken.address().to_string()).await.unwrap_err().to_string();
    assert!(error.contains(&taken.address().to_string()) && error.contains("another port"), "{error}");
    assert!(Listener::bind("memory:x").await.is_err() && Listener::bind("nonsense").await.is_err());
}

#[tokio::test]
async fn nobody_there_says_so() {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address().clone();
    drop(listener);
    let dialer = Dialer::with_memory(MemoryNetwork::new());
    for address in [address, "memory:nobody".parse().unwrap()] {
        let token = Token::generate().unwrap();
        let deadlines = Deadlines::default();
        let error = AdversaryClient::connect(&dialer, &address, Subject::Outsider, &token, deadlines)
            .await
            .unwrap_err();
        assert!(matches!(error.failure, RpcFailure::Unavailable(_)));
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
}
