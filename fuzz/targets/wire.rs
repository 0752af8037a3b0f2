//! The conversion of every message that has one, on any bytes: a violation, or a value that survives the wire.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use prost::Message;
use turncoat_proto::convert::absence::{averaged_from_wire, missing_from_wire, missing_to_wire};
use turncoat_proto::convert::learner::FitOrder;
use turncoat_proto::convert::records::{records_from_wire, records_to_wire};
use turncoat_proto::convert::vectors::{vectors_from_wire, vectors_to_wire};
use turncoat_proto::federation::Announcement;
use turncoat_proto::{Account, FederationStatus, PartyFit, PartyStatus, Violation, wire};

/// What comes of the bytes comes of its own message again.
fn survives<M: Message + Default, T: PartialEq + Debug>(
    bytes: &[u8],
    from: impl Fn(M) -> Result<T, Violation>,
    to: impl Fn(&T) -> M,
) {
    let Ok(message) = M::decode(bytes) else { return };
    match from(message) {
        Ok(value) => assert_eq!(from(to(&value)).expect("what was accepted is sent as it may be"), value),
        Err(violation) => assert!(!violation.to_string().is_empty()),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&which, bytes)) = input.split_first() else { return };
    match which % 9 {
        0 => survives(bytes, Announcement::from_wire, Announcement::to_wire),
        1 => survives(bytes, |fit: wire::PartyFit| PartyFit::from_wire(&fit), PartyFit::to_wire),
        2 => survives(bytes, FederationStatus::from_wire, FederationStatus::to_wire),
        3 => survives(bytes, PartyStatus::from_wire, PartyStatus::to_wire),
        4 => survives(bytes, FitOrder::from_wire, FitOrder::to_wire),
        5 => survives(bytes, Account::from_wire, |account: &Account| account.to_wire(0)),
        6 => survives(
            bytes,
            |records| records_from_wire(Some(records)),
            |records| records_to_wire(records.view()),
        ),
        7 => {
            let asked = usize::from(which / 9) % 4;
            survives(
                bytes,
                |vectors| vectors_from_wire(Some(vectors), "vectors", asked, None),
                vectors_to_wire,
            );
        }
        _ => {
            let Ok(reply) = wire::PredictSharedReply::decode(bytes) else { return };
            if let Ok(missing) = missing_from_wire(&reply.missing) {
                assert_eq!(missing_to_wire(&missing), reply.missing);
            }
            let numbers: Vec<u32> = reply.parties.iter().map(|part| part.party).collect();
            let _ = averaged_from_wire(&numbers, "parties", u32::from(which));
        }
    }
});
