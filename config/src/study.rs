//! What a scenario file describes: a federation and its adversaries, or attacks on single targets.

use turncoat_attack::Generation;
use turncoat_learn::LearnerError;
use turncoat_learn::data::DataSource;
use turncoat_learn::preprocess::Preprocess;

use super::federation::Scenario;
use super::single_target::SingleTarget;

/// A checked scenario of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Study {
    /// `kind: federation`, and every file that names no kind.
    Federation(Box<Scenario>),
    /// `kind: single_target`.
    SingleTarget(Box<SingleTarget>),
}

impl Study {
    /// What reports call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Federation(scenario) => &scenario.name,
            Self::SingleTarget(study) => &study.name,
        }
    }

    /// The number from which every random draw derives.
    #[must_use]
    pub fn seed(&self) -> u64 {
        match self {
            Self::Federation(scenario) => scenario.seed,
            Self::SingleTarget(study) => study.seed,
        }
    }

    /// How often all of it is repeated.
    #[must_use]
    pub fn repeats(&self) -> u32 {
        match self {
            Self::Federation(scenario) => scenario.repeats,
            Self::SingleTarget(study) => study.repeats,
        }
    }

    /// Where the records come from.
    #[must_use]
    pub fn data(&self) -> &DataSource {
        match self {
            Self::Federation(scenario) => &scenario.data,
            Self::SingleTarget(study) => &study.data,
        }
    }

    /// Refuses class weights that do not fit data of that many classes.
    ///
    /// # Errors
    /// [`LearnerError::Parameter`].
    pub fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        match self {
            Self::Federation(scenario) => {
                scenario.federation.learner.check_classes(classes)?;
                let mut attacks = scenario.adversaries.iter().flat_map(|adversary| &adversary.attacks);
                attacks.try_for_each(|named| named.attack.check_classes(classes))
            }
            Self::SingleTarget(study) => {
                let generations = study.generations.iter().flat_map(Generation::learners);
                let mut models = study.target.learners.iter().chain(generations);
                models.try_for_each(|learner| learner.check_classes(classes))?;
                study.attack_learners.iter().try_for_each(|learner| learner.check_classes(2))
            }
        }
    }

    /// Whether it says for some number of classes what each weighs: no data has none.
    pub fn names_class_weights(&self) -> bool {
        self.check_classes(0).is_err()
    }

    /// What is done to them first.
    #[must_use]
    pub fn preprocess(&self) -> &Preprocess {
        match self {
            Self::Federation(scenario) => &scenario.preprocess,
            Self::SingleTarget(study) => &study.preprocess,
        }
    }

    /// Whether every model, on data of that many classes, comes out the same in every run.
    #[must_use]
    pub fn reproducible(&self, classes: usize) -> bool {
        match self {
            Self::Federation(scenario) => scenario.learners().all(|learner| learner.reproducible(classes)),
            Self::SingleTarget(study) => study.learners().all(|learner| learner.reproducible(classes)),
        }
    }

    /// The federation, if it is one.
    #[must_use]
    pub fn federation(&self) -> Option<&Scenario> {
        match self {
            Self::Federation(scenario) => Some(scenario),
            Self::SingleTarget(_) => None,
        }
    }
}

/// What has been read from a scenario file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The experiment.
    pub study: Study,
    /// The scenario with every default filled in, in fixed order: itself a scenario, which resolves to itself.
    pub resolved_yaml: String,
    /// SHA-256, in hexadecimal, of [`resolved_yaml`](Self::resolved_yaml) without its `launch` and, where
    /// nothing goes wrong, its `timeouts`, which change no figure: the same experiment has the same hash however it is run.
    pub sha256: String,
    /// The same with what is exported beside the figures: SHA-256 of all that decides what a finished run leaves.
    pub run_sha256: String,
    /// What a reader should look at before trusting the figures.
    pub warnings: Vec<String>,
}
