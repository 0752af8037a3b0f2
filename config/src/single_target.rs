//! An experiment on single targets, checked: the general formulation of Truex et al., section 3.
//!
//! Whatever holds a [`SingleTarget`] may rely on its bounds: lists have entries and none twice, numbers are in range, the
//! steps that make shadow data fit what the adversary knows.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::lab::{Knowledge, ShadowPlan};
use turncoat_attack::{Features, Generation, Ties};
use turncoat_learn::data::DataSource;
use turncoat_learn::preprocess::Preprocess;
use turncoat_learn::{Learner, MOST_RECORDS};

/// What is attacked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "target", extend("examples" = [{"learners": ["decision_tree"]}]))]
pub struct Target {
    /// Records drawn in each repeat, half of which train the target in a fold.
    #[serde(default = "target_records")]
    #[schemars(range(min = 4, max = MOST_RECORDS), extend("x-unit" = "records", "x-source" = "Truex et al., section 4.4"))]
    pub records: usize,
    /// Sigma of the noise, uniform in [0, sigma], on what the adversary knows of the records it asks about.
    #[serde(default)]
    #[schemars(
        range(min = 0.0, max = 1e6),
        extend("x-unit" = "units of the features", "x-source" = "Truex et al., section 4.6")
    )]
    pub noise: f64,
    /// What is trained: one target for each, no kind twice.
    #[schemars(
        length(min = 1),
        extend("uniqueItems" = true, "x-rule" = "name at least one learner", "examples" = [["decision_tree"]])
    )]
    pub learners: Vec<Learner>,
}

fn target_records() -> usize {
    10_000
}

/// What is kept beside the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// Every claim beside the truth.
    Claims,
    /// Every attack set: what attack models learned from.
    AttackSets,
    /// Every target's vectors of the records that it is asked about, beside label and membership.
    Vectors,
}

/// Which targets, generations and attack learners meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Each with each.
    #[default]
    Product,
    /// The first with the first, the second with the second; the lists are equally long.
    InStep,
}

/// Targets, an adversary with everything it can be made of, and how often all of it is repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleTarget {
    /// What reports call it.
    pub name: String,
    /// The number from which every random draw derives.
    pub seed: u64,
    /// How often records are drawn for targets and shadow data, at least 1.
    pub repeats: u32,
    /// How many halvings of the target's records are trained on and attacked in each repeat, at least 1.
    pub folds: u32,
    /// Where the records come from.
    pub data: DataSource,
    /// What is done to them first.
    pub preprocess: Preprocess,
    /// What is attacked.
    pub target: Target,
    /// What the adversary is given.
    pub knowledge: Knowledge,
    /// What it takes for records like the target's.
    pub shadow: ShadowPlan,
    /// What its shadow models are, at least one.
    pub generations: Vec<Generation>,
    /// What its attack models are: those that every shadow-model attack is tried with, then those that one attack names for itself.
    pub attack_learners: Vec<Learner>,
    /// How many of them are for every attack.
    pub shared_learners: usize,
    /// What attack models see.
    pub view: Features,
    /// Which targets, generations and attack learners meet.
    pub combine: Combine,
    /// What is tried, at least one, each with an id of its own.
    pub attacks: Vec<NamedTargetAttack>,
    /// What is kept beside the report. Changes no figure.
    pub export: BTreeSet<Export>,
}

/// An attack on a single target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetAttack {
    /// In iff predicted right.
    Gap(Ties),
    /// In iff the class's probability reaches a threshold learned on D*.
    Confidence,
    /// An attack model learned on D*.
    ShadowModel,
}

/// An attack with what tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTargetAttack {
    /// Its name, unless the scenario says otherwise.
    pub id: String,
    /// What it does.
    pub attack: TargetAttack,
    /// What it learns with, in place of those that are shared: a place in [`SingleTarget::attack_learners`].
    pub attack_learner: Option<usize>,
}

impl TargetAttack {
    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gap(_) => "gap",
            Self::Confidence => "confidence",
            Self::ShadowModel => "shadow_model",
        }
    }
}

/// One result: which attack on which target by what means. Places in the lists of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// In [`Target::learners`].
    pub target: usize,
    /// In [`SingleTarget::attacks`].
    pub named: usize,
    /// The attack.
    pub attack: TargetAttack,
    /// In [`SingleTarget::generations`]; `None` for an attack without shadow models.
    pub generation: Option<usize>,
    /// In [`SingleTarget::attack_learners`]; `None` for an attack without an attack model.
    pub attack_learner: Option<usize>,
}

impl SingleTarget {
    /// Every result of the experiment: by attack, then attack learner, target and generation, as Table 3 has its rows.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let targets = 0..self.target.learners.len();
        let mut cells = Vec::new();
        for (named, &NamedTargetAttack { attack, attack_learner: own, .. }) in self.attacks.iter().enumerate()
        {
            let cell = |target, generation, attack_learner| Cell {
                target,
                named,
                attack,
                generation,
                attack_learner,
            };
            let generations = 0..self.generations.len();
            match (attack, self.combine) {
                (TargetAttack::Gap(_), _) => {
                    cells.extend(targets.clone().map(|target| cell(target, None, None)))
                }
                (TargetAttack::Confidence, Combine::InStep) => {
                    cells.extend(targets.clone().map(|place| cell(place, Some(place), None)));
                }
                (TargetAttack::Confidence, Combine::Product) => {
                    cells.extend(targets.clone().flat_map(|target| {
                        generations.clone().map(move |generation| cell(target, Some(generation), None))
                    }))
                }
                (TargetAttack::ShadowModel, Combine::InStep) => {
                    cells.extend(targets.clone().map(|place| cell(place, Some(place), own.or(Some(place)))));
                }
                (TargetAttack::ShadowModel, Combine::Product) => {
                    let learners = own.map_or(0..self.shared_learners, |own| own..own + 1);
                    for learner in learners {
                        for target in targets.clone() {
                            cells.extend(
                                generations.clone().map(|place| cell(target, Some(place), Some(learner))),
                            );
                        }
                    }
                }
            }
        }
        cells
    }

    /// Every learner that it asks for.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        let generations = self.generations.iter().flat_map(Generation::learners);
        let of_attack = self.attack_learners.iter().chain(self.shadow.learners());
        self.target.learners.iter().chain(generations).chain(of_attack)
    }
}
