//! What operators' tools ask every service, over sockets and under TLS or with tokens: is it well, and what does it offer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use ndarray::array;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::{Code, Request, Status, Streaming};
use tonic_health::pb::health_check_response::ServingStatus::{self, NotServing, Serving};
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_reflection::pb::{v1, v1alpha};
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::tree::TreeParams;
use turncoat_learn::{Learner, PartyId, Seed, Shard};
use turncoat_net::transport::Channel;
use turncoat_net::{Address, Authority, Dialer, Listener, Proof, Token, Validity};
use turncoat_party::PartyConfig;
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::{Credentials, Deadlines, Disclosure, Identity, Limits, Quorum, Retry, Role, Subject};

const TIMEOUT: Duration = Duration::from_secs(30);
const HUB: &str = "turncoat.v1.Coordinator";
const PARTY: &str = "turncoat.v1.Party";

/// By what members know each other.
enum Identities {
    Certificates(Box<Authority>),
    Tokens(Credentials),
}

impl Identities {
    fn certificates() -> Self {
        let authority = Authority::new(Validity::from_now(Duration::from_secs(3_600)));
        Self::Certificates(Box::new(authority.unwrap()))
    }

    fn tokens() -> Self {
        let challenger = Token::generate().unwrap();
        Self::Tokens(Credentials::generate(1).unwrap().with(Role::Challenger, challenger))
    }

    fn host(&self, subject: Subject) -> Identity {
        match (self, subject) {
            (Self::Certificates(authority), _) => authority.issue(subject).unwrap().into(),
            (Self::Tokens(all), Subject::Coordinator) => all.for_coordinator().into(),
            (Self::Tokens(all), _) => all.clone().into(),
        }
    }

    fn proof(&self, role: Role) -> Proof {
        match self {
            Self::Certificates(authority) => Proof::Certificate(authority.issue(Subject::of(role)).unwrap()),
            Self::Tokens(all) => Proof::Token(all.token(role).unwrap().clone()),
        }
    }
}

/// A service of the federation, on a socket.
struct Running {
    address: Address,
    subject: Subject,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// Long enough that a test which waited for it would fail.
fn deadlines() -> Deadlines {
    Deadlines { drain_ms: 600_000, ..Deadlines::default() }
}

async fn coordinator(identities: &Identities, limits: Limits) -> Running {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let config = CoordinatorConfig {
        release: Vec::new(),
        parties: 1,
        disclosure: Disclosure::Open,
        identity: identities.host(Subject::Coordinator),
        dialer: Dialer::tcp(),
        deadlines: deadlines(),
        in_flight: None,
        quorum: Quorum::default(),
        limits,
        retry: Retry::default(),
    };
    running(Subject::Coordinator, listener, |listener, stop| async move {
        turncoat_coordinator::serve(config, listener, stop).await.unwrap();
    })
}

async fn party(identities: &Identities, hub: &Running) -> Running {
    let (id, listener) = (PartyId::new(1).unwrap(), Listener::bind("127.0.0.1:0").await.unwrap());
    let config = PartyConfig {
        id,
        shard: Shard::new(array![[0.0], [1.0]], vec![0, 1]).unwrap(),
        coordinator: hub.address.clone(),
        dialer: Dialer::tcp(),
        identity: identities.host(Subject::Party(id)),
        deadlines: deadlines(),
        advertise: None,
        model_path: None,
        resume: None,
        fault_injector: None,
    };
    running(Subject::Party(id), listener, |listener, stop| async move {
        turncoat_party::serve(config, listener, stop).await.unwrap();
    })
}

#[derive(Debug)]
struct Silent;

impl ChallengeHandler for Silent {
    fn challenge(&self, _: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        Ok(Vec::new())
    }
}

async fn adversary(identities: &Identities) -> Running {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let config = AdversaryConfig {
        identity: identities.host(Subject::Outsider),
        vantage: "outsider".into(),
        attacks: Vec::new(),
        drain_ms: deadlines().drain_ms,
    };
    running(Subject::Outsider, listener, |listener, stop| async move {
        turncoat_proto::adversary::serve(Arc::new(Silent), config, listener, stop).await.unwrap();
    })
}

fn running<F: Future<Output = ()> + Send + 'static>(
    subject: Subject,
    listener: Listener,
    serve: impl FnOnce(Listener, std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) -> F,
) -> Running {
    let address = listener.address().clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = Box::pin(async move { drop(stopped.await) });
    Running { address, subject, stop, ended: tokio::spawn(serve(listener, stopped)) }
}

impl Running {
    async fn caller(&self, identities: &Identities, role: Role) -> Caller {
        let proof = identities.proof(role);
        let channel = Dialer::tcp().connect(&self.address, self.subject, &proof, TIMEOUT).await.unwrap();
        Caller { channel, proof }
    }

