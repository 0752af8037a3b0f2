//! An experiment on single targets as a whole: its keys, and what must hold between its parts.

use turncoat_attack::{Features, Generation, Sees};
use turncoat_learn::Learner;

use super::adversary::{attack_models, generations, learners};
use super::knowledge::{knowledge, refuse};
use super::shadow::shadow;
use crate::scenario::check::MAX_RECORDS;
use crate::scenario::check::adversaries::ties;
use crate::scenario::check::attack_id::{id, is_new};
use crate::scenario::check::common::{self, Common};
use crate::scenario::check::learner::learner;
use crate::scenario::reader::{At, Fields, Reader};
use crate::scenario::single_target::{
    Combine, Exports, NamedTargetAttack, SingleTarget, Target, TargetAttack,
};

const KEYS: [&str; 9] =
    ["folds", "target", "knowledge", "shadow", "generation", "attack", "combine", "attacks", "export"];
const COMBINATIONS: [(&str, Combine); 2] = [("product", Combine::Product), ("in_step", Combine::InStep)];
const ATTACKS: [&str; 3] = ["gap", "confidence", "shadow_model"];
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
        None => Some((Vec::new(), Features { sees: Sees::Vector, ..Features::default() })),
    };
    let combine = match fields.get("combine") {
        Some(at) => reader.word(&at, &COMBINATIONS),
        None => Some(Combine::default()),
    };
    let export = match fields.get("export") {
        Some(at) => read_export(reader, &at),
        None => Some(Exports { claims: true, ..Exports::default() }),
    };
    if let (Some(attacks), Some(generations), Some(shadow), Some(at)) =
        (&attacks, &generations, &shadow, &shadow_at)
        && attacks.iter().any(Tried::needs_shadows)
    {
        enough_records(reader, at, generations, shadow.get().records);
    }
    if let (Some(attacks), Some(generations), Some((learners, _))) = (&attacks, &generations, &attack) {
        all_there(reader, root, &fields, attacks, [generations.len(), learners.len()]);
    }
    if let (Some(Combine::InStep), Some(target), Some(attacks)) = (combine, &target, &attacks) {
        let lengths = [
            ("generation", generations.as_ref().map(Vec::len)),
            ("attack", attack.as_ref().map(|a| a.0.len())),
        ];
        let used = [attacks.iter().any(Tried::needs_shadows), attacks.iter().any(Tried::shares_learners)];
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
    let ((mut attack_learners, view), attacks) = (attack?, attacks?);
    let shared_learners = attack_learners.len();
    let attacks = attacks.into_iter().map(|Tried { id, attack, attack_learner }| {
        let attack_learner = attack_learner.map(|own| {
            attack_learners.push(own);
            attack_learners.len() - 1
        });
        NamedTargetAttack { id, attack, attack_learner }
    });
    let attacks = attacks.collect();
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
        shared_learners,
        view,
        combine: combine?,
        attacks,
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
    attacks: &[Tried],
    [generations, learners]: [usize; 2],
) {
    let missing = [
        (
            "generation",
            generations == 0 && attacks.iter().any(Tried::needs_shadows),
            "attacks that learn from shadow models need generation.learners, such as [decision_tree]",
        ),
        (
            "attack",
            learners == 0 && attacks.iter().any(Tried::shares_learners),
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

/// An attack as it is read: with its own learner in place of a place among all.
struct Tried {
    id: String,
    attack: TargetAttack,
    attack_learner: Option<Learner>,
}

impl Tried {
    /// Whether it asks shadow models.
    fn needs_shadows(&self) -> bool {
        !matches!(self.attack, TargetAttack::Gap(_))
    }

    /// Whether it is tried with the learners of `attack.learners`.
    fn shares_learners(&self) -> bool {
        self.attack == TargetAttack::ShadowModel && self.attack_learner.is_none()
    }
}

fn read_attacks(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<Tried>> {
    let list = reader.list(at)?;
    if list.is_empty() {
        reader.refuse(at, "must name at least one attack");
        return None;
    }
    let (mut attacks, mut ids) = (Vec::new(), Vec::new());
    let mut whole = true;
    for at in &list {
        let tried = read_attack(reader, at);
        if let Some(tried) = &tried {
            whole &= is_new(reader, at, &tried.id, &ids);
            ids.push(tried.id.clone());
        }
        match tried {
            Some(tried) => attacks.push(tried),
            None => whole = false,
        }
    }
    whole.then_some(attacks)
}

fn read_attack(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Tried> {
    let (tag, body) = reader.tagged(at, &ATTACKS)?;
    let keys: &[&str] = match tag {
        "gap" => &["id", "ties"],
        "shadow_model" => &["id", "attack_learner"],
        _ => &["id"],
    };
    let fields = reader.fields(&body, keys)?;
    let id = id(reader, &fields, tag, &ATTACKS);
    let ties = ties(reader, &fields);
    let attack_learner = match fields.given("attack_learner") {
        Some(at) => learner(reader, &at).map(Some),
        None => Some(None),
    };
    let attack = match tag {
        "gap" => TargetAttack::Gap(ties?),
        "confidence" => TargetAttack::Confidence,
        _ => TargetAttack::ShadowModel,
    };
    Some(Tried { id: id?, attack, attack_learner: attack_learner? })
}

/// Some class of the shadow data has a record to test and one for each partition, which takes as many records at the least.
fn enough_records(reader: &mut Reader<'_>, at: &At<'_>, generations: &[Generation], records: usize) {
    let parts = generations.iter().map(|generation| generation.partitions() as usize + 1).max().unwrap_or(0);
    if records < parts {
        let rule = format!(
            "must be at least {parts}: a shadow model needs that many records of one class, one to test and one for each \
             partition (generation.partitions)"
        );
        reader.refuse(&at.deepest("records"), rule);
    }
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
