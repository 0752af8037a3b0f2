//! The services under test on real sockets, fitted and answering, and what each of their rpcs may be asked.

use std::sync::Arc;

use ndarray::Array2;
use prost::Message;
use rand::{Rng, RngExt};
use tokio::task::JoinHandle;
use tonic::codegen::http::{HeaderMap, HeaderValue, Method};
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, PartyId, Seed, Shard};
use turncoat_net::{Address, Dialer, Listener};
use turncoat_party::PartyConfig;
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest, Claims};
use turncoat_proto::client::{AdversaryClient, CoordinatorClient};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::wire::challenge_part::Part;
use turncoat_proto::{
    Credentials, Deadlines, Disclosure, Limits, Prediction, Quorum, Retry, Role, Subject, wire,
};

use super::exchange::{Ending, Sent};
use super::kinds::framed;

const CLASSES: u32 = 2;
const FEATURES: u32 = 3;

/// One rpc, its address, and a sound message for it.
#[derive(Clone)]
pub(super) struct Rpc {
    pub(super) name: &'static str,
    pub(super) address: String,
    token: String,
    pub(super) message: Vec<u8>,
}

impl Rpc {
    /// The sound message, sent as it should be.
    pub(super) fn sound(&self) -> Sent {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/grpc"));
        headers.insert("te", HeaderValue::from_static("trailers"));
        let token = HeaderValue::from_str(&format!("Bearer {}", self.token)).unwrap();
        headers.insert("authorization", token);
        let path = format!("/turncoat.v1.{}", self.name);
        Sent { method: Method::POST, path, headers, body: framed(&self.message), ending: Ending::Closed }
    }

    /// Right as bytes, and no value that could be meant.
    pub(super) fn meaningless(&self, draw: &mut impl Rng) -> Vec<u8> {
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][draw.random_range(0..3)];
        let mut values = vec![0.5; 3 * draw.random_range(1..9)];
        let at = draw.random_range(0..values.len());
        values[at] = odd;
        let records = wire::Records::of(FEATURES, &values);
        match self.name {
            "Coordinator/Join" => match draw.random_range(0..3) {
                0 => wire::JoinRequest { party: 0, ..join() },
                1 => wire::JoinRequest { address: "nowhere".into(), ..join() },
                _ => wire::JoinRequest { protocol: "x".repeat(draw.random_range(0..99)), ..join() },
            }
            .encode_to_vec(),
            "Coordinator/Fit" | "Party/Fit" => match draw.random_range(0..3) {
                0 => wire::FitRequest { learner: String::new(), ..order() },
                1 => wire::FitRequest { classes: 0, ..order() },
                _ => wire::FitRequest { learner: "{}".into(), ..order() },
            }
            .encode_to_vec(),
            "Adversary/Challenge" => head(draw.random_range(3..99), &[2, 1], 1, FEATURES).encode_to_vec(),
            _ => self.of_records(Some(records)).unwrap_or_else(|| broken(draw)),
        }
    }

    /// Of another width or length than it has to be.
    pub(super) fn misshapen(&self, draw: &mut impl Rng) -> Vec<u8> {
        let width = [0, 1, 2, 4, 5, 1_000][draw.random_range(0..6)];
        let length = 7 * width as usize + if draw.random() { 0 } else { 1 };
        let records = wire::Records { rows: 7, ..wire::Records::of(width, &vec![0.5; length]) };
        match self.name {
            "Coordinator/Join" => match draw.random_range(0..2) {
                0 => wire::JoinRequest { features: FEATURES + draw.random_range(1..9), ..join() },
                _ => wire::JoinRequest { model_digest: Some(vec![1; draw.random_range(0..32)]), ..join() },
            }
            .encode_to_vec(),
            "Coordinator/Fit" | "Party/Fit" => {
                let length = [0, 1, 31, 33, 64][draw.random_range(0..5)];
                wire::FitRequest { seed: vec![1; length], ..order() }.encode_to_vec()
            }
            "Adversary/Challenge" => {
                let records = Some(wire::Records::of(width.max(1), &[0.5; 5]));
                let part = Part::Records(wire::LabelledRecords { records, labels: vec![0; 9] });
                wire::ChallengePart { part: Some(part) }.encode_to_vec()
            }
            _ => self.of_records(Some(records)).unwrap_or_else(|| broken(draw)),
        }
    }

    /// Of sizes that are declared and not there.
    pub(super) fn oversized(&self, draw: &mut impl Rng) -> Vec<u8> {
        let huge = draw.random_range(1 << 24..=u32::MAX);
        let records =
            wire::Records { rows: huge, ..wire::Records::of(huge, &vec![0.5; draw.random_range(1..99)]) };
        match self.name {
            "Coordinator/Join" => wire::JoinRequest { party: huge, ..join() }.encode_to_vec(),
            "Coordinator/Fit" | "Party/Fit" => {
                if draw.random() {
                    return wire::FitRequest { classes: huge, ..order() }.encode_to_vec();
                }
                let learner = match draw.random_range(0..2) {
                    0 => format!("{{\"knn\":{{\"k\":{huge}000}}}}"),
                    _ => {
                        format!("{{\"random_forest\":{{\"trees\":{huge},\"bootstrap\":true}}}}")
                    }
                };
                wire::FitRequest { learner, ..order() }.encode_to_vec()
            }
            "Adversary/Challenge" => head(1, &[1], u64::from(huge) << 32, huge).encode_to_vec(),
            _ => self.of_records(Some(records)).unwrap_or_else(|| broken(draw)),
        }
    }

    fn of_records(&self, records: Option<wire::Records>) -> Option<Vec<u8>> {
        match self.name {
            "Coordinator/Predict" | "Coordinator/PredictShared" => {
                Some(wire::PredictRequest { records, announced: 0 }.encode_to_vec())
            }
            "Party/PredictProba" => Some(
                wire::PredictProbaRequest { records, first_query: 1, attempt: 0, measuring: false }
                    .encode_to_vec(),
            ),
            _ => None,
        }
    }
}

