//! A federation of two parties and an adversary over TLS, and what happens when somebody calls one of its rpcs.

use std::sync::Arc;
use std::time::Duration;

use ndarray::array;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use turncoat_coordinator::CoordinatorConfig;
use turncoat_learn::{PartyId, Shard};
use turncoat_net::transport::Channel;
use turncoat_net::{Address, Authority, Dialer, MemoryNetwork, Proof, Validity};
use turncoat_party::PartyConfig;
use turncoat_proto::adversary::{AdversaryConfig, ChallengeHandler};
use turncoat_proto::challenge::{AttackAnswer, ChallengeRequest};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::adversary_client::AdversaryClient as AdversaryStub;
use turncoat_proto::wire::coordinator_client::CoordinatorClient as CoordinatorStub;
use turncoat_proto::wire::party_client::PartyClient as PartyStub;
use turncoat_proto::{Deadlines, Disclosure, Limits, Quorum, Retry, Subject, wire};

use super::callers::{Caller, Host, Rpc, Standard};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A running federation.
pub(crate) struct Federation {
    authority: Authority,
    dialer: Dialer,
    coordinator: Address,
    first: Address,
    adversary: Address,
}

#[derive(Debug)]
struct Silent;

impl ChallengeHandler for Silent {
    fn challenge(&self, _: ChallengeRequest) -> Result<Vec<AttackAnswer>, String> {
        Ok(Vec::new())
    }
}

fn party(number: u32) -> PartyId {
    PartyId::new(number).unwrap()
}

impl Federation {
    pub(crate) async fn start(disclosure: Disclosure) -> Self {
        let network = MemoryNetwork::new();
        let dialer = Dialer::with_memory(network.clone());
        let authority = Authority::new(Validity::from_now(Duration::from_secs(3_600))).unwrap();
        let identity = |subject| authority.issue(subject).unwrap().into();
        let listener = network.listen("coordinator").unwrap();
        let coordinator = listener.address().clone();
        let config = CoordinatorConfig {
            release: Vec::new(),
            parties: 2,
            disclosure,
            identity: identity(Subject::Coordinator),
            dialer: dialer.clone(),
            deadlines: Deadlines::default(),
            in_flight: None,
            quorum: Quorum::default(),
            limits: Limits::default(),
            retry: Retry::default(),
        };
        tokio::spawn(turncoat_coordinator::serve(config, listener, std::future::pending()));
        for id in PartyId::first(2) {
            let config = PartyConfig {
                id,
                shard: Shard::new(array![[0.0], [1.0]], vec![0, 1]).unwrap(),
                coordinator: coordinator.clone(),
                dialer: dialer.clone(),
                identity: identity(Subject::Party(id)),
                deadlines: Deadlines::default(),
                advertise: None,
                model_path: None,
                resume: None,
                fault_injector: None,
            };
            let listener = network.listen(&id.to_string()).unwrap();
            tokio::spawn(turncoat_party::serve(config, listener, std::future::pending()));
        }
        let listener = network.listen("adversary").unwrap();
        let adversary = listener.address().clone();
        let config = AdversaryConfig {
            identity: identity(Subject::Party(party(1))),
            vantage: "party-1".into(),
            attacks: Vec::new(),
            drain_ms: 100,
        };
        tokio::spawn(turncoat_proto::adversary::serve(
            Arc::new(Silent),
            config,
            listener,
            std::future::pending(),
        ));
        let federation =
            Self { authority, dialer, coordinator, first: "memory:party-1".parse().unwrap(), adversary };
        federation.is_well().await;
        federation
    }

    /// All parties are there, and the operator is answered.
    pub(crate) async fn is_well(&self) {
        let proof = Caller::Operator.proof(&self.authority);
        let deadlines = Deadlines::default();
        let operator = CoordinatorClient::connect(&self.dialer, &self.coordinator, proof, deadlines);
        let status = operator.await.unwrap().wait_until_joined(TIMEOUT).await.unwrap();
        assert_eq!(status.missing(), []);
    }

