//! Who attacks, from where, with what.

use turncoat_attack::{
    Attack, Confidence, Gap, LeastLoss, NamedAttack, PriorAware, ShadowFederation, ShadowModel, Ties, Vantage,
};
use turncoat_learn::PartyId;

use super::attack_id::{id, is_new};
use super::learner::learner;
use crate::scenario::checked::Adversary;
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::yaml::Spot;

const VANTAGES: [&str; 3] = ["party", "aggregator", "outsider"];
const ATTACKS: [&str; 6] =
    ["gap", "confidence", "shadow_model", "least_loss", "prior_aware", "shadow_federation"];
const MAX_SHADOWS: u32 = 10_000;
/// Shadow federations that are dealt from the targets: a matrix with a row for each is inverted, several times a class.
const MOST_TRANSDUCTIVE: u32 = 1_000;
/// Shadow federations where the scenario does not say.
const SHADOW_MODELS: u32 = 10;
const SHADOW_FEDERATIONS: u32 = 24;

/// An adversary, and where each of its attacks stands.
pub(super) struct AdversaryAt<'n> {
    pub(super) adversary: Adversary,
    pub(super) attacks: Vec<At<'n>>,
}

/// Reads the list of adversaries. Ids are held against `parties` where that is known.
pub(super) fn adversaries<'n>(
    reader: &mut Reader<'_>,
    at: &At<'n>,
    parties: Option<u32>,
) -> Option<Vec<AdversaryAt<'n>>> {
    if at.is_null() {
        return Some(Vec::new());
    }
    let mut seen: Vec<(Vantage, Spot)> = Vec::new();
    let mut all = Some(Vec::new());
    for at in reader.list(at)? {
        let adversary = adversary(reader, &at, parties);
        if let Some((vantage, _)) = &adversary {
            match seen.iter().find(|(other, _)| other == vantage) {
                Some((_, first)) => {
                    let rule = match first {
                        Spot::File(line, _) => {
                            format!("there already, on line {line}; name each adversary once")
                        }
                        Spot::Override(_) => "there already; name each adversary once".into(),
                    };
                    reader.note(at.spot, &at.path, Some(called(*vantage)), rule, None);
                    all = None;
                }
                None => seen.push((*vantage, at.spot)),
            }
        }
        match (adversary, &mut all) {
            (Some((vantage, Some(attacks))), Some(all)) => {
                let (attacks, places) = attacks.into_iter().unzip();
                all.push(AdversaryAt { adversary: Adversary { vantage, attacks }, attacks: places });
            }
            _ => all = None,
        }
    }
    all
}

fn called(vantage: Vantage) -> String {
    match vantage {
        Vantage::Party(party) => party.to_string(),
        Vantage::Aggregator => "aggregator".into(),
        Vantage::Outsider => "outsider".into(),
    }
}

type Attacks<'n> = Vec<(NamedAttack, At<'n>)>;

fn adversary<'n>(
    reader: &mut Reader<'_>,
    at: &At<'n>,
    parties: Option<u32>,
) -> Option<(Vantage, Option<Attacks<'n>>)> {
    let (tag, body) = reader.tagged(at, &VANTAGES)?;
    let allowed: &[&str] = if tag == "party" { &["id", "attacks"] } else { &["attacks"] };
    let fields = reader.fields(&body, allowed)?;
    let vantage = match tag {
        "aggregator" => Some(Vantage::Aggregator),
        "outsider" => Some(Vantage::Outsider),
        _ => {
            let id = reader.required(&fields, "id", "which party it is, from 1");
            id.and_then(|at| party_id(reader, &at, parties)).map(Vantage::Party)
        }
    };
    let list = reader.required(&fields, "attacks", "a list of what it tries");
    let list = list.and_then(|at| attacks(reader, &at));
    Some((vantage?, list))
}

