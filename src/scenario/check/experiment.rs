//! The scenario as a whole: its keys, and what must hold between its parts.

use turncoat_attack::{Attack, MembershipInference, SourceInference, Vantage};
use turncoat_learn::partition::Deal;

use super::MAX_RECORDS;
use super::adversaries::{AdversaryAt, adversaries};
use super::boundaries::boundaries;
use super::data::{data as data_source, preprocess};
use super::federation::federation as federation_of;
use super::run::{evaluation, faults, launch, timeouts};
use crate::scenario::checked::{Auxiliary, Evaluation, Launch, Scenario, Timeouts};
use crate::scenario::reader::{At, Fields, Reader};

const KEYS: [&str; 13] = [
    "name",
    "seed",
    "repeats",
    "data",
    "preprocess",
    "federation",
    "auxiliary",
    "evaluation",
    "boundaries",
    "adversaries",
    "launch",
    "faults",
    "timeouts",
];
const MAX_NAME: usize = 100;
const MAX_REPEATS: u32 = 1_000_000;

/// Reads a whole scenario. `None` only when the reader has noted a violation.
pub(in crate::scenario) fn check(reader: &mut Reader<'_>, root: &At<'_>) -> Option<Scenario> {
    let fields = reader.fields(root, &KEYS)?;
    let name = reader.required(&fields, "name", "what reports call the experiment");
    let name = name.and_then(|at| read_name(reader, &at));
    let seed = reader.required(&fields, "seed", "the whole number from which every random draw derives");
    let seed = seed.and_then(|at| reader.whole(&at, 0..=u64::MAX));
    let repeats = match fields.get("repeats") {
        Some(at) => reader.whole_u32(&at, 1..=MAX_REPEATS),
        None => Some(1),
    };
    let data = reader.required(&fields, "data", "where the records come from, such as `winequality`");
    let data = data.and_then(|at| data_source(reader, &at));
    let preprocess = match fields.get("preprocess") {
        Some(at) => preprocess(reader, &at),
        None => Some(turncoat_learn::preprocess::Preprocess::default()),
    };
    let federation = reader.required(&fields, "federation", "parties, records_per_party and skew");
    let (parties, federation) = federation.map_or((None, None), |at| federation_of(reader, &at));
    let evaluation = match fields.get("evaluation") {
        Some(at) => evaluation(reader, &at),
        None => Some(Evaluation { test_records: None }),
    };
    let boundaries = match fields.given("boundaries") {
        Some(at) => boundaries(reader, &at, repeats).map(Some),
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
    if let Some(at) = fields.get("faults") {
        faults(reader, &at);
    }
    let timeouts = match fields.get("timeouts") {
        Some(at) => timeouts(reader, &at),
        None => Some(Timeouts::default()),
    };
    Some(Scenario {
        name: name?,
        seed: seed?,
        repeats: repeats?,
        data: data?,
        preprocess: preprocess?,
        federation: federation?,
        auxiliary: auxiliary?,
        evaluation: evaluation?,
        boundaries: boundaries?,
        adversaries: adversaries?.into_iter().map(|at| at.adversary).collect(),
        launch: launch?,
        timeouts: timeouts?,
    })
}

fn read_name(reader: &mut Reader<'_>, at: &At<'_>) -> Option<String> {
    let name = reader.text(at)?;
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        reader.refuse(at, format!("must be one line of at most {MAX_NAME} characters"));
        return None;
    }
    Some(name.into())
}

/// A question without at least two answers, or without a party to ask about, is not worth asking.
fn enough_parties(reader: &mut Reader<'_>, parties: u32, adversaries: &[AdversaryAt<'_>]) {
    for AdversaryAt { adversary, attacks } in adversaries {
        let inside = matches!(adversary.vantage, Vantage::Party(_));
        for (attack, at) in adversary.attacks.iter().zip(attacks) {
            let (needed, why) = match (attack, inside) {
                (Attack::Source(_), true) => (3, "whose record it is, among the parties but itself"),
                (Attack::Source(_), false) => (2, "whose record it is"),
                (Attack::Membership(_), true) => (2, "about the records of the other parties"),
                (Attack::Membership(_), false) => (1, ""),
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
            if learns_from_auxiliary(adversary.vantage, attack) {
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

/// Whether this attack from this vantage has nothing to learn from but auxiliary records.
fn learns_from_auxiliary(vantage: Vantage, attack: &Attack) -> bool {
    match vantage {
        Vantage::Party(_) => false,
        Vantage::Aggregator | Vantage::Outsider => match attack {
            Attack::Membership(MembershipInference::Gap) | Attack::Source(SourceInference::LeastLoss) => {
                false
            }
            // Without single vectors to read class shares from, it is least_loss.
            Attack::Source(SourceInference::PriorAware) => vantage == Vantage::Aggregator,
            Attack::Membership(MembershipInference::Confidence | MembershipInference::ShadowModel { .. })
            | Attack::Source(SourceInference::ShadowFederation { .. }) => true,
        },
    }
}
