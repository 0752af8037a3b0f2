//! The federation of a simulation: real services, whose parties crash, are cut off and come back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use rand::seq::IndexedRandom;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, LocalModel, PartyId, PredictionVectors, Seed, Shard};
use turncoat_net::{Address, Dialer};
use turncoat_party::PartyConfig;
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Credentials, Deadlines, Disclosure, Limits, Quorum, Retry, Role};

use super::FaultPlan;
use super::network::SimulatedNetwork;

pub(crate) const FEATURES: usize = 2;
const CLASSES: u32 = 3;
const RECORDS: usize = 12;

/// A federation that is trained, on a simulated network.
pub(crate) struct Federation {
    pub(crate) plan: FaultPlan,
    pub(crate) models: BTreeMap<PartyId, LocalModel>,
    network: SimulatedNetwork,
    seed: Seed,
    credentials: Credentials,
    coordinator: Address,
    folder: TempDir,
    parties: BTreeMap<PartyId, Option<JoinHandle<()>>>,
}

pub(crate) fn deadlines() -> Deadlines {
    Deadlines { connect_ms: 400, join_ms: 60_000, predict_ms: 500, drain_ms: 50, ..Deadlines::default() }
}

fn shard(id: PartyId) -> Shard {
    let value = |row: usize, column: usize| ((row * 7 + column * 3 + id.index() * 5) % 11) as f32;
    let records = Array2::from_shape_fn((RECORDS, FEATURES), |(row, column)| value(row, column));
    let labels = (0..RECORDS).map(|row| ((row + id.index()) % CLASSES as usize) as u32).collect();
    Shard::new(records, labels).unwrap()
}

fn order() -> FitOrder {
    let learner = Learner::DecisionTree(TreeParams::default());
    FitOrder { learner, classes: CLASSES, seed: Seed::root(1) }
}

impl Federation {
    /// Without faults, so that everybody is trained.
    pub(crate) async fn start(seed: Seed, plan: FaultPlan) -> Self {
        let network = SimulatedNetwork::new(seed);
        let credentials = Credentials::generate(plan.parties).unwrap();
        let listener = network.listeners().listen("coordinator").unwrap();
        let coordinator = listener.address().clone();
        let config = CoordinatorConfig {
            release: Vec::new(),
            parties: plan.parties,
            disclosure: plan.disclosure,
            identity: credentials.for_coordinator().into(),
            dialer: Dialer::with_memory(network.endpoint("coordinator")),
            deadlines: deadlines(),
            in_flight: Some(4),
            quorum: plan.quorum,
            limits: Limits { request_ms: 6_000, keep_alive_ms: 2_000, ..Limits::default() },
            retry: Retry { rejoin_ms: 1_000, skips: 3, ..Retry::default() },
        };
        tokio::spawn(turncoat_coordinator::serve(config, listener, std::future::pending()));
        let order = order();
        let models = PartyId::first(plan.parties).map(|id| {
            let shard = shard(id);
            let samples = shard.samples(CLASSES as usize).unwrap();
            (id, order.learner.fit(samples, order.seed.child("party", u64::from(id.get()))).unwrap())
        });
        let mut federation = Self {
            plan,
            models: models.collect(),
            network,
            seed,
            credentials,
            coordinator,
            folder: tempfile::tempdir().unwrap(),
            parties: BTreeMap::new(),
        };
        for id in PartyId::first(plan.parties) {
            federation.rise(id);
        }
        let operator = federation.client(Role::Operator).await.unwrap();
        let status = operator.wait_until_joined(Duration::from_secs(30)).await.unwrap();
        assert_eq!(status.missing(), []);
        operator.fit(&order).await.unwrap();
        federation
    }

    /// Somebody's client. Clients meet no faults: it is the parties that the simulation is about.
    pub(crate) async fn client(&self, role: Role) -> Result<CoordinatorClient, turncoat_proto::RpcError> {
        let dialer = Dialer::with_memory(self.network.endpoint(&format!("client-{role}")));
        let token = self.credentials.token(role).unwrap();
        CoordinatorClient::connect(&dialer, &self.coordinator, token, deadlines()).await
    }

    fn saved(&self, id: PartyId) -> PathBuf {
        self.folder.path().join(id.to_string())
    }