    /// Whether a caller gets as far as being answered on what it asks, be it with an error about that.
    pub(crate) async fn lets(&self, caller: Caller, rpc: Rpc) -> bool {
        let proof = caller.proof(&self.authority);
        let address = match rpc.host() {
            Host::Coordinator => &self.coordinator,
            Host::FirstParty => &self.first,
            Host::Adversary => &self.adversary,
        };
        // A federation's own members shake hands; whoever does not gets no further.
        let Ok(channel) = self.dialer.connect(address, rpc.host().subject(), &proof, TIMEOUT).await else {
            return false;
        };
        match self.call(channel, &proof, rpc).await {
            Ok(()) => true,
            Err(status) => match status.code() {
                Code::Unauthenticated | Code::PermissionDenied => false,
                // A connection that broke off, not an answer.
                _ => std::error::Error::source(&status).is_none(),
            },
        }
    }

    async fn call(&self, channel: Channel, proof: &Proof, rpc: Rpc) -> Result<(), Status> {
        fn request<T>(message: T, proof: &Proof) -> tonic::Request<T> {
            let mut request = tonic::Request::new(message);
            if let Proof::Token(token) = proof {
                let bearer = format!("Bearer {}", token.reveal());
                request.metadata_mut().insert("authorization", bearer.parse().unwrap());
            }
            request
        }
        let join = |number: u32| {
            let announcement = Announcement {
                protocol: wire::PROTOCOL.into(),
                revision: wire::REVISION,
                party: party(number),
                address: format!("memory:party-{number}").parse().unwrap(),
                records: 2,
                features: 1,
                model_digest: None,
            };
            announcement.to_wire()
        };
        let mut hub = CoordinatorStub::new(channel.clone());
        let mut first = PartyStub::new(channel.clone());
        let mut health = HealthClient::new(channel.clone());
        let mut reflection = ServerReflectionClient::new(channel.clone());
        let mut adversary = AdversaryStub::new(channel);
        match rpc {
            Rpc::Standard(Standard::HealthCheck, _) => {
                health.check(request(HealthCheckRequest::default(), proof)).await.map(drop)
            }
            Rpc::Standard(Standard::HealthWatch, _) => {
                let watching = health.watch(request(HealthCheckRequest::default(), proof)).await?;
                watching.into_inner().message().await.map(drop)
            }
            Rpc::Standard(Standard::Reflection, _) => {
                let list = Some(MessageRequest::ListServices(String::new()));
                let question = ServerReflectionRequest { message_request: list, ..Default::default() };
                let reported = reflection.server_reflection_info(request(stream_of(question), proof)).await?;
                reported.into_inner().message().await.map(drop)
            }
            Rpc::JoinAsFirst => hub.join(request(join(1), proof)).await.map(drop),
            Rpc::JoinAsOther => hub.join(request(join(2), proof)).await.map(drop),
            // Empty requests: nothing is trained, and whoever may ask is told what is wrong with them.
            Rpc::Fit => hub.fit(request(wire::FitRequest::default(), proof)).await.map(drop),
            Rpc::Predict => hub.predict(request(wire::PredictRequest::default(), proof)).await.map(drop),
            Rpc::PredictShared => {
                hub.predict_shared(request(wire::PredictRequest::default(), proof)).await.map(drop)
            }
            Rpc::Status => {
                hub.status(request(wire::FederationStatusRequest::default(), proof)).await.map(drop)
            }
            Rpc::Account => hub.account(request(wire::AccountRequest::default(), proof)).await.map(drop),
            Rpc::PartyFit => first.fit(request(wire::FitRequest::default(), proof)).await.map(drop),
            Rpc::PartyPredictProba => {
                first.predict_proba(request(wire::PredictProbaRequest::default(), proof)).await.map(drop)
            }
            Rpc::PartyStatus => {
                first.status(request(wire::PartyStatusRequest::default(), proof)).await.map(drop)
            }
            Rpc::AdversaryChallenge => {
                let parts = stream_of(wire::ChallengePart::default());
                adversary.challenge(request(parts, proof)).await.map(drop)
            }
            Rpc::AdversaryStatus => {
                adversary.status(request(wire::AdversaryStatusRequest::default(), proof)).await.map(drop)
            }
        }
    }
}

fn stream_of<T: Send + 'static>(only: T) -> impl futures::Stream<Item = T> + Send + 'static {
    futures::stream::iter([only])
}
