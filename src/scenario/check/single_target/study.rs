//! An experiment on single targets as a whole: its keys, and what must hold between its parts.

use turncoat_attack::lab::AttackView;

use super::adversary::{attack_models, generations, learners};
use super::knowledge::{knowledge, refuse};
use super::shadow::shadow;
use crate::scenario::check::MAX_RECORDS;
use crate::scenario::check::common::{self, Common};
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::single_target::{Combine, Exports, SingleTarget, Target, TargetAttack};

const KEYS: [&str; 9] =
    ["folds", "target", "knowledge", "shadow", "generation", "attack", "combine", "attacks", "export"];
const COMBINATIONS: [(&str, Combine); 2] = [("product", Combine::Product), ("in_step", Combine::InStep)];
const ATTACKS: [(&str, TargetAttack); 3] = [
    ("gap", TargetAttack::Gap),
    ("confidence", TargetAttack::Confidence),
    ("shadow_model", TargetAttack::ShadowModel),
];
const MAX_FOLDS: u32 = 10_000;
const MAX_NOISE: f64 = 1e6;
/// Records of the target where the scenario does not say, as in Truex et al., section 4.4.
const TARGET_RECORDS: usize = 10_000;

/// Reads a whole experiment on single targets. `None` only when the reader has noted a violation.
pub(in crate::scenario::check) fn single_target(
    reader: &mut Reader<'_>,
    root: &At<'_>,
) -> Option<SingleTarget> {
    let fields = reader.fields(root, &[&common::KEYS[..], &KEYS].concat())?;
    let common = Common::read(reader, &fields);
    let folds = match fields.get("folds") {
        Some(at) => reader.whole_u32(&at, 1..=MAX_FOLDS),
        None => Some(1),
    };
    let target = reader.required(&fields, "target", "what is attacked, such as {learners: [decision_tree]}");
    let target = target.and_then(|at| read_target(reader, &at));
    let knowledge_at =
        reader.required(&fields, "knowledge", "what the adversary is given, such as white_box");
    let knowledge = knowledge_at.and_then(|at| knowledge(reader, &at));
    let shadow_at =
        reader.required(&fields, "shadow", "how shadow data is made, {records: ..., steps: [...]}");
    let shadow = shadow_at.as_ref().and_then(|at| shadow(reader, at));
    if let (Some(knowledge), Some(shadow), Some(at)) = (&knowledge, &shadow, &shadow_at) {
        refuse(reader, at, shadow.check_against(knowledge).err().unwrap_or_default());
    }
    let attacks_at = reader.required(&fields, "attacks", "what is tried, such as [gap, shadow_model]");
    let attacks = attacks_at.and_then(|at| read_attacks(reader, &at));
    let generation_at = fields.get("generation");
    let generations = generation_at.as_ref().map_or(Some(Vec::new()), |at| generations(reader, at));
    let attack_at = fields.get("attack");
    let attack = match &attack_at {
        Some(at) => attack_models(reader, at),
        None => Some((Vec::new(), AttackView::default())),
    };
    let combine = match fields.get("combine") {
        Some(at) => reader.word(&at, &COMBINATIONS),
        None => Some(Combine::default()),
    };
    let export = match fields.get("export") {
        Some(at) => read_export(reader, &at),
        None => Some(Exports { claims: true, ..Exports::default() }),
    };
    if let (Some(attacks), Some(generations), Some((learners, _))) = (&attacks, &generations, &attack) {
        all_there(reader, root, &fields, attacks, [generations.len(), learners.len()]);
    }
    if let (Some(Combine::InStep), Some(target), Some(attacks)) = (combine, &target, &attacks) {
        let lengths = [
            ("generation", generations.as_ref().map(Vec::len)),
            ("attack", attack.as_ref().map(|a| a.0.len())),
        ];
        let used = [
            attacks.iter().any(|attack| *attack != TargetAttack::Gap),
            attacks.contains(&TargetAttack::ShadowModel),
        ];
        for ((key, length), used) in lengths.into_iter().zip(used) {
            if let (Some(at), Some(length)) = (fields.get(key), length)
                && used
                && length != target.learners.len()
            {
                let rule = format!(
                    "must have as many learners as target.learners ({}) where they are combined in step, and has {length}",
                    target.learners.len()
                );
                reader.refuse(&at.deepest("learners"), rule);
            }
        }
    }
    let (attack_learners, view) = attack?;
    Some(SingleTarget {
        name: common.name?,
        seed: common.seed?,
        repeats: common.repeats?,
        folds: folds?,
        data: common.data?,
        preprocess: common.preprocess?,
        target: target?,
        knowledge: knowledge?,
        shadow: shadow?,
        generations: generations?,
        attack_learners,
        view,
        combine: combine?,
        attacks: attacks?,
        export: export?,
    })
}

