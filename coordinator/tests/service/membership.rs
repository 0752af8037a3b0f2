//! Who is admitted, and what comes too early.

use std::time::Duration;

use ndarray::Array2;
use turncoat_proto::federation::Announcement;
use turncoat_proto::{Disclosure, Role, RpcFailure, wire};

use crate::fake::{Behaviour, Fake, Hub, order, party};

async fn hub() -> Hub {
    Hub::start(3, Disclosure::Open).await
}

async fn announced(hub: &Hub, number: u32) -> Announcement {
    hub.spawn(Fake::new(number, Behaviour::Echo)).await
}

#[tokio::test]
async fn a_peer_of_another_version_is_refused_with_both_versions() {
    let hub = hub().await;
    let honest = announced(&hub, 1).await;
    let error = hub.join(&Announcement { revision: 99, ..honest.clone() }).await.unwrap_err();
    assert_eq!(error.failure, RpcFailure::VersionMismatch { ours: 99, theirs: wire::REVISION });
    let error = hub.join(&Announcement { protocol: "turncoat.v0".into(), ..honest }).await.unwrap_err();
    assert!(matches!(error.failure, RpcFailure::VersionMismatch { .. }), "{error}");
    assert!(hub.client(Role::Operator).await.status().await.unwrap().joined.is_empty());
}

#[tokio::test]
async fn a_party_joins_as_itself_only() {
    let hub = hub().await;
    let second = announced(&hub, 2).await;
    let error = hub.client(Role::Party(party(1))).await.join(&second).await.unwrap_err();
    assert!(
        matches!(&error.failure, RpcFailure::PermissionDenied(says) if says.contains("party-1")),
        "{error}"
    );
}

#[tokio::test]
async fn a_party_that_is_not_at_its_address_is_refused() {
    let hub = hub().await;
    let first = announced(&hub, 1).await;
    let second = announced(&hub, 2).await;
    let elsewhere = Announcement { address: "memory:nowhere".parse().unwrap(), ..first.clone() };
    assert_eq!(hub.join(&elsewhere).await.unwrap_err().party(), Some(party(1)));
    let impostor = Announcement { address: second.address, ..first };
    let error = hub.join(&impostor).await.unwrap_err();
    assert!(error.to_string().contains("party is party-2: the party that was asked"), "{error}");
}

#[tokio::test]
async fn the_same_party_from_elsewhere_and_another_width_are_refused() {
    let hub = hub().await;
    let first = announced(&hub, 1).await;
    hub.join(&first).await.unwrap();
    hub.join(&first).await.unwrap();
    let elsewhere = Announcement { address: "memory:nowhere".parse().unwrap(), ..first };
    let error = hub.join(&elsewhere).await.unwrap_err();
    assert!(
        matches!(&error.failure, RpcFailure::AlreadyExists(says) if says.contains("memory:fake-party-1")),
        "{error}"
    );
    let wide = Announcement { features: 4, ..announced(&hub, 2).await };
    let error = hub.join(&wide).await.unwrap_err();
    let says = "party-2 has records of 4 features, but those of party-1 have 3";
    assert!(matches!(&error.failure, RpcFailure::Precondition(text) if text == says), "{error}");
}

#[tokio::test]
async fn what_comes_too_early_says_what_is_missing() {
    let hub = hub().await;
    let operator = hub.client(Role::Operator).await;
    for number in [3, 1] {
        let announcement = announced(&hub, number).await;
        hub.join(&announcement).await.unwrap();
    }
    let error = operator.fit(&order()).await.unwrap_err();
    assert!(error.to_string().contains("party-2 missing"), "{error}");
    let second = announced(&hub, 2).await;
    let (waited, joined) =
        tokio::join!(operator.wait_until_joined(Duration::from_secs(5)), hub.join(&second));
    joined.unwrap();
    let status = waited.unwrap();
    assert_eq!(status.joined, [party(1), party(2), party(3)]);
    assert!(!status.fitted);
    let error = operator.predict(Array2::zeros((1, 3)).view()).await.unwrap_err();
    assert!(matches!(&error.failure, RpcFailure::Precondition(says) if says.contains("no model")), "{error}");
    let fits = operator.fit(&order()).await.unwrap();
    assert_eq!(fits.iter().map(|fit| fit.party.get()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(operator.status().await.unwrap().classes, Some(2));
}