/// For an rpc whose message says nothing: a tag that is none.
fn broken(draw: &mut impl Rng) -> Vec<u8> {
    vec![draw.random_range(0..8), draw.random::<u8>() | 0x80, 0xff].into_iter().chain([0xff; 9]).collect()
}

fn join() -> wire::JoinRequest {
    wire::JoinRequest {
        protocol: "turncoat.v1".into(),
        revision: 2,
        party: 1,
        address: "127.0.0.1:9".into(),
        records: 40,
        features: FEATURES,
        model_digest: None,
    }
}

fn order() -> wire::FitRequest {
    let learner = Learner::DecisionTree(TreeParams::default());
    FitOrder { learner, classes: CLASSES, seed: Seed::root(8) }.to_wire()
}

fn head(question: i32, candidates: &[u32], records: u64, features: u32) -> wire::ChallengePart {
    let head = wire::ChallengeHead { question, candidates: candidates.to_vec(), records, features };
    wire::ChallengePart { part: Some(Part::Head(head)) }
}

fn records() -> Array2<f32> {
    Array2::from_shape_fn((40, FEATURES as usize), |(row, column)| ((row * (column + 1)) % 17) as f32)
}

struct Guess;

impl ChallengeHandler for Guess {
    fn challenge(&self, challenge: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        let claims = Claims::Membership(vec![Some((true, 0.5)); challenge.labels.len()]);
        Ok(vec![AttackAnswer { attack: "guess".into(), claims: Ok(claims) }])
    }
}

/// A coordinator, two parties and an adversary, each on a socket of its own.
pub(super) struct Services {
    pub(super) rpcs: Vec<Rpc>,
    operator: CoordinatorClient,
    challenger: AdversaryClient,
    tasks: Vec<JoinHandle<()>>,
}

