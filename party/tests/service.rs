//! A party with a coordinator that is played by the test: joining, who may call, what is refused, and its end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ndarray::array;
use tokio::sync::{Mutex, mpsc, oneshot};
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Response, Status};
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, PartyId, Seed, Shard};
use turncoat_net::edge::{EdgeLimits, authenticator};
use turncoat_net::{Dialer, MemoryNetwork, Token, server};
use turncoat_party::{FaultInjector, PartyConfig, PredictCall, ServeError, serve};
use turncoat_proto::client::{EncodedRecords, PartyClient};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::wire::coordinator_server::{Coordinator, CoordinatorServer};
use turncoat_proto::{Credentials, Deadlines, Identity, Refusal, Role, RpcFailure, auth, wire};

/// Admits or refuses, and tells the test who came.
struct FakeCoordinator {
    refuse: Option<fn() -> Refusal>,
    came: Mutex<mpsc::Sender<wire::JoinRequest>>,
}

#[tonic::async_trait]
impl Coordinator for FakeCoordinator {
    async fn join(&self, request: Request<wire::JoinRequest>) -> Result<Response<wire::JoinReply>, Status> {
        assert_eq!(auth::role(&request)?, Role::Party(party()));
        self.came.lock().await.send(request.into_inner()).await.unwrap();
        match self.refuse {
            Some(refuse) => Err(refuse().into()),
            None => Ok(Response::new(wire::JoinReply { revision: wire::REVISION, parties: 2 })),
        }
    }

    async fn fit(&self, _: Request<wire::FitRequest>) -> Result<Response<wire::FederationFitReply>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn predict(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictReply>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn predict_shared(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictSharedReply>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn status(
        &self,
        _: Request<wire::FederationStatusRequest>,
    ) -> Result<Response<wire::FederationStatusReply>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn account(
        &self,
        _: Request<wire::AccountRequest>,
    ) -> Result<Response<wire::AccountReply>, Status> {
        Err(Status::unimplemented(""))
    }
}

/// Records as the coordinator sends them on.
fn encoded(records: ndarray::Array2<f32>, first_query: u64) -> EncodedRecords {
    let features = records.ncols() as u32;
    EncodedRecords::new(&wire::Records::of(features, records.as_slice().unwrap()), first_query)
}

fn party() -> PartyId {
    PartyId::new(2).unwrap()
}

struct Scene {
    network: MemoryNetwork,
    credentials: Credentials,
    came: mpsc::Receiver<wire::JoinRequest>,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<Result<(), ServeError>>,
}

/// Starts the party first and its coordinator a little later: the party has to wait for it.
async fn scene(refuse: Option<fn() -> Refusal>) -> Scene {
    scene_with(refuse, |_| {}).await
}

async fn scene_with(refuse: Option<fn() -> Refusal>, change: impl FnOnce(&mut PartyConfig)) -> Scene {
    let network = MemoryNetwork::new();
    let credentials = Credentials::generate(2).unwrap();
    let mut config = PartyConfig {
        id: party(),
        shard: Shard::new(array![[0.0], [1.0], [2.0]], vec![0, 1, 0]).unwrap(),
        coordinator: "memory:coordinator".parse().unwrap(),
        dialer: Dialer::with_memory(network.clone()),
        identity: credentials.for_party(party()).into(),
        deadlines: Deadlines { join_ms: 5_000, drain_ms: 100, ..Deadlines::default() },
        advertise: None,
        model_path: None,
        resume: None,
        fault_injector: None,
    };
    change(&mut config);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(config, network.listen("party").unwrap(), async {
        let _ = stopped.await;
    }));
    tokio::time::sleep(Duration::from_millis(30)).await;
    let (sender, came) = mpsc::channel(4);
    let coordinator = CoordinatorServer::new(FakeCoordinator { refuse, came: Mutex::new(sender) });
    let authenticator = authenticator(Identity::from(credentials.clone()));
    let coordinator = InterceptedService::new(coordinator, authenticator);
    let listener = network.listen("coordinator").unwrap();
    tokio::spawn(server::run(
        EdgeLimits::default(),
        coordinator,
        listener,
        None,
        std::future::pending(),
        Duration::ZERO,
    ));
    Scene { network, credentials, came, stop, served }
}

impl Scene {
    async fn client(&self, token: &Token) -> PartyClient {
        let dialer = Dialer::with_memory(self.network.clone());
        let address = "memory:party".parse().unwrap();
        PartyClient::connect(&dialer, party(), &address, token, Deadlines::default()).await.unwrap()
    }

