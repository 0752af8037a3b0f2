//! Peers of another version, and one whose answers are no numbers.

use ndarray::Array2;
use tonic::{Request, Response, Status};
use turncoat_learn::{PartyId, Shard};
use turncoat_net::edge::EdgeLimits;
use turncoat_net::{Dialer, Listener, server};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::federation::Announcement;
use turncoat_proto::wire::coordinator_server::{Coordinator, CoordinatorServer};
use turncoat_proto::wire::party_server::{Party, PartyServer};
use turncoat_proto::{Credentials, Deadlines, Role, RpcFailure, wire};

use crate::services::{coordinator, credentials, party};
use crate::support::{Ended, Place, word};

fn token_file(place: &Place, role: &str) -> Credentials {
    Credentials::load(&place.path(&format!("tokens/{role}.credentials"))).unwrap()
}

/// Asks a coordinator as its operator does.
fn ask(place: &Place, question: &str, coordinator: &str, more: &[&str]) -> Ended {
    let file = "tokens/operator.credentials";
    let to = ["ask", question, "--coordinator", coordinator, "--insecure", "--credentials", file];
    place.run(&[&to[..], more].concat())
}

/// A party that says of itself what it is told to, and answers NaN.
struct FakeParty;

#[tonic::async_trait]
impl Party for FakeParty {
    async fn fit(&self, _request: Request<wire::FitRequest>) -> Result<Response<wire::PartyFit>, Status> {
        Ok(Response::new(wire::PartyFit {
            party: 1,
            records: 4,
            train_accuracy: Some(1.0),
            model_digest: vec![1; 32],
            ..Default::default()
        }))
    }

    async fn predict_proba(
        &self,
        request: Request<wire::PredictProbaRequest>,
    ) -> Result<Response<wire::PredictProbaReply>, Status> {
        let wire::PredictProbaRequest { records, first_query, .. } = request.into_inner();
        let mut probabilities = Array2::from_elem((records.unwrap().rows as usize, 2), 0.5);
        probabilities[(1, 0)] = f64::NAN;
        let vectors = wire::Vectors::of(probabilities.view());
        let (vectors, model_digest) = (Some(vectors), vec![1; 32]);
        Ok(Response::new(wire::PredictProbaReply { vectors, model_digest, first_query }))
    }

    async fn status(
        &self,
        _request: Request<wire::PartyStatusRequest>,
    ) -> Result<Response<wire::PartyStatusReply>, Status> {
        let revision = wire::REVISION;
        Ok(Response::new(wire::PartyStatusReply {
            revision,
            party: 1,
            records: 4,
            features: 2,
            fitted: false,
            model_digest: None,
        }))
    }
}

/// Joins a fake party 1 that says it speaks that revision.
async fn join(place: &Place, coordinator: &str, revision: u32) -> Result<(), RpcFailure> {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let announcement = Announcement {
        protocol: wire::PROTOCOL.into(),
        revision,
        party: PartyId::new(1).unwrap(),
        address: listener.address().clone(),
        records: 4,
        features: 2,
        model_digest: None,
    };
    let service = PartyServer::new(FakeParty);
    tokio::spawn(server::run(
        EdgeLimits::default(),
        service,
        listener,
        None,
        std::future::pending(),
        std::time::Duration::ZERO,
    ));
    let credentials = token_file(place, "party-1");
    let token = credentials.token(Role::Party(announcement.party)).unwrap();
    let (dialer, address) = (Dialer::tcp(), coordinator.parse().unwrap());
    let client = CoordinatorClient::connect(&dialer, &address, token, Deadlines::default()).await.unwrap();
    client.join(&announcement).await.map(|_| ()).map_err(|error| error.failure)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_of_another_version_is_told_so() {
    let place = Place::new();
    credentials(&place, "1");
    let mut hub = place.start(&coordinator("127.0.0.1:0", "1"));
    let address = hub.address();
    let (ours, theirs) = (wire::REVISION + 1, wire::REVISION);
    let refused = join(&place, &address, ours).await.unwrap_err();
    assert_eq!(refused, RpcFailure::VersionMismatch { ours, theirs });
    assert!(refused.to_string().contains("run the same version on both"), "{refused}");
    hub.signal("TERM");
    hub.wait().ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vector_with_nan_names_the_party_and_the_record() {
    let place = Place::new();
    credentials(&place, "1");
    let mut hub = place.start(&coordinator("127.0.0.1:0", "1"));
    let address = hub.address();
    join(&place, &address, wire::REVISION).await.unwrap();
    let path = place.path("queries.npz");
    Shard::new(Array2::zeros((3, 2)), vec![0; 3]).unwrap().write(&path).unwrap();
    tokio::task::block_in_place(|| {
        ask(&place, "fit", &address, &["--classes", "2"]).ok();
        let ended = ask(&place, "predict", &address, &["--records", word(&path)]);
        ended.fails(4, &["party-1 at 127.0.0.1:", "PredictProba: invalid answer", "NaN"]);
        hub.signal("TERM");
        hub.wait().ok();
    });
}

/// A coordinator from the future.
struct FakeCoordinator;

#[tonic::async_trait]
impl Coordinator for FakeCoordinator {
    async fn join(&self, _request: Request<wire::JoinRequest>) -> Result<Response<wire::JoinReply>, Status> {
        Ok(Response::new(wire::JoinReply { revision: 99, parties: 1 }))
    }

    async fn fit(&self, _: Request<wire::FitRequest>) -> Result<Response<wire::FederationFitReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn predict(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn predict_shared(
        &self,
        _: Request<wire::PredictRequest>,
    ) -> Result<Response<wire::PredictSharedReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn status(
        &self,
        _: Request<wire::FederationStatusRequest>,
    ) -> Result<Response<wire::FederationStatusReply>, Status> {
        let reply = wire::FederationStatusReply { revision: 99, parties: 1, ..Default::default() };
        Ok(Response::new(reply))
    }

    async fn account(
        &self,
        _: Request<wire::AccountRequest>,
    ) -> Result<Response<wire::AccountReply>, Status> {
        Err(Status::unimplemented("not asked"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_coordinator_of_another_version_is_not_joined_nor_asked() {
    let place = Place::new();
    credentials(&place, "1");
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address().to_string();
    let service = CoordinatorServer::new(FakeCoordinator);
    tokio::spawn(server::run(
        EdgeLimits::default(),
        service,
        listener,
        None,
        std::future::pending(),
        std::time::Duration::ZERO,
    ));
    tokio::task::block_in_place(|| {
        let says =
            ["the peer speaks revision 99 of the contract", "run the same version on both", address.as_str()];
        party(&place, "1", &address, &[]).wait().fails(4, &says);
        ask(&place, "status", &address, &[]).fails(4, &says);
    });
}