    /// A party starts, with its saved model if it has one.
    fn rise(&mut self, id: PartyId) {
        let saved = self.saved(id);
        let config = PartyConfig {
            id,
            shard: shard(id),
            coordinator: self.coordinator.clone(),
            dialer: Dialer::with_memory(self.network.endpoint(&id.to_string())),
            identity: self.credentials.for_party(id).into(),
            deadlines: deadlines(),
            advertise: None,
            model_path: Some(saved.clone()),
            resume: saved.exists().then_some(saved),
            fault_injector: None,
        };
        let listener = self.network.listeners().listen(&id.to_string()).unwrap();
        let serving = turncoat_party::serve(config, listener, std::future::pending());
        self.parties.insert(id, Some(tokio::spawn(async { drop(serving.await) })));
    }

    /// A party is gone, in the middle of whatever it was at.
    async fn crash(&mut self, id: PartyId) {
        if let Some(task) = self.parties.get_mut(&id).and_then(Option::take) {
            task.abort();
            let _ = task.await;
        }
    }

    /// Forty events, one after the other.
    pub(crate) async fn inject_faults(&mut self) {
        let mut draws = self.seed.stream("faults");
        let ids: Vec<PartyId> = PartyId::first(self.plan.parties).collect();
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(draws.random_range(0..1_500))).await;
            let id = *ids.choose(&mut draws).unwrap();
            let name = id.to_string();
            match draws.random_range(0..6) {
                0 => self.crash(id).await,
                1 | 2 if self.parties[&id].is_none() => self.rise(id),
                1 => self.network.slow(&name, draws.random_range(1..400)),
                2 | 3 => self.network.cut_off(&name, false),
                4 => self.network.cut_off(&name, true),
                _ => self.network.slow(&name, 2),
            }
        }
    }

    /// After the faults everybody comes back, and the federation answers as a whole again.
    pub(crate) async fn settle(&mut self) {
        self.network.heal();
        for id in PartyId::first(self.plan.parties) {
            if self.parties[&id].is_none() {
                self.rise(id);
            }
        }
        let operator = self.client(Role::Operator).await.unwrap();
        let records = Array2::zeros((1, FEATURES));
        // Whoever was given up on is asked again within so many calls.
        let mut last = String::new();
        for call in 0.. {
            assert!(call < 20, "the federation does not recover: {:?}: {last}", self.plan);
            tokio::time::sleep(Duration::from_secs(5)).await;
            match operator.predict(records.view()).await {
                Ok(answer) if answer.missing.is_empty() => break,
                Ok(answer) => last = format!("{:?}", answer.missing),
                Err(error) => last = error.to_string(),
            }
        }
        self.check_account(&operator).await;
    }

    async fn check_account(&self, operator: &CoordinatorClient) {
        let account = operator.account().await.unwrap();
        let mut requested = 0;
        for (role, client) in &account.clients {
            let refused: u64 = client.refused.values().map(|refused| refused.queries).sum();
            assert!(client.answered + client.failed <= client.asked + refused, "{role}: {client:?}");
            requested += client.asked;
        }
        let (parties, quorum) = (self.plan.parties, self.plan.quorum);
        // The operator's queries are numbered apart.
        let mut last = BTreeMap::from([(false, 0), (true, 0)]);
        for answers in &account.degraded {
            let last = last.entry(answers.client == Role::Operator).or_default();
            assert!(answers.first_query > *last, "queries are counted twice: {:?}", account.degraded);
            *last = answers.first_query + answers.rows - 1;
            let answered = parties - answers.missing.len() as u32;
            assert!(!answers.missing.is_empty() && answered >= quorum.needed(parties), "{answers:?}");
        }
        assert!(last.values().all(|&last| last <= requested), "{last:?} of {requested}");
    }

    /// The mean that those parties give.
    pub(crate) fn mean_of(
        models: &BTreeMap<PartyId, LocalModel>,
        parties: &[PartyId],
        records: ArrayView2<'_, f32>,
    ) -> PredictionVectors {
        let vectors: Vec<_> = parties.iter().map(|id| models[id].predict_proba(records).unwrap()).collect();
        PredictionVectors::mean(&vectors.iter().collect::<Vec<_>>()).unwrap()
    }

    /// How few parties an answer to that role may speak for.
    pub(crate) fn fewest(plan: FaultPlan, role: Role) -> u32 {
        let needed = match plan.quorum {
            Quorum::All => plan.parties,
            Quorum::AtLeast(least) => least,
        };
        let sees_all = match role {
            Role::Operator | Role::Aggregator => true,
            Role::Party(_) => plan.disclosure == Disclosure::Open,
            _ => false,
        };
        // A mean of one is that party's own vector, and of two a party that is one of them can work out the other's.
        match role {
            _ if sees_all => needed,
            Role::Party(_) => needed.max(plan.parties.min(3)),
            _ => needed.max(2),
        }
    }
}
