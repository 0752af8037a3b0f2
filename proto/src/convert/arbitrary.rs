//! Every conversion from the wire on any bytes and on sound messages with bytes changed: a violation, or a value that survives the
//! way back. Records, vectors, challenges and claims have theirs beside them.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::sample::Index;
use prost::Message;

use super::absence::{averaged_from_wire, missing_from_wire, missing_to_wire};
use super::learner::FitOrder;
use crate::account::Account;
use crate::federation::{Announcement, FederationStatus, PartyFit, PartyStatus};
use crate::violation::Violation;
use crate::wire;

/// Bytes of a message with some of them changed, put in or taken out.
fn changed(sound: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<Index>(), any::<u8>(), 0_u8..3);
    prop::collection::vec(edit, 0..4).prop_map(move |edits| {
        let mut bytes = sound.clone();
        for (place, byte, how) in edits {
            if bytes.is_empty() {
                bytes.push(byte);
                continue;
            }
            let place = place.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}

/// Any bytes, or those of a sound message, changed.
fn bytes(sound: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![prop::collection::vec(any::<u8>(), 0..64), changed(sound)]
}

fn survives<M: Message + Default, T: PartialEq + Debug>(
    bytes: &[u8],
    from: impl Fn(M) -> Result<T, Violation>,
    to: impl Fn(&T) -> M,
) -> Result<(), TestCaseError> {
    let Ok(message) = M::decode(bytes) else { return Ok(()) };
    match from(message) {
        Ok(value) => {
            let back = from(to(&value));
            prop_assert!(back.is_ok(), "{value:?} is sent as what is refused: {back:?}");
            prop_assert_eq!(back.ok(), Some(value));
        }
        Err(violation) => prop_assert!(!violation.to_string().is_empty()),
    }
    Ok(())
}

fn join() -> wire::JoinRequest {
    wire::JoinRequest {
        protocol: "turncoat.v1".into(),
        revision: 3,
        party: 3,
        address: "192.0.2.1:7700".into(),
        records: 900,
        features: 12,
        model_digest: Some(vec![7; 32]),
    }
}

fn fit() -> wire::PartyFit {
    let digest = vec![7; 32];
    wire::PartyFit {
        party: 1,
        records: 9,
        train_accuracy: Some(0.5),
        model_digest: digest,
        ..Default::default()
    }
}

fn status() -> wire::FederationStatusReply {
    let joined = vec![1, 2, 5];
    wire::FederationStatusReply {
        revision: 3,
        parties: 5,
        joined,
        fitted: true,
        classes: 3,
        ..Default::default()
    }
}

fn account() -> wire::AccountReply {
    let missing = vec![wire::Absence { party: 2, reason: 1 }, wire::Absence { party: 3, reason: 4 }];
    let client = "party-2".to_owned();
    wire::AccountReply {
        clients: vec![wire::ClientAccount {
            client: client.clone(),
            asked: 40,
            answered: 30,
            refused: vec![wire::Refused { limit: 1, calls: 2, queries: 10 }],
            failed: 0,
        }],
        parties: (1..4).map(|party| wire::PartyAccount { party, retries: 2, ..Default::default() }).collect(),
        rejected: vec![wire::RejectedAnswers {
            party: 3,
            reason: 2,
            count: 1,
            first_query: 9,
            example: "a".into(),
        }],
        degraded: vec![wire::DegradedAnswers { client, first_query: 3, rows: 4, missing }],
        degraded_in_all: 1,
    }
}

fn order() -> impl Strategy<Value = wire::FitRequest> {
    let knn = r#"{"knn":{"k":3}}"#;
    let voting = format!(r#"{{"soft_voting":{{"learners":[{knn},{knn}]}}}}"#);
    let texts = [knn.to_owned(), r#"{"decision_tree":{}}"#.to_owned(), voting];
    prop::sample::select(texts.to_vec()).prop_map(|learner| wire::FitRequest {
        learner,
        classes: 3,
        seed: vec![1; 32],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn announcements(bytes in bytes(join().encode_to_vec())) {
        survives(&bytes, Announcement::from_wire, Announcement::to_wire)?;
    }

    #[test]
    fn reports_of_training(bytes in bytes(fit().encode_to_vec())) {
        survives(&bytes, |fit: wire::PartyFit| PartyFit::from_wire(&fit), PartyFit::to_wire)?;
    }

    #[test]
    fn statuses_of_federations(bytes in bytes(status().encode_to_vec())) {
        survives(&bytes, FederationStatus::from_wire, FederationStatus::to_wire)?;
    }

    #[test]
    fn statuses_of_parties(bytes in bytes(wire::PartyStatusReply {
        revision: 3, party: 4, records: 9, features: 3, fitted: true, model_digest: Some(vec![7; 32]),
    }.encode_to_vec())) {
        survives(&bytes, PartyStatus::from_wire, PartyStatus::to_wire)?;
    }

    #[test]
    fn orders_to_train(bytes in order().prop_flat_map(|order| bytes(order.encode_to_vec()))) {
        survives(&bytes, FitOrder::from_wire, FitOrder::to_wire)?;
    }

    #[test]
    fn accounts(bytes in bytes(account().encode_to_vec())) {
        survives(&bytes, Account::from_wire, |account: &Account| account.to_wire(0))?;
    }

    #[test]
    fn absences_and_those_averaged(
        parties in prop::collection::vec((0_u32..6, -1_i32..12), 0..5), all in 0_u32..6,
    ) {
        let missing: Vec<_> =
            parties.iter().map(|&(party, reason)| wire::Absence { party, reason }).collect();
        if let Ok(known) = missing_from_wire(&missing) {
            prop_assert_eq!(missing_to_wire(&known), missing);
        }
        let numbers: Vec<u32> = parties.iter().map(|&(party, _)| party).collect();
        if let Ok(averaged) = averaged_from_wire(&numbers, "averaged", all) {
            prop_assert!(averaged.iter().all(|party| party.get() <= all) && !averaged.is_empty());
        }
    }
}
