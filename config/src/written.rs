//! An experiment on single targets as a scenario writes it, and what it is to those who run it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use turncoat_attack::single_target::{Knowledge, ShadowPlan};
use turncoat_attack::{Features, Models, NamedAttack, Sees};
use turncoat_learn::Learner;
use turncoat_learn::data::DataSource;
use turncoat_learn::preprocess::Preprocess;

use super::federation::one;
use super::single_target::{Combine, Export, SingleTarget, Target};

/// Single targets: the general attack on one model behind a prediction service, with every choice of it open.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "single_target_study", extend("x-source" = "Truex et al., section 3"))]
pub(super) struct Written {
    /// What reports call the experiment: one line.
    #[schemars(
        length(min = 1, max = 100),
        regex(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"),
        extend("x-rule" = "be one line of at most 100 characters", "examples" = ["service"])
    )]
    name: String,
    /// The number from which every random draw derives. The same scenario and seed give the same report, to the byte.
    #[schemars(range(min = 0, max = u64::MAX), extend("examples" = [1]))]
    seed: u64,
    /// How often records are drawn for targets and shadow data. Figures are means over repeats, with 95 % intervals.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    repeats: u32,
    /// How many folds of the target's records, the halves of two-fold splits, are trained on and attacked in each repeat: over an even number, each record is in
    /// the target's training data as often as out of it.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10_000))]
    folds: u32,
    /// Where the records come from. Files of named sets are looked for in `--data-dir` or `TURNCOAT_DATA`, plain or gzipped; `turncoat data
    /// list` tells where to get them.
    data: DataSource,
    /// What is done to the records before they are partitioned.
    #[serde(default)]
    #[schemars(extend("default" = {}))]
    preprocess: Preprocess,
    /// What is attacked.
    pub(super) target: Target,
    /// What the adversary is given.
    pub(super) knowledge: Knowledge,
    /// How shadow data is made: the records that the adversary takes for ones like the target's.
    pub(super) shadow: ShadowPlan,
    /// What shadow models are made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required, extend("x-default" = "none; needed by every attack but `gap`"))]
    pub(super) generation: Option<Generation>,
    /// What attack models are made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required, extend("x-default" = "none; needed by `shadow_model`"))]
    pub(super) attack: Option<AttackModels>,
    /// Which targets, generations and attack learners meet.
    #[serde(default)]
    pub(super) combine: Combine,
    /// What is tried; no two attacks share an id.
    #[schemars(
        length(min = 1),
        extend("uniqueItems" = true, "x-rule" = "name at least one attack", "examples" = [["gap"]])
    )]
    pub(super) attacks: Vec<TargetAttack>,
    /// What is kept beside the report of a run with `--out`. Null and an empty list keep nothing. Changes no figure.
    #[serde(default = "claims")]
    #[schemars(with = "Vec<Export>", extend("default" = ["claims"], "x-null" = []))]
    export: BTreeSet<Export>,
}

fn claims() -> BTreeSet<Export> {
    BTreeSet::from([Export::Claims])
}

/// What shadow models are made of.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "generation", extend("x-source" = "Truex et al., section 3.2"))]
pub(super) struct Generation {
    /// How many parts the shadow data is split into, one shadow model each.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = turncoat_attack::Generation::MAX_PARTITIONS), extend("x-unit" = "models"))]
    pub(super) partitions: u32,
    /// What stands in for the target: one kind of shadow model for each entry, nothing twice.
    #[schemars(
        length(min = 1),
        extend("uniqueItems" = true, "x-rule" = "name at least one learner", "examples" = [["decision_tree"]])
    )]
    pub(super) learners: Vec<Imitation>,
}

/// A learner, or several that are trained side by side.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(super) enum Imitation {
    One(Learner),
    Several(Ensemble),
}

/// Several learners that imitate the target together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ensemble")]
pub(super) enum Ensemble {
    /// Which, no kind twice.
    Ensemble(
        #[schemars(
            length(min = 1),
            extend("uniqueItems" = true, "x-rule" = "name at least one learner", "examples" = [["knn", "naive_bayes"]])
        )]
        Vec<Learner>,
    ),
}

