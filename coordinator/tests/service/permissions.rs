//! Every rpc from every vantage under both disclosure rules, over real channels.

use std::time::Duration;

use ndarray::Array2;
use tonic::{Code, Request};
use turncoat_coordinator::{Rpc, permits};
use turncoat_net::{Proof, Token};
use turncoat_proto::client::CoordinatorClient;
use turncoat_proto::wire::coordinator_client::CoordinatorClient as Stub;
use turncoat_proto::{Disclosure, Role, RpcError, RpcFailure, Subject, wire};

use crate::fake::{Behaviour, Fake, Hub, order, party, short};

async fn call(hub: &Hub, client: &CoordinatorClient, role: Role, rpc: Rpc) -> Result<(), RpcError> {
    let records = Array2::zeros((2, 3));
    match rpc {
        Rpc::Join => {
            let own = if let Role::Party(party) = role { party } else { party(1) };
            let mut announcement = hub.spawn(Fake::new(9, Behaviour::Echo)).await;
            announcement.party = own;
            client.join(&announcement).await.map(|_| ())
        }
        Rpc::Fit => client.fit(&order()).await.map(|_| ()),
        Rpc::Predict => client.predict(records.view()).await.map(|_| ()),
        Rpc::PredictShared => client.predict_shared(records.view()).await.map(|_| ()),
        Rpc::Status => client.status().await.map(|_| ()),
        Rpc::Account => client.account().await.map(|_| ()),
    }
}

async fn check(hub: Hub, disclosure: Disclosure) {
    hub.federate(vec![Behaviour::Echo, Behaviour::Echo]).await;
    for role in [Role::Operator, Role::Party(party(2)), Role::Outsider, Role::Aggregator] {
        let client = hub.client(role).await;
        for rpc in Rpc::ALL {
            // A member's repeated Join is permitted, and refused for another reason: it comes from elsewhere.
            if rpc == Rpc::Join && matches!(role, Role::Party(_)) {
                continue;
            }
            let result = call(&hub, &client, role, rpc).await;
            match result.map_err(|error| error.failure) {
                Ok(()) => assert!(permits(role, rpc, disclosure), "{role} {rpc} {disclosure} was answered"),
                Err(RpcFailure::PermissionDenied(says)) => {
                    assert!(!permits(role, rpc, disclosure), "{role} {rpc} {disclosure}: {says}");
                    assert!(says.contains(&role.to_string()) && says.contains(rpc.name()), "{says}");
                    assert!(says.contains(&format!("`{disclosure}`")), "{says}");
                }
                Err(other) => panic!("{role} {rpc} {disclosure}: {other}"),
            }
        }
    }
}

#[tokio::test]
async fn under_open_members_see_single_vectors_over_tcp() {
    check(Hub::start_tcp(2, Disclosure::Open).await, Disclosure::Open).await;
}

#[tokio::test]
async fn under_aggregator_members_see_the_mean_only_over_tcp() {
    check(Hub::start_tcp(2, Disclosure::Aggregator).await, Disclosure::Aggregator).await;
}

#[tokio::test]
async fn a_token_that_nobody_knows_opens_nothing() {
    let hub = Hub::start(2, Disclosure::Open).await;
    let token = Token::generate().unwrap();
    let unauthenticated =
        CoordinatorClient::connect(&hub.dialer, &hub.address, &token, short()).await.unwrap();
    for rpc in Rpc::ALL {
        if rpc == Rpc::Join {
            continue;
        }
        let error = call(&hub, &unauthenticated, Role::Outsider, rpc).await.unwrap_err();
        assert!(matches!(error.failure, RpcFailure::Unauthenticated(_)), "{rpc}: {error}");
    }
}

#[tokio::test]
async fn no_token_and_no_bearer_open_nothing() {
    let hub = Hub::start(2, Disclosure::Open).await;
    let proof = Proof::from(hub.credentials.token(Role::Outsider).unwrap());
    let timeout = Duration::from_secs(1);
    let channel = hub.dialer.connect(&hub.address, Subject::Coordinator, &proof, timeout).await.unwrap();
    let mut stub = Stub::new(channel);
    let status = stub.status(wire::FederationStatusRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    let mut request = Request::new(wire::FederationStatusRequest::default());
    request.metadata_mut().insert("authorization", "Basic abc".parse().unwrap());
    assert_eq!(stub.status(request).await.unwrap_err().code(), Code::Unauthenticated);
    // A call that a role's client would never make past its own checks.
    let mut request = Request::new(wire::PredictRequest::default());
    let bearer = format!("Bearer {}", hub.credentials.token(Role::Outsider).unwrap().reveal());
    request.metadata_mut().insert("authorization", bearer.parse().unwrap());
    assert_eq!(stub.predict_shared(request).await.unwrap_err().code(), Code::PermissionDenied);
}