impl Services {
    pub(super) async fn start() -> Self {
        let dialer = Dialer::tcp();
        let credentials = Credentials::generate(2).unwrap();
        let deadlines = Deadlines::default();
        let mut tasks = Vec::new();
        let listener = Listener::bind("127.0.0.1:0").await.unwrap();
        let coordinator = listener.address().clone();
        let config = CoordinatorConfig {
            release: Vec::new(),
            parties: 2,
            disclosure: Disclosure::Open,
            identity: credentials.for_coordinator().into(),
            dialer: dialer.clone(),
            deadlines,
            in_flight: None,
            quorum: Quorum::default(),
            limits: Limits::default(),
            retry: Retry::default(),
        };
        tasks.push(tokio::spawn(async {
            turncoat_coordinator::serve(config, listener, std::future::pending()).await.unwrap();
        }));
        let mut parties = Vec::new();
        for id in PartyId::first(2) {
            let labels = records().column(0).iter().map(|&value| u32::from(value > 8.0)).collect();
            let listener = Listener::bind("127.0.0.1:0").await.unwrap();
            parties.push(listener.address().clone());
            let config = PartyConfig {
                id,
                shard: Shard::new(records(), labels).unwrap(),
                coordinator: coordinator.clone(),
                dialer: dialer.clone(),
                identity: credentials.for_party(id).into(),
                deadlines,
                advertise: None,
                model_path: None,
                resume: None,
                fault_injector: None,
            };
            tasks.push(tokio::spawn(async {
                turncoat_party::serve(config, listener, std::future::pending()).await.unwrap();
            }));
        }
        let listener = Listener::bind("127.0.0.1:0").await.unwrap();
        let adversary = listener.address().clone();
        let held = credentials.for_adversary(Role::Outsider).unwrap();
        let config = AdversaryConfig {
            identity: held.clone().into(),
            vantage: "outsider".into(),
            attacks: vec!["guess".into()],
            drain_ms: 100,
        };
        tasks.push(tokio::spawn(async {
            let handler = Arc::new(Guess);
            turncoat_proto::adversary::serve(handler, config, listener, std::future::pending())
                .await
                .unwrap();
        }));

        let token = credentials.token(Role::Operator).unwrap();
        let operator = CoordinatorClient::connect(&dialer, &coordinator, token, deadlines).await.unwrap();
        operator.wait_until_joined(std::time::Duration::from_secs(20)).await.unwrap();
        operator.fit(&FitOrder::from_wire(order()).unwrap()).await.unwrap();
        let token = held.token(Role::Challenger).unwrap();
        let challenger =
            AdversaryClient::connect(&dialer, &adversary, Subject::Outsider, token, deadlines).await.unwrap();

        let first = PartyId::new(1).unwrap();
        let of = |role| credentials.token(role).unwrap().reveal();
        let (member, operating, calling) =
            (of(Role::Party(first)), of(Role::Operator), of(Role::Coordinator(first)));
        let challenging = held.token(Role::Challenger).unwrap().reveal();
        let requested = wire::Records::of(FEATURES, &[0.5; 12]);
        let requested = wire::PredictRequest { records: Some(requested), announced: 0 };
        let proba = wire::PredictProbaRequest {
            records: requested.records.clone(),
            first_query: 1,
            attempt: 0,
            measuring: false,
        };
        let rpc = |name, address: &Address, token: &String, message: Vec<u8>| Rpc {
            name,
            address: address.to_string(),
            token: token.clone(),
            message,
        };
        let rpcs = vec![
            rpc("Coordinator/Join", &coordinator, &member, join().encode_to_vec()),
            rpc("Coordinator/Fit", &coordinator, &operating, order().encode_to_vec()),
            rpc("Coordinator/Predict", &coordinator, &operating, requested.encode_to_vec()),
            rpc("Coordinator/PredictShared", &coordinator, &operating, requested.encode_to_vec()),
            rpc("Coordinator/Status", &coordinator, &operating, Vec::new()),
            rpc("Coordinator/Account", &coordinator, &operating, Vec::new()),
            rpc("Party/Fit", &parties[0], &calling, order().encode_to_vec()),
            rpc("Party/PredictProba", &parties[0], &calling, proba.encode_to_vec()),
            rpc("Party/Status", &parties[0], &calling, Vec::new()),
            rpc("Adversary/Challenge", &adversary, &challenging, head(1, &[1], 1, FEATURES).encode_to_vec()),
            rpc("Adversary/Status", &adversary, &challenging, Vec::new()),
        ];
        Self { rpcs, operator, challenger, tasks }
    }

    /// Good calls to everybody.
    pub(super) async fn answer(&self) -> Prediction {
        let challenge = ChallengeRequest {
            question: turncoat_proto::challenge::Question::Membership,
            candidates: PartyId::first(1).collect(),
            records: records(),
            labels: vec![0; 40],
        };
        let answers = self.challenger.challenge(challenge).await.unwrap();
        assert_eq!(answers.len(), 1);
        assert!(self.tasks.iter().all(|task| !task.is_finished()));
        self.operator.predict(records().view()).await.unwrap()
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
