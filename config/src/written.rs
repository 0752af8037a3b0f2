//! An experiment on single targets as a scenario writes it, and what it is to those who run it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::lab::{Knowledge, ShadowPlan};
use turncoat_attack::{Features, Gap, Sees};
use turncoat_learn::Learner;
use turncoat_learn::data::DataSource;
use turncoat_learn::preprocess::Preprocess;

use super::attacks::Named;
use super::federation::one;
use super::single_target::{Combine, Export, NamedTargetAttack, SingleTarget, Target, TargetAttack};

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
    /// How many halvings of the target's records are trained on and attacked in each repeat: over an even number, each record is in
    /// the target's training data as often as out of it.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10_000))]
    folds: u32,
    /// Where the records come from. Files of named sets are looked for in `--data-dir` or `TURNCOAT_DATA`, plain or gzipped; `turncoat data
    /// list` tells where to get them.
    data: DataSource,
    /// What is done to the records before they are dealt.
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
    pub(super) attacks: Vec<WrittenAttack>,
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
    #[serde(default)]
    #[schemars(extend("x-source" = "Shokri et al., 2017 (one for each class)"))]
    models: Models,
}

fn vector() -> Sees {
    Sees::Vector
}

/// How many attack models there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Models {
    /// One for all classes.
    One,
    /// One for each class.
    #[default]
    PerClass,
}

/// An attack on a single target.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "target_attack", extend("examples" = ["gap"]))]
pub(super) enum WrittenAttack {
    /// In exactly if the record is predicted right.
    #[schemars(extend("x-source" = "Yeom et al., 2018"))]
    Gap {
        #[serde(flatten)]
        named: Named,
        #[serde(flatten)]
        params: Gap,
    },
    /// In if the probability of the record's class reaches a threshold, learned on shadow data.
    Confidence(Named),
    /// In if an attack model says so, learned from shadow models.
    ShadowModel {
        #[serde(flatten)]
        named: Named,
        /// What learns this attack, in place of the shared learners.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("x-default" = "each of `attack.learners` in turn"))]
        attack_learner: Option<Learner>,
    },
}

impl WrittenAttack {
    /// Its own name, its id, and what it learns with in place of the shared learners.
    fn split(self) -> (TargetAttack, String, Option<Learner>) {
        let (attack, named, own) = match self {
            Self::Gap { named, params } => (TargetAttack::Gap(params.ties), named, None),
            Self::Confidence(named) => (TargetAttack::Confidence, named, None),
            Self::ShadowModel { named, attack_learner } => (TargetAttack::ShadowModel, named, attack_learner),
        };
        (attack, named.or(attack.name()), own)
    }

    /// What tells it from the others.
    pub(super) fn id(&self) -> String {
        self.clone().split().1
    }

    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.clone().split().0.name()
    }

    /// Whether it asks shadow models.
    pub(super) fn needs_shadows(&self) -> bool {
        !matches!(self, Self::Gap { .. })
    }

    /// Whether it is tried with the learners of `attack.learners`.
    pub(super) fn shares_learners(&self) -> bool {
        matches!(self, Self::ShadowModel { attack_learner: None, .. })
    }

    /// An id that says nothing is not written.
    fn tidy(&mut self) {
        let name = self.name();
        let (Self::Gap { named, .. } | Self::Confidence(named) | Self::ShadowModel { named, .. }) = self;
        *named = Named::beside(std::mem::take(named).or(name), name);
    }
}

impl Written {
    /// Writes one and the same thing in one and the same way.
    pub(super) fn tidy(&mut self) {
        self.attacks.iter_mut().for_each(WrittenAttack::tidy);
    }
}

impl From<Written> for SingleTarget {
    fn from(written: Written) -> Self {
        let (view, mut attack_learners) = match written.attack {
            Some(AttackModels { learners, sees, label, models }) => {
                (Features { sees, label, per_class: models == Models::PerClass }, learners)
            }
            None => (Features { sees: Sees::Vector, ..Features::default() }, Vec::new()),
        };
        let shared_learners = attack_learners.len();
        let attacks = written.attacks.into_iter().map(|attack| {
            let (attack, id, own) = attack.split();
            let attack_learner = own.map(|own| {
                attack_learners.push(own);
                attack_learners.len() - 1
            });
            NamedTargetAttack { id, attack, attack_learner }
        });
        let attacks = attacks.collect();
        let generations = written.generation.map_or_else(Vec::new, |Generation { partitions, learners }| {
            let of =
                |entry: Imitation| turncoat_attack::Generation::new(entry.learners().to_vec(), partitions);
            learners.into_iter().filter_map(of).collect()
        });
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
            attack_learners,
            shared_learners,
            view,
            combine: written.combine,
            attacks,
            export: written.export,
        }
    }
}