impl Imitation {
    pub(super) fn learners(&self) -> &[Learner] {
        match self {
            Self::One(learner) => std::slice::from_ref(learner),
            Self::Several(Ensemble::Ensemble(learners)) => learners,
        }
    }

    /// What results call it: the names of its learners.
    pub(super) fn name(&self) -> String {
        self.learners().iter().map(Learner::name).collect::<Vec<_>>().join("+")
    }
}

/// What attack models are made of.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "attack", extend("x-source" = "Truex et al., section 3.3"))]
pub(super) struct AttackModels {
    /// What learns to tell in from out: one attack model for each, no kind twice.
    #[schemars(
        length(min = 1),
        extend("uniqueItems" = true, "x-rule" = "name at least one learner", "examples" = [["decision_tree"]])
    )]
    pub(super) learners: Vec<Learner>,
    /// What an attack model sees of an answer.
    #[serde(default = "vector")]
    sees: Sees,
    /// Whether it also sees the record's class.
    #[serde(default)]
    label: bool,
    /// How many attack models there are.
    #[serde(default = "per_class")]
    #[schemars(extend("x-source" = "Shokri et al., 2017 (one for each class)"))]
    models: Models,
}

fn per_class() -> Models {
    Models::PerClass
}

fn vector() -> Sees {
    Sees::Vector
}

/// An attack on a single target: one on membership, with the parameters that it has in a federation.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(super) struct TargetAttack(pub(super) NamedAttack);

/// What is as where nothing is said is left out: its shadow models are those of `generation`, and what learns it is said beside it.
impl Serialize for TargetAttack {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wrong = serde::ser::Error::custom;
        let (name, written) = (self.0.attack.name(), serde_json::to_value(&self.0).map_err(wrong)?);
        let plain = serde_json::from_value::<NamedAttack>(serde_json::json!({name: {}})).map_err(wrong)?;
        let plain = serde_json::to_value(plain).map_err(wrong)?;
        let Some(Value::Object(mut params)) = written.get(name).cloned() else {
            return written.serialize(serializer);
        };
        params.retain(|key, value| plain[name].get(key) != Some(value));
        if params.is_empty() {
            return serializer.serialize_str(name);
        }
        serializer.collect_map([(name, params)])
    }
}

impl TargetAttack {
    /// Whether it asks shadow models of `generation`.
    pub(super) fn shares_shadows(&self) -> bool {
        let needs = self.0.attack.needs();
        needs.shadows.is_some() && needs.generation.is_none()
    }

    /// Whether it is tried with the learners of `attack.learners`.
    pub(super) fn shares_learners(&self) -> bool {
        let needs = self.0.attack.needs();
        needs.attack_model && needs.attack_learner.is_none()
    }
}

impl From<Written> for SingleTarget {
    fn from(written: Written) -> Self {
        let (view, mut attack_learners) = match written.attack {
            Some(AttackModels { learners, sees, label, models }) => {
                (Features { sees, label, models }, learners)
            }
            None => (Features { sees: Sees::Vector, ..Features::default() }, Vec::new()),
        };
        let shared_learners = attack_learners.len();
        let mut generations =
            written.generation.map_or_else(Vec::new, |Generation { partitions, learners }| {
                let of = |entry: Imitation| {
                    turncoat_attack::Generation::new(entry.learners().to_vec(), partitions)
                };
                learners.into_iter().filter_map(of).collect()
            });
        let shared_generations = generations.len();
        let attacks: Vec<NamedAttack> = written.attacks.into_iter().map(|attack| attack.0).collect();
        for NamedAttack { attack, .. } in &attacks {
            let needs = attack.needs();
            generations.extend(
                needs.generation.zip(needs.shadows).map(|(learner, shadows)| {
                    turncoat_attack::Generation::two_fold(learner.clone(), shadows)
                }),
            );
            attack_learners.extend(needs.attack_learner.cloned());
        }
        Self {
            name: written.name,
            seed: written.seed,
            repeats: written.repeats,
            folds: written.folds,
            data: written.data,
            preprocess: written.preprocess,
            target: written.target,
            knowledge: written.knowledge,
            shadow: written.shadow,
            generations,
            shared_generations,
            attack_learners,
            shared_learners,
            view,
            combine: written.combine,
            attacks,
            export: written.export,
        }
    }
}