    async fn coordinator(&self) -> PartyClient {
        self.client(self.credentials.token(Role::Coordinator(party())).unwrap()).await
    }
}

fn order(classes: u32) -> FitOrder {
    let learner = Learner::DecisionTree(TreeParams::default());
    FitOrder { learner, classes, seed: Seed::root(1) }
}

#[tokio::test]
async fn a_party_waits_for_its_coordinator_joins_trains_and_answers() {
    let mut scene = scene(None).await;
    let joined = scene.came.recv().await.unwrap();
    assert_eq!((joined.party, joined.records, joined.features), (2, 3, 1));
    assert_eq!((joined.protocol.as_str(), joined.address.as_str()), ("turncoat.v1", "memory:party"));
    let client = scene.coordinator().await;
    let records = encoded(array![[1.0], [2.0]], 1);
    let early = client.predict_proba(&records, 2, 0).await.unwrap_err();
    assert!(matches!(early.failure, RpcFailure::Precondition(_)), "{early}");
    let fit = client.fit(&order(2)).await.unwrap();
    assert_eq!((fit.records, fit.train_accuracy), (3, Some(1.0)));
    let (vectors, digest) = client.predict_proba(&records, 2, 0).await.unwrap();
    assert_eq!(digest, fit.model_digest);
    assert_eq!(vectors.view(), array![[0.0, 1.0], [1.0, 0.0]]);
    let many = encoded(ndarray::Array2::from_elem((1_000, 1), 1.0), 1);
    assert_eq!(client.predict_proba(&many, 2, 0).await.unwrap().0.row(999), array![0.0, 1.0]);
    assert!(client.status().await.unwrap().fitted);

    scene.stop.send(()).unwrap();
    scene.served.await.unwrap().unwrap();
    let gone = client.status().await.unwrap_err();
    assert!(matches!(gone.failure, RpcFailure::Unavailable(_)), "{gone}");
}

#[tokio::test]
async fn a_party_that_comes_back_announces_its_saved_model_and_answers_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("party.model");
    let records = encoded(array![[0.25], [1.0], [7.0]], 41);
    let first = scene_with(None, |config| config.model_path = Some(saved.clone())).await;
    let fit = first.coordinator().await.fit(&order(2)).await.unwrap();
    let before = first.coordinator().await.predict_proba(&records, 2, 0).await.unwrap();

    let mut second = scene_with(None, |config| config.resume = Some(saved.clone())).await;
    let joined = second.came.recv().await.unwrap();
    assert_eq!(joined.model_digest.as_deref(), Some(&fit.model_digest.as_bytes()[..]));
    let client = second.coordinator().await;
    assert_eq!(client.status().await.unwrap().model_digest, Some(fit.model_digest));
    assert_eq!(client.predict_proba(&records, 2, 0).await.unwrap(), before);

    let mut bytes = std::fs::read(&saved).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&saved, bytes).unwrap();
    let third = scene_with(None, |config| config.resume = Some(saved)).await;
    let Err(ServeError::Resume(error)) = third.served.await.unwrap() else { panic!("it is altered") };
    assert!(error.to_string().contains("checksum"), "{error}");
}

/// How often a party comes to a coordinator that has it somewhere else, and how that ends.
async fn while_its_place_is_taken(resume: Option<std::path::PathBuf>) -> (u32, ServeError) {
    let taken = || Refusal::AlreadyJoined { party: party(), address: "memory:before".into() };
    let mut scene = scene_with(Some(taken), |config| {
        config.resume = resume;
        config.deadlines.join_ms = 300;
    })
    .await;
    let mut comings = 0;
    loop {
        tokio::select! {
            // Who came is counted before the end is looked at.
            biased;
            Some(_) = scene.came.recv() => comings += 1,
            served = &mut scene.served => return (comings, served.unwrap().unwrap_err()),
        }
    }
}

#[tokio::test]
async fn only_a_party_that_comes_back_waits_for_its_place_to_be_free() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("party.model");
    let first = scene_with(None, |config| config.model_path = Some(saved.clone())).await;
    first.coordinator().await.fit(&order(2)).await.unwrap();
    let (often, error) = while_its_place_is_taken(Some(saved)).await;
    assert!(often > 1 && error.to_string().contains("already joined from memory:before"), "{often}: {error}");
    let (once, error) = while_its_place_is_taken(None).await;
    assert!(once == 1 && error.to_string().contains("already joined from memory:before"), "{once}: {error}");
}

/// Falsifies even queries, refuses query 3 at the first attempt, and never answers query 5.
#[derive(Debug)]
struct Trickster;

impl FaultInjector for Trickster {
    fn answer(
        &self,
        requested: PredictCall,
        reply: wire::PredictProbaReply,
    ) -> BoxFuture<'_, Result<wire::PredictProbaReply, Status>> {
        Box::pin(async move {
            match (requested.first_query, requested.attempt) {
                (3, 0) => Err(Status::unavailable("out for lunch")),
                (5, _) => std::future::pending().await,
                (query, _) if query % 2 == 0 => {
                    let all = ndarray::Array2::from_shape_fn((requested.rows, 2), |(_, class)| {
                        [0.125, 0.875][class]
                    });
                    Ok(wire::PredictProbaReply { vectors: Some(wire::Vectors::of(all.view())), ..reply })
                }
                _ => Ok(reply),
            }
        })
    }
}

