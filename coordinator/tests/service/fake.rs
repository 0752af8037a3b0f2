//! A coordinator under test, and parties that answer whatever they are told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use ndarray::Array2;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tonic::{Request, Response, Status};
use turncoat_coordinator::{CoordinatorConfig, serve_and_tell};
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, ModelDigest, PartyId, Seed};
use turncoat_net::edge::EdgeLimits;
use turncoat_net::{Address, Dialer, Listener, MAX_MESSAGE_BYTES, MemoryNetwork, server};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::records::records_from_wire;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::party_server::{Party, PartyServer};
use turncoat_proto::{Credentials, Deadlines, Disclosure, Limits, Quorum, Retry, Role, RpcError, wire};

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

/// What a coordinator is configured with.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) parties: u32,
    pub(crate) disclosure: Disclosure,
    pub(crate) tcp: bool,
    pub(crate) deadlines: Deadlines,
    pub(crate) quorum: Quorum,
    pub(crate) limits: Limits,
    pub(crate) retry: Retry,
    /// Whether it tells figures.
    pub(crate) figures: bool,
}

impl Setup {
    /// One attempt, nobody is waited for, all must answer, and short deadlines.
    pub(crate) fn new(parties: u32) -> Self {
        Self {
            parties,
            disclosure: Disclosure::Open,
            tcp: false,
            deadlines: short(),
            quorum: Quorum::All,
            limits: Limits::default(),
            retry: Retry { attempts: 1, rejoin_ms: 0, first_pause_ms: 1, ..Retry::default() },
            figures: false,
        }
    }

    pub(crate) fn at_least(parties: u32, quorum: u32) -> Self {
        Self { quorum: Quorum::AtLeast(quorum), ..Self::new(parties) }
    }

    pub(crate) async fn start(self) -> Hub {
        let network = MemoryNetwork::new();
        let listener = match self.tcp {
            true => Listener::bind("127.0.0.1:0").await.unwrap(),
            false => network.listen("coordinator").unwrap(),
        };
        let Self { parties, disclosure, tcp, deadlines, quorum, limits, retry, figures } = self;
        let dialer = Dialer::with_memory(network.clone());
        let credentials = Credentials::generate(parties).unwrap();
        let address = listener.address().clone();
        let config = CoordinatorConfig {
            release: Vec::new(),
            parties,
            disclosure,
            identity: credentials.for_coordinator().into(),
            dialer: dialer.clone(),
            deadlines,
            in_flight: Some(2),
            quorum,
            limits,
            retry,
        };
        let (stop, stopped) = oneshot::channel();
        let figures = match figures {
            true => Some(TcpListener::bind("127.0.0.1:0").await.unwrap()),
            false => None,
        };
        let told_at = figures.as_ref().map(|listener| listener.local_addr().unwrap());
        tokio::spawn(serve_and_tell(config, listener, figures, async {
            let _ = stopped.await;
        }));
        Hub { network, dialer, credentials, address, tcp, deadlines, told_at, _stop: stop }
    }
}

/// A running coordinator.
pub(crate) struct Hub {
    pub(crate) network: MemoryNetwork,
    pub(crate) dialer: Dialer,
    pub(crate) credentials: Credentials,
    pub(crate) address: Address,
    tcp: bool,
    deadlines: Deadlines,
    /// Where it tells figures.
    pub(crate) told_at: Option<SocketAddr>,
    _stop: oneshot::Sender<()>,
}

impl Hub {
    pub(crate) async fn start(parties: u32, disclosure: Disclosure) -> Self {
        Setup { disclosure, ..Setup::new(parties) }.start().await
    }

    pub(crate) async fn start_tcp(parties: u32, disclosure: Disclosure) -> Self {
        Setup { disclosure, tcp: true, ..Setup::new(parties) }.start().await
    }

    pub(crate) async fn client(&self, role: Role) -> CoordinatorClient {
        let token = self.credentials.token(role).unwrap();
        CoordinatorClient::connect(&self.dialer, &self.address, token, self.deadlines).await.unwrap()
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
        self.spawn_on(fake, listener)
    }

    pub(crate) fn spawn_on(&self, fake: Fake, listener: Listener) -> Announcement {
        let announcement = Announcement {
            protocol: wire::PROTOCOL.into(),
            revision: wire::REVISION,
            party: fake.id,
            address: listener.address().clone(),
            records: 10,
            features: FEATURES,
            model_digest: fake.digest,
        };
        let death = Arc::clone(&fake.death);
        let service = PartyServer::new(fake)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        let stop = async move { death.notified().await };
        tokio::spawn(server::run(
            EdgeLimits::default(),
            service,
            listener,
            None,
            stop,
            std::time::Duration::ZERO,
        ));
        announcement
    }

    pub(crate) async fn join(&self, announcement: &Announcement) -> Result<(), RpcError> {
        self.client(Role::Party(announcement.party)).await.join(announcement).await.map(|_| ())
    }