    /// Asks it to stop, and waits until it has.
    async fn stop(self) {
        let _ = self.stop.send(());
        timeout(TIMEOUT, self.ended).await.expect("it drains without delay").unwrap();
    }
}

/// Somebody with a connection.
struct Caller {
    channel: Channel,
    proof: Proof,
}

impl Caller {
    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Proof::Token(token) = &self.proof {
            let bearer = format!("Bearer {}", token.reveal()).parse().unwrap();
            request.metadata_mut().insert("authorization", bearer);
        }
        request
    }

    async fn check(&self, service: &str) -> Result<ServingStatus, Code> {
        let request = self.request(HealthCheckRequest { service: service.into() });
        let reply = HealthClient::new(self.channel.clone()).check(request).await;
        reply.map(|reply| reply.into_inner().status()).map_err(|status| status.code())
    }

    async fn watch(&self, service: &str) -> Result<Streaming<HealthCheckResponse>, Status> {
        let request = self.request(HealthCheckRequest { service: service.into() });
        Ok(HealthClient::new(self.channel.clone()).watch(request).await?.into_inner())
    }

    /// The names of the services, as both versions of the protocol tell them.
    async fn offered(&self) -> Vec<String> {
        use v1::server_reflection_request::MessageRequest;
        use v1::server_reflection_response::MessageResponse;
        let answer = self.reflect(MessageRequest::ListServices(String::new())).await;
        let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
        let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
        let list = v1alpha::server_reflection_request::MessageRequest::ListServices(String::new());
        let question = v1alpha::ServerReflectionRequest { message_request: Some(list), ..Default::default() };
        let mut older = v1alpha::server_reflection_client::ServerReflectionClient::new(self.channel.clone());
        let answers = older.server_reflection_info(self.request(futures::stream::iter([question])));
        let answer = answers.await.unwrap().into_inner().message().await.unwrap().unwrap();
        let Some(v1alpha::server_reflection_response::MessageResponse::ListServicesResponse(older)) =
            answer.message_response
        else {
            panic!("no list")
        };
        assert!(older.service.into_iter().map(|service| service.name).eq(names.iter().cloned()));
        names
    }

    async fn reflect(
        &self,
        question: v1::server_reflection_request::MessageRequest,
    ) -> v1::server_reflection_response::MessageResponse {
        let question = v1::ServerReflectionRequest { message_request: Some(question), ..Default::default() };
        let mut client = v1::server_reflection_client::ServerReflectionClient::new(self.channel.clone());
        let answers = client.server_reflection_info(self.request(futures::stream::iter([question])));
        let mut answers = answers.await.unwrap().into_inner();
        answers.message().await.unwrap().unwrap().message_response.unwrap()
    }
}

async fn next(watch: &mut Streaming<HealthCheckResponse>) -> Option<ServingStatus> {
    let next = timeout(TIMEOUT, watch.message()).await.expect("news in time").unwrap();
    next.map(|reply| reply.status())
}

async fn operator(identities: &Identities, hub: &Running) -> CoordinatorClient {
    let proof = identities.proof(Role::Operator);
    CoordinatorClient::connect(&Dialer::tcp(), &hub.address, proof, deadlines()).await.unwrap()
}

#[tokio::test]
async fn a_service_is_well_while_it_can_be_asked_what_it_is_there_for() {
    for identities in [Identities::certificates(), Identities::tokens()] {
        let hub = coordinator(&identities, Limits::default()).await;
        let outsider = hub.caller(&identities, Role::Outsider).await;
        assert_eq!(outsider.check("").await, Ok(Serving));
        assert_eq!(outsider.check(HUB).await, Ok(NotServing));
        assert_eq!(outsider.check(PARTY).await, Err(Code::NotFound));
        let (mut overall, mut ready) =
            (outsider.watch("").await.unwrap(), outsider.watch(HUB).await.unwrap());
        assert_eq!((next(&mut overall).await, next(&mut ready).await), (Some(Serving), Some(NotServing)));

        let first = party(&identities, &hub).await;
        let operator = operator(&identities, &hub).await;
        operator.wait_until_joined(TIMEOUT).await.unwrap();
        let own = first.caller(&identities, Role::Coordinator(PartyId::new(1).unwrap())).await;
        assert_eq!((own.check("").await, own.check(PARTY).await), (Ok(Serving), Ok(NotServing)));
        assert_eq!(outsider.check(HUB).await, Ok(NotServing), "joined, and not trained");
        let mut party_ready = own.watch(PARTY).await.unwrap();
        assert_eq!(next(&mut party_ready).await, Some(NotServing));
        let learner = Learner::DecisionTree(TreeParams::default());
        operator.fit(&FitOrder { learner, classes: 2, seed: Seed::root(1) }).await.unwrap();
        assert_eq!((next(&mut ready).await, next(&mut party_ready).await), (Some(Serving), Some(Serving)));
        assert_eq!((outsider.check(HUB).await, own.check(PARTY).await), (Ok(Serving), Ok(Serving)));

        // Whoever watches a service that stops is told, and keeps it from nothing.
        first.stop().await;
        assert_eq!((next(&mut party_ready).await, next(&mut party_ready).await), (Some(NotServing), None));
        hub.stop().await;
        assert_eq!((next(&mut ready).await, next(&mut ready).await), (Some(NotServing), None));
        assert_eq!((next(&mut overall).await, next(&mut overall).await), (Some(NotServing), None));
    }
}