#[tokio::test]
async fn every_answer_passes_its_fault_injector() {
    let scene = scene_with(None, |config| config.fault_injector = Some(Arc::new(Trickster))).await;
    let client = scene.coordinator().await;
    client.fit(&order(2)).await.unwrap();
    let ask = async |query, attempt| {
        let records = encoded(array![[1.0], [2.0]], query);
        client.predict_proba(&records, 2, attempt).await.map(|(vectors, _)| vectors.row(0).to_vec())
    };
    assert_eq!(ask(1, 0).await.unwrap(), [0.0, 1.0]);
    assert_eq!(ask(2, 0).await.unwrap(), [0.125, 0.875]);
    let refused = ask(3, 0).await.unwrap_err();
    assert_eq!(refused.failure, RpcFailure::Declined("out for lunch".into()));
    assert_eq!(ask(3, 1).await.unwrap(), [0.0, 1.0]);
    let silent = tokio::time::timeout(Duration::from_millis(50), ask(5, 0));
    assert!(silent.await.is_err());
    assert_eq!(ask(7, 0).await.unwrap(), [0.0, 1.0]);
}

#[tokio::test]
async fn what_does_not_fit_the_party_is_refused_and_named() {
    let scene = scene(None).await;
    let client = scene.coordinator().await;
    let error = client.fit(&order(1)).await.unwrap_err();
    assert!(error.to_string().contains("record 1 has label 1, but the federation has 1 classes"), "{error}");
    client.fit(&order(2)).await.unwrap();
    let wide = encoded(array![[1.0, 2.0]], 1);
    let error = client.predict_proba(&wide, 2, 0).await.unwrap_err();
    assert!(
        matches!(&error.failure, RpcFailure::InvalidRequest(says) if says.contains("2 features")),
        "{error}"
    );
    let nan = encoded(array![[f32::NAN]], 1);
    let error = client.predict_proba(&nan, 2, 0).await.unwrap_err();
    assert!(error.to_string().contains("records.f32[0] is NaN"), "{error}");
}

#[tokio::test]
async fn only_its_own_coordinator_may_call() {
    let scene = scene(None).await;
    let records = encoded(array![[1.0]], 1);
    let itself = scene.client(scene.credentials.token(Role::Party(party())).unwrap()).await;
    for result in [
        itself.fit(&order(2)).await.map(|_| ()),
        itself.predict_proba(&records, 2, 0).await.map(|_| ()),
        itself.status().await.map(|_| ()),
    ] {
        assert!(matches!(result.unwrap_err().failure, RpcFailure::PermissionDenied(_)));
    }
    // What another party knows the coordinator by, the operator's token and a made-up one open nothing here.
    let other = Role::Coordinator(PartyId::new(1).unwrap());
    for token in [
        scene.credentials.token(other).unwrap().clone(),
        scene.credentials.token(Role::Operator).unwrap().clone(),
        Token::generate().unwrap(),
    ] {
        let error = scene.client(&token).await.fit(&order(2)).await.unwrap_err();
        assert!(matches!(error.failure, RpcFailure::Unauthenticated(_)), "{error}");
    }
}

#[tokio::test]
async fn a_party_that_is_not_admitted_says_why_and_stops() {
    let refuse = || Refusal::Version { ours: 7, theirs: wire::REVISION, protocol: wire::PROTOCOL.into() };
    let scene = scene(Some(refuse)).await;
    let Err(ServeError::Join(error)) = scene.served.await.unwrap() else { panic!("it was refused") };
    assert_eq!(error.failure, RpcFailure::VersionMismatch { ours: wire::REVISION, theirs: 7 });
    assert!(error.to_string().contains("revision 7"), "{error}");
}

#[tokio::test]
async fn a_coordinator_that_never_comes_is_given_up_on() {
    let network = MemoryNetwork::new();
    let config = PartyConfig {
        id: party(),
        shard: Shard::new(array![[0.0]], vec![0]).unwrap(),
        coordinator: "memory:coordinator".parse().unwrap(),
        dialer: Dialer::with_memory(network.clone()),
        identity: Credentials::generate(2).unwrap().for_party(party()).into(),
        deadlines: Deadlines { join_ms: 100, ..Deadlines::default() },
        advertise: None,
        model_path: None,
        resume: None,
        fault_injector: None,
    };
    let result = serve(config, network.listen("party").unwrap(), std::future::pending()).await;
    let Err(ServeError::Join(error)) = result else { panic!("there is nobody to join") };
    assert!(error.to_string().contains("coordinator at memory:coordinator"), "{error}");
}