    /// Joins fake parties 1 to n with those behaviours, and trains them.
    pub(crate) async fn federate(&self, behaviours: Vec<Behaviour>) {
        let fakes = (1..).zip(behaviours).map(|(number, behaviour)| Fake::new(number, behaviour));
        self.gather(&fakes.collect::<Vec<_>>()).await;
    }

    /// Joins fake parties and trains them; where each listens.
    pub(crate) async fn gather(&self, fakes: &[Fake]) -> Vec<Announcement> {
        let mut announcements = Vec::new();
        for fake in fakes {
            let announcement = self.spawn(fake.clone()).await;
            self.join(&announcement).await.unwrap();
            announcements.push(announcement);
        }
        self.client(Role::Operator).await.fit(&order()).await.unwrap();
        announcements
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
    /// Does what this says when it is asked that.
    Scripted(Arc<dyn Fn(PredictCall) -> Step + Send + Sync>),
    /// Never answers.
    Hang,
    /// Goes away in the middle of the call.
    Die,
    /// Goes away in the middle of training.
    DieInFit,
    /// Says that training failed.
    FailInFit,
}

/// What a fake party was asked: the number of the first query, how many, and which attempt.
pub(crate) type PredictCall = (u64, usize, u32);

/// What a scripted party does.
pub(crate) enum Step {
    /// Answers this vector for every record.
    Answer([f64; 2]),
    /// Answers that.
    Raw(wire::Vectors),
    /// Refuses.
    Refuse(Status),
    /// Never answers.
    Hang,
    /// Goes away in the middle of the call.
    Die,
}

/// A party that does what its test tells it to.
#[derive(Clone)]
pub(crate) struct Fake {
    id: PartyId,
    behaviour: Behaviour,
    /// Its model, once it has one.
    digest: Option<ModelDigest>,
    requested: Arc<Mutex<Vec<PredictCall>>>,
    death: Arc<Notify>,
}

impl Fake {
    pub(crate) fn new(number: u32, behaviour: Behaviour) -> Self {
        Self { id: party(number), behaviour, digest: None, requested: Arc::default(), death: Arc::default() }
    }

    pub(crate) fn scripted(
        number: u32,
        script: impl Fn(PredictCall) -> Step + Send + Sync + 'static,
    ) -> Self {
        Self::new(number, Behaviour::Scripted(Arc::new(script)))
    }

    /// The same party, restarted with that model or none.
    pub(crate) fn back_with(&self, digest: Option<ModelDigest>) -> Self {
        Self { digest, death: Arc::default(), ..self.clone() }
    }

    /// What it was asked so far.
    pub(crate) fn requested(&self) -> Vec<PredictCall> {
        self.requested.lock().unwrap().clone()
    }

    /// The model that training gives it.
    pub(crate) fn model(&self) -> ModelDigest {
        ModelDigest::new([self.id.get() as u8; 32])
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
                model_digest: self.model().as_bytes().to_vec(),
                ..Default::default()
            })),
        }
    }

    async fn predict_proba(
        &self,
        request: Request<wire::PredictProbaRequest>,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        let wire::PredictProbaRequest { records, first_query, attempt, .. } = request.into_inner();
        let records = records_from_wire(records).unwrap();
        let rows = records.nrows();
        let requested = (first_query, rows, attempt);
        self.requested.lock().unwrap().push(requested);
        let of = |vector: &dyn Fn(usize) -> [f64; 2]| {
            wire::Vectors::of(Array2::from_shape_fn((rows, 2), |(row, class)| vector(row)[class]).view())
        };
        let constant = |vector: [f64; 2]| of(&|_| vector);
        let vectors = match &self.behaviour {
            Behaviour::Constant(vector) => constant(*vector),
            Behaviour::Echo => {
                let first = |row| f64::from(records[(row, 0)]);
                of(&|row| [first(row), 1.0 - first(row)])
            }
            Behaviour::Raw(make) => make(rows),
            Behaviour::Hang => std::future::pending().await,
            Behaviour::Scripted(script) => match script(requested) {
                Step::Answer(vector) => constant(vector),
                Step::Raw(vectors) => vectors,
                Step::Refuse(status) => return Err(status),
                Step::Hang => std::future::pending().await,
                Step::Die => self.die().await,
            },
            _ => self.die().await,
        };
        let digest = self.digest.unwrap_or(self.model());
        Ok(Response::new(wire::PredictProbaReply {
            vectors: Some(vectors),
            model_digest: digest.as_bytes().to_vec(),
            first_query,
        }))
    }

    async fn status(
        &self,
        _request: Request<wire::PartyStatusRequest>,
    ) -> Result<Response<wire::PartyStatusReply>, Status> {
        Ok(Response::new(wire::PartyStatusReply {
            revision: wire::REVISION,
            party: self.id.get(),
            records: 10,
            features: FEATURES,
            fitted: self.digest.is_some(),
            model_digest: self.digest.map(|digest| digest.as_bytes().to_vec()),
        }))
    }
}