#[tokio::test]
async fn an_adversary_is_well_from_its_first_moment() {
    let identities = Identities::certificates();
    let adversary = adversary(&identities).await;
    let challenger = adversary.caller(&identities, Role::Challenger).await;
    assert_eq!(challenger.check("").await, Ok(Serving));
    assert_eq!(challenger.check("turncoat.v1.Adversary").await, Ok(Serving));
    assert_eq!(challenger.offered().await, ["turncoat.v1.Adversary", "grpc.health.v1.Health"]);
    adversary.stop().await;
}

#[tokio::test]
async fn each_service_offers_its_own_rpcs_with_their_comments() {
    use v1::server_reflection_request::MessageRequest::{FileByFilename, FileContainingSymbol};
    use v1::server_reflection_response::MessageResponse::FileDescriptorResponse;
    for identities in [Identities::certificates(), Identities::tokens()] {
        let hub = coordinator(&identities, Limits::default()).await;
        let outsider = hub.caller(&identities, Role::Outsider).await;
        assert_eq!(outsider.offered().await, [HUB, "grpc.health.v1.Health"]);
        for (question, says) in [
            (FileContainingSymbol(HUB.into()), "PredictShared"),
            (FileContainingSymbol(format!("{HUB}.Predict")), "PredictRequest"),
            (FileByFilename("turncoat/v1/types.proto".into()), "Records"),
            (FileContainingSymbol("grpc.health.v1.Health".into()), "HealthCheckRequest"),
        ] {
            let FileDescriptorResponse(reported) = outsider.reflect(question).await else {
                panic!("no file")
            };
            let text = String::from_utf8_lossy(&reported.file_descriptor_proto[0]).into_owned();
            assert!(text.contains(says), "{text}");
        }
        let first = party(&identities, &hub).await;
        let own = first.caller(&identities, Role::Coordinator(PartyId::new(1).unwrap())).await;
        assert_eq!(own.offered().await, [PARTY, "grpc.health.v1.Health"]);
        first.stop().await;
        hub.stop().await;
    }
}

#[tokio::test]
async fn neither_watchers_nor_work_keep_others_from_being_answered() {
    let identities = Identities::tokens();
    let limits = Limits { concurrent_calls: 1, request_ms: 60_000, ..Limits::default() };
    let hub = coordinator(&identities, limits).await;
    let outsider = hub.caller(&identities, Role::Outsider).await;
    let mut watchers = Vec::new();
    for _ in 0..64 {
        watchers.push(outsider.watch("").await.unwrap());
    }
    // A watcher beyond is refused; questions are not, and neither is the one call that is allowed at a time.
    let refused = outsider.watch("").await.unwrap_err();
    assert_eq!((refused.code(), refused.message().contains("64 calls")), (Code::ResourceExhausted, true));
    let operator = operator(&identities, &hub).await;
    assert_eq!(operator.status().await.unwrap().joined, []);
    // While that one lasts, nothing of the kind is answered, and the service is still well.
    let waiting = tokio::spawn({
        let operator = operator.clone();
        async move { operator.wait_until_joined(Duration::from_secs(20)).await }
    });
    timeout(TIMEOUT, async { while operator.status().await.is_ok() {} }).await.expect("its turn is taken");
    assert_eq!(outsider.check("").await, Ok(Serving));
    waiting.abort();
    drop(watchers.pop());
    timeout(TIMEOUT, async { while outsider.watch("").await.is_err() {} }).await.expect("a place is free");
    hub.stop().await;
}

#[tokio::test]
async fn a_conversation_that_goes_silent_is_over_and_no_refusal() {
    let identities = Identities::tokens();
    let hub = coordinator(&identities, Limits { request_ms: 200, ..Limits::default() }).await;
    let outsider = hub.caller(&identities, Role::Outsider).await;
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(outsider.channel.clone());
    let silence = futures::stream::pending::<v1::ServerReflectionRequest>();
    let answers = client.server_reflection_info(outsider.request(silence)).await.unwrap();
    let end = timeout(TIMEOUT, answers.into_inner().message()).await.expect("it ends");
    assert!(end.unwrap().is_none());
    assert!(operator(&identities, &hub).await.account().await.unwrap().clients.is_empty());
    hub.stop().await;
}
