//! A coordinator under test, and parties that answer whatever they are told to.

use std::sync::Arc;

use tokio::sync::{Notify, oneshot};
use tonic::{Request, Response, Status};
use turncoat_coordinator::{CoordinatorConfig, serve};
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, PartyId, Seed};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::party_server::{Party, PartyServer};
use turncoat_proto::{
    Address, Credentials, Deadlines, Dialer, Disclosure, Limits, Listener, MemoryNetwork, Quorum, Retry,
    Role, RpcError, server, version, wire,
};

/// Features of every fake party's records.
pub(crate) const FEATURES: u32 = 3;

pub(crate) fn party(number: u32) -> PartyId {
    PartyId::new(number).unwrap()
}

pub(crate) fn order() -> FitOrder {
    let learner = Learner::DecisionTree(TreeParams::default());
    FitOrder { learner, classes: 2, seed: Seed::root(1) }
}

/// Deadlines short enough to be waited for.
pub(crate) fn short() -> Deadlines {
    Deadlines { predict_ms: 200, fit_ms: 200, join_ms: 2_000, drain_ms: 100, ..Deadlines::default() }
}

/// A running coordinator.
pub(crate) struct Hub {
    pub(crate) network: MemoryNetwork,
    pub(crate) dialer: Dialer,
    pub(crate) credentials: Credentials,
    pub(crate) address: Address,
    tcp: bool,
    _stop: oneshot::Sender<()>,
}

impl Hub {
    pub(crate) async fn start(parties: u32, disclosure: Disclosure) -> Self {
        let network = MemoryNetwork::new();
        let listener = network.listen("coordinator").unwrap();
        Self::serve(network, listener, parties, disclosure, false)
    }

    pub(crate) async fn start_tcp(parties: u32, disclosure: Disclosure) -> Self {
        let listener = Listener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(MemoryNetwork::new(), listener, parties, disclosure, true)
    }

    fn serve(
        network: MemoryNetwork,
        listener: Listener,
        parties: u32,
        disclosure: Disclosure,
        tcp: bool,
    ) -> Self {
        let dialer = Dialer::with_memory(network.clone());
        let credentials = Credentials::generate(parties).unwrap();
        let address = listener.address().clone();
        let config = CoordinatorConfig {
            parties,
            disclosure,
            credentials: credentials.for_coordinator(),
            dialer: dialer.clone(),
            deadlines: short(),
            in_flight: Some(2),
            quorum: Quorum::All,
            limits: Limits::default(),
            retry: Retry { attempts: 1, rejoin_ms: 0, ..Retry::default() },
        };
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(serve(config, listener, async {
            let _ = stopped.await;
        }));
        Self { network, dialer, credentials, address, tcp, _stop: stop }
    }

    pub(crate) async fn client(&self, role: Role) -> CoordinatorClient {
        let token = self.credentials.token(role).unwrap();
        CoordinatorClient::connect(&self.dialer, &self.address, token, short()).await.unwrap()
    }

    pub(crate) async fn listener(&self, name: &str) -> Listener {
        if self.tcp {
            Listener::bind("127.0.0.1:0").await.unwrap()
        } else {
            self.network.listen(name).unwrap()
        }
    }

    /// Starts a fake party and returns what it would announce.
    pub(crate) async fn spawn(&self, fake: Fake) -> Announcement {
        let listener = self.listener(&format!("fake-{}", fake.id)).await;
        let announcement = Announcement {
            protocol: version::PROTOCOL.into(),
            revision: version::REVISION,
            party: fake.id,
            address: listener.address().clone(),
            records: 10,
            features: FEATURES,
            model_digest: None,
        };
        let death = Arc::clone(&fake.death);
        let service = PartyServer::new(fake);
        let stop = async move { death.notified().await };
        tokio::spawn(server::run(service, listener, stop, std::time::Duration::ZERO));
        announcement
    }

    pub(crate) async fn join(&self, announcement: &Announcement) -> Result<(), RpcError> {
        self.client(Role::Party(announcement.party)).await.join(announcement).await.map(|_| ())
    }

    /// Joins fake parties 1 to n with those behaviours, and trains them.
    pub(crate) async fn federate(&self, behaviours: Vec<Behaviour>) {
        for (number, behaviour) in (1..).zip(behaviours) {
            let announcement = self.spawn(Fake::new(number, behaviour)).await;
            self.join(&announcement).await.unwrap();
        }
        self.client(Role::Operator).await.fit(&order()).await.unwrap();
    }
}

/// What a fake party does when it is asked for probabilities of that many rows.
#[derive(Clone)]
pub(crate) enum Behaviour {
    /// Answers the same vector for every record.
    Constant([f64; 2]),
    /// Answers the first feature of each record as the probability of class 0.
    Echo,
    /// Answers whatever this makes of the number of rows.
    Raw(fn(usize) -> wire::Vectors),
    /// Never answers.
    Hang,
    /// Goes away in the middle of the call.
    Die,
    /// Goes away in the middle of training.
    DieInFit,
    /// Says that training failed.
    FailInFit,
}

/// A party that does what its test tells it to.
pub(crate) struct Fake {
    id: PartyId,
    behaviour: Behaviour,
    death: Arc<Notify>,
}

impl Fake {
    pub(crate) fn new(number: u32, behaviour: Behaviour) -> Self {
        Self { id: party(number), behaviour, death: Arc::default() }
    }

    async fn die<T>(&self) -> T {
        self.death.notify_one();
        std::future::pending().await
    }
}

#[tonic::async_trait]
impl Party for Fake {
    async fn fit(&self, _request: Request<wire::FitRequest>) -> Result<Response<wire::PartyFit>, Status> {
        match self.behaviour {
            Behaviour::DieInFit => self.die().await,
            Behaviour::FailInFit => Err(Status::internal("the disk is full")),
            _ => Ok(Response::new(wire::PartyFit {
                party: self.id.get(),
                records: 10,
                train_accuracy: Some(1.0),
                fit_ms: 0.5,
                model_digest: vec![self.id.get() as u8; 32],
                ..Default::default()
            })),
        }
    }

    async fn predict_proba(
        &self,
        request: Request<wire::PredictProbaRequest>,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        let values = request.into_inner().records.unwrap().values;
        let rows = values.len() / FEATURES as usize;
        let vectors = match &self.behaviour {
            Behaviour::Constant(vector) => wire::Vectors { classes: 2, probabilities: vector.repeat(rows) },
            Behaviour::Echo => {
                let first = values.chunks(FEATURES as usize).map(|record| f64::from(record[0]));
                wire::Vectors { classes: 2, probabilities: first.flat_map(|p| [p, 1.0 - p]).collect() }
            }
            Behaviour::Raw(make) => make(rows),
            Behaviour::Hang => std::future::pending().await,
            _ => self.die().await,
        };
        Ok(Response::new(wire::PredictProbaReply { vectors: Some(vectors) }))
    }

    async fn status(
        &self,
        _request: Request<wire::PartyStatusRequest>,
    ) -> Result<Response<wire::PartyStatusReply>, Status> {
        Ok(Response::new(wire::PartyStatusReply {
            revision: version::REVISION,
            party: self.id.get(),
            records: 10,
            features: FEATURES,
            fitted: false,
            model_digest: None,
        }))
    }
}
