//! A federation as a whole: its keys, and what must hold between its parts.

use turncoat_attack::{Question, Vantage};
use turncoat_learn::partition::Deal;
use turncoat_proto::Limits;

use super::MAX_RECORDS;
use super::adversaries::{AdversaryAt, adversaries};
use super::boundaries::boundaries;
use super::commands::{Others, hold_commands};
use super::common::{self, Common};
use super::faults::{byzantine, faults};
use super::federation::federation as federation_of;
use super::limits::limits;
use super::run::{evaluation, export, launch, timeouts};
use crate::scenario::checked::{Auxiliary, Evaluation, FederationExports, Launch, Scenario, Timeouts};
use crate::scenario::reader::{At, Fields, Reader};

const KEYS: [&str; 11] = [
    "federation",
    "auxiliary",
    "evaluation",
    "boundaries",
    "adversaries",
    "launch",
    "faults",
    "byzantine",
    "limits",
    "timeouts",
    "export",
];

/// Reads a whole federation. `None` only when the reader has noted a violation.
pub(super) fn federation_study(reader: &mut Reader<'_>, root: &At<'_>) -> Option<Scenario> {
    let fields = reader.fields(root, &[&common::KEYS[..], &KEYS].concat())?;
    let common = Common::read(reader, &fields);
    let federation = reader.required(&fields, "federation", "parties, records_per_party and skew");
    let (parties, federation) = federation.map_or((None, None), |at| federation_of(reader, &at));
    let evaluation = match fields.get("evaluation") {
        Some(at) => evaluation(reader, &at),
        None => Some(Evaluation::default()),
    };
    let boundaries = match fields.given("boundaries") {
        Some(at) => boundaries(reader, &at, common.repeats).map(Some),
        None => Some(None),
    };
    let adversaries = match fields.get("adversaries") {
        Some(at) => adversaries(reader, &at, parties),
        None => Some(Vec::new()),
    };
    if let (Some(parties), Some(adversaries)) = (parties, &adversaries) {
        enough_parties(reader, parties, adversaries);
    }
    let deal = federation.as_ref().map(|federation| &federation.deal);
    let auxiliary = auxiliary(reader, &fields, deal, adversaries.as_deref().unwrap_or_default());
    let launch = match fields.get("launch") {
        Some(at) => launch(reader, &at),
        None => Some(Launch::default()),
    };
    let faults = match fields.get("faults") {
        Some(at) => faults(reader, &at, parties),
        None => Some(Vec::new()),
    };
    let byzantine = match fields.get("byzantine") {
        Some(at) => byzantine(reader, &at, parties),
        None => Some(Vec::new()),
    };
    let limits = match fields.given("limits") {
        Some(at) => limits(reader, &at),
        None => Some(Limits::default()),
    };
    let timeouts = match fields.get("timeouts") {
        Some(at) => timeouts(reader, &at),
        None => Some(Timeouts::default()),
    };
    let export = match fields.get("export") {
        Some(at) => export(reader, &at),
        None => Some(FederationExports::default()),
    };
    if let Some(federation) = &federation {
        let others = Others {
            adversaries: adversaries.as_deref().unwrap_or_default(),
            faults: faults.as_deref().unwrap_or_default(),
            byzantine: byzantine.as_deref().unwrap_or_default(),
            launch,
        };
        hold_commands(reader, root, &federation.commands, &others);
    }
    if let (Some(export), Some(limits)) = (export, limits)
        && export.vectors
        && (limits.queries_per_client.is_some() || limits.queries_in_all.is_some())
    {
        let rule = "asks every party about every record, which no budget of queries (limits) is meant for";
        reader.refuse(&root.deepest("export"), rule);
    }
    Some(Scenario {
        name: common.name?,
        seed: common.seed?,
        repeats: common.repeats?,
        data: common.data?,
        preprocess: common.preprocess?,
        federation: federation?,
        auxiliary: auxiliary?,
        evaluation: evaluation?,
        boundaries: boundaries?,
        adversaries: adversaries?.into_iter().map(|at| at.adversary).collect(),
        faults: faults?,
        byzantine: byzantine?,
        limits: limits?,
        export: export?,
        launch: launch?,
        timeouts: timeouts?,
    })
}

/// A question without at least two answers, or without a party to ask about, is not worth asking.
fn enough_parties(reader: &mut Reader<'_>, parties: u32, adversaries: &[AdversaryAt<'_>]) {
    for AdversaryAt { adversary, attacks } in adversaries {
        let inside = matches!(adversary.vantage, Vantage::Party(_));
        for (attack, at) in adversary.attacks.iter().zip(attacks) {
            let (needed, why) = match (attack.attack.question(), inside) {
                (Question::Source, true) => (3, "whose record it is, among the parties but itself"),
                (Question::Source, false) => (2, "whose record it is"),
                (Question::Membership, true) => (2, "about the records of the other parties"),
                (Question::Membership, false) => (1, ""),
            };
            if parties < needed {
                let rule = format!("asks {why}: that needs federation.parties of at least {needed}");
                reader.refuse(at, rule);
            }
        }
    }
}

/// Where nothing is said, an adversary without records of its own gets as many as a party gets on average, if one of
/// its attacks learns from records; else none are set aside.
fn auxiliary(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    deal: Option<&Deal>,
    adversaries: &[AdversaryAt<'_>],
) -> Option<Auxiliary> {
    let given = match fields.get("auxiliary") {
        Some(at) => {
            let below = reader.fields(&at, &["records"])?;
            match below.given("records") {
                Some(at) => Some(reader.whole(&at, 0..=MAX_RECORDS)? as usize),
                None => None,
            }
        }
        None => None,
    };
    let mut needed = false;
    for AdversaryAt { adversary, attacks } in adversaries {
        for (attack, at) in adversary.attacks.iter().zip(attacks) {
            let holds_records = matches!(adversary.vantage, Vantage::Party(_));
            if !holds_records && attack.attack.needs_records(adversary.vantage) {
                needed = true;
                if given == Some(0) {
                    let rule = format!(
                        "learns from records, and the {} holds none: auxiliary.records must be at least 1",
                        if adversary.vantage == Vantage::Aggregator { "aggregator" } else { "outsider" }
                    );
                    reader.refuse(at, rule);
                }
            }
        }
    }
    let records = match given {
        Some(records) => records,
        None if needed => {
            let deal = deal?;
            (deal.records() / deal.parties() as usize).max(1)
        }
        None => 0,
    };
    Some(Auxiliary { records })
}