fn read_target(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Target> {
    let fields = reader.fields(at, &["records", "noise", "learners"])?;
    let records = match fields.get("records") {
        Some(at) => reader.whole(&at, 4..=MAX_RECORDS).map(|records| records as usize),
        None => Some(TARGET_RECORDS),
    };
    let noise = match fields.get("noise") {
        Some(at) => sigma(reader, &at),
        None => Some(0.0),
    };
    let list = reader.required(&fields, "learners", "a list of what is trained and attacked");
    let learners = list.and_then(|at| learners(reader, &at));
    Some(Target { records: records?, noise: noise?, learners: learners? })
}

/// The sigma of noise that is uniform in [0, sigma].
fn sigma(reader: &mut Reader<'_>, at: &At<'_>) -> Option<f64> {
    let sigma = reader.number(at)?;
    if !(0.0..=MAX_NOISE).contains(&sigma) {
        reader.refuse(at, "must be from 0 to 1,000,000: noise is uniform in [0, sigma]");
        return None;
    }
    Some(sigma)
}

/// What an attack learns from must be there.
fn all_there(
    reader: &mut Reader<'_>,
    root: &At<'_>,
    fields: &Fields<'_>,
    attacks: &[TargetAttack],
    [generations, learners]: [usize; 2],
) {
    let missing = [
        (
            "generation",
            generations == 0 && attacks.iter().any(|attack| *attack != TargetAttack::Gap),
            "attacks that learn from shadow models need generation.learners, such as [decision_tree]",
        ),
        (
            "attack",
            learners == 0 && attacks.contains(&TargetAttack::ShadowModel),
            "shadow_model needs attack.learners, such as [decision_tree]",
        ),
    ];
    for (key, missing, rule) in missing {
        if missing {
            match fields.get(key) {
                Some(at) => reader.refuse(&at, rule),
                None => reader.note(root.spot, key, None, rule, None),
            }
        }
    }
}

fn read_attacks(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<TargetAttack>> {
    let list = reader.list(at)?;
    if list.is_empty() {
        reader.refuse(at, "must name at least one attack");
        return None;
    }
    let mut attacks = Vec::new();
    let mut whole = true;
    for at in &list {
        match reader.word(at, &ATTACKS) {
            Some(attack) if attacks.contains(&attack) => {
                reader.refuse(at, "given twice; keep one");
                whole = false;
            }
            Some(attack) => attacks.push(attack),
            None => whole = false,
        }
    }
    whole.then_some(attacks)
}

fn read_export(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Exports> {
    let mut exports = Exports::default();
    if at.is_null() {
        return Some(exports);
    }
    let mut whole = true;
    for at in reader.list(at)? {
        match reader.word(&at, &EXPORTS) {
            Some(Export::Claims) => exports.claims = true,
            Some(Export::AttackSets) => exports.attack_sets = true,
            Some(Export::Vectors) => exports.vectors = true,
            None => whole = false,
        }
    }
    whole.then_some(exports)
}

/// What can be kept beside the report.
#[derive(Clone, Copy)]
enum Export {
    Claims,
    AttackSets,
    Vectors,
}

const EXPORTS: [(&str, Export); 3] =
    [("claims", Export::Claims), ("attack_sets", Export::AttackSets), ("vectors", Export::Vectors)];