/// The id of a party, held against `parties` where that is known.
pub(super) fn party_id(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<PartyId> {
    let number = reader.whole_u32(at, 0..=u32::MAX)?;
    let party = PartyId::new(number).filter(|_| parties.is_none_or(|parties| number <= parties));
    if party.is_none() {
        let rule = match parties {
            None => "parties count from 1".into(),
            Some(1) => "there is only party 1 (federation.parties)".into(),
            Some(parties) => format!("there are parties 1 to {parties} (federation.parties)"),
        };
        reader.refuse(at, rule);
    }
    party
}

fn attacks<'n>(reader: &mut Reader<'_>, at: &At<'n>) -> Option<Attacks<'n>> {
    let list = reader.list(at)?;
    if list.is_empty() {
        reader.refuse(at, "must name at least one attack");
        return None;
    }
    let mut ids: Vec<String> = Vec::new();
    let mut all = Some(Vec::new());
    for at in list {
        let attack = attack(reader, &at);
        if let Some(attack) = &attack {
            if !is_new(reader, &at, &attack.id, &ids) {
                all = None;
            }
            ids.push(attack.id.clone());
        }
        match (attack, &mut all) {
            (Some(attack), Some(all)) => all.push((attack, at)),
            _ => all = None,
        }
    }
    all
}

fn attack(reader: &mut Reader<'_>, at: &At<'_>) -> Option<NamedAttack> {
    let (tag, body) = reader.tagged(at, &ATTACKS)?;
    let keys: &[&str] = match tag {
        "shadow_model" => &["id", "shadows", "generation", "attack_learner"],
        "shadow_federation" => &["id", "shadows", "transductive", "generation"],
        "gap" => &["id", "ties"],
        _ => &["id"],
    };
    let fields = reader.fields(&body, keys)?;
    let id = id(reader, &fields, tag, &ATTACKS);
    let transductive = match fields.get("transductive") {
        Some(at) => reader.flag(&at),
        None => Some(false),
    };
    let ties = ties(reader, &fields);
    let unless_told = if tag == "shadow_model" { SHADOW_MODELS } else { SHADOW_FEDERATIONS };
    let shadows = match fields.get("shadows") {
        Some(at) => reader.whole_u32(&at, 1..=MAX_SHADOWS),
        None => Some(unless_told),
    };
    if let (Some(at), Some(true)) = (fields.get("shadows"), transductive)
        && shadows.is_some_and(|shadows| shadows > MOST_TRANSDUCTIVE)
    {
        let rule = format!(
            "at most {MOST_TRANSDUCTIVE} with `transductive: true`: what n shadow federations teach takes n^3 steps for each class"
        );
        reader.refuse(&at, rule);
        return None;
    }
    let mut role = |key| match fields.given(key) {
        Some(at) => learner(reader, &at).map(Some),
        None => Some(None),
    };
    let (generation, attack_learner) = (role("generation"), role("attack_learner"));
    let attack = match tag {
        "gap" => Attack::Gap(Gap { ties: ties? }),
        "confidence" => Attack::Confidence(Confidence::default()),
        "shadow_model" => {
            let (shadows, generation, attack_learner) = (shadows?, generation?, attack_learner?);
            Attack::ShadowModel(ShadowModel { shadows, generation, attack_learner, ..Default::default() })
        }
        "least_loss" => Attack::LeastLoss(LeastLoss {}),
        "prior_aware" => Attack::PriorAware(PriorAware {}),
        _ => Attack::ShadowFederation(ShadowFederation {
            shadows: shadows?,
            transductive: transductive?,
            generation: generation?,
        }),
    };
    Some(NamedAttack { id: id?, attack })
}

/// Which class `gap` takes for predicted where several are equal.
pub(super) fn ties(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Ties> {
    match fields.get("ties") {
        Some(at) => reader.word(&at, &[("lowest", Ties::Lowest), ("coin", Ties::Coin)]),
        None => Some(Ties::default()),
    }
}
