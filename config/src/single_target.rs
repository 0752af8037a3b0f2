//! An experiment on single targets, checked: the general formulation of Truex et al., section 3.
//!
//! Whatever holds a [`SingleTarget`] may rely on its bounds: lists have entries and none twice, numbers are in range, the
//! steps that make shadow data fit what the adversary knows.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_attack::single_target::{Knowledge, ShadowPlan};
use turncoat_attack::{Attack, Features, Generation, NamedAttack};
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
    /// How many folds of the target's records, the halves of two-fold splits, are trained on and attacked in each repeat, at least 1.
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
    /// What its shadow models are: those that every attack is tried with, then those that one attack names for itself.
    pub generations: Vec<Generation>,
    /// How many of them are for every attack.
    pub shared_generations: usize,
    /// What its attack models are: those that every shadow-model attack is tried with, then those that one attack names for itself.
    pub attack_learners: Vec<Learner>,
    /// How many of them are for every attack.
    pub shared_learners: usize,
    /// What attack models see.
    pub view: Features,
    /// Which targets, generations and attack learners meet.
    pub combine: Combine,
    /// What is tried, at least one, each with an id of its own.
    pub attacks: Vec<NamedAttack>,
    /// What is kept beside the report. Changes no figure.
    pub export: BTreeSet<Export>,
}

/// One result: which attack on which target by what means. Places in the lists of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// In [`Target::learners`].
    pub target: usize,
    /// In [`SingleTarget::attacks`].
    pub named: usize,
    /// In [`SingleTarget::generations`]; `None` for an attack without shadow models.
    pub generation: Option<usize>,
    /// In [`SingleTarget::attack_learners`]; `None` for an attack without an attack model.
    pub attack_learner: Option<usize>,
}

impl SingleTarget {
    /// Every result of the experiment: by attack, then attack learner, target and generation, as Table 3 has its rows.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let targets = self.target.learners.len();
        let (mut own_generations, mut own_learners) = (
            self.shared_generations..self.generations.len(),
            self.shared_learners..self.attack_learners.len(),
        );
        let mut cells = Vec::new();
        for (named, NamedAttack { attack, .. }) in self.attacks.iter().enumerate() {
            let needs = attack.needs();
            let asks_shadows = needs.shadows.is_some();
            // Of the shared lists all are tried, or in step the one in the target's place.
            let tried = |used: bool, own: Option<usize>, shared: usize, target: usize| match (used, own) {
                (false, _) => vec![None],
                (true, Some(own)) => vec![Some(own)],
                (true, None) if self.combine == Combine::InStep => vec![Some(target)],
                (true, None) => (0..shared).map(Some).collect(),
            };
            let generation = needs.generation.filter(|_| asks_shadows).and_then(|_| own_generations.next());
            let learner = needs.attack_learner.and_then(|_| own_learners.next());
            for target in 0..targets {
                for attack_learner in tried(needs.attack_model, learner, self.shared_learners, target) {
                    for generation in tried(asks_shadows, generation, self.shared_generations, target) {
                        cells.push(Cell { target, named, generation, attack_learner });
                    }
                }
            }
        }
        // Within an attack by what learns it, then by target.
        if self.combine == Combine::Product {
            cells.sort_by_key(|cell| (cell.named, cell.attack_learner, cell.target, cell.generation));
        }
        cells
    }

    /// The attack of a cell, with what learns it there.
    #[must_use]
    pub fn attack(&self, cell: &Cell) -> Attack {
        let learner = cell.attack_learner.map(|place| &self.attack_learners[place]);
        self.attacks[cell.named].attack.clone().with(learner, self.view)
    }

    /// Every learner that it asks for.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        let generations = self.generations.iter().flat_map(Generation::learners);
        let of_attack = self.attack_learners.iter().chain(self.shadow.learners());
        self.target.learners.iter().chain(generations).chain(of_attack)
    }
}
