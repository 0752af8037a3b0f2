//! The attacks by name: what a scenario can ask an adversary to run, and the one door through which it runs.
//!
//! Guarantee: a claim on one record depends on that record and its label, the federation's answer to it, and the
//! adversary's knowledge and probes. It never depends on which other records are asked about, nor on their order. One
//! exception is by request: a transductive `shadow_federation` uses all targets asked about at once, still in no order.
//!
//! Guarantee: an attack is charged for the records that it [`needs`](Attack::needs) answers on, each once, and for nothing else.
//! One that would go over a budget is refused before anything is spent on it.
//!
//! Guarantee: what a party did not answer is no evidence. An attack says what it does with the answers that are there, and
//! makes no claim on a record of which it learnt nothing.

use ndarray::ArrayView2;
use turncoat_learn::{Learner, LearnerError};

use crate::claim::{Claims, Question};
use crate::error::AttackError;
use crate::membership::gap::Ties;
use crate::membership::{confidence, gap, shadow_model};
use crate::source::{least_loss, prior_aware, shadow_federation};
use crate::view::AdversaryView;

/// An attack and its parameters.
///
/// ```
/// use ndarray::{Array2, ArrayView2, array};
/// use turncoat_attack::{AdversaryView, Attack, AttackError, Claims, Knowledge, Observation, Oracle, SourceInference, Targets, Vantage};
/// use turncoat_learn::{Learner, PartyId, PredictionVectors, Seed};
///
/// /// Two parties that answer by heart: party 1 is sure of class 0, party 2 of class 1.
/// struct Federation;
///
/// impl Oracle for Federation {
///     fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
///         let all = |row: [f64; 2]| Array2::from_shape_fn((records.nrows(), 2), |(_, class)| row[class]);
///         let vectors = [[1.0, 0.0], [0.0, 1.0]].map(|row| PredictionVectors::new(all(row)));
///         let [one, two] = vectors;
///         let (one, two) = (one?, two?);
///         let mean = PredictionVectors::mean(&[&one, &two])?;
///         Ok(Observation::PerParty { mean, parties: PartyId::first(2).zip([one.into(), two.into()]).collect() })
///     }
/// }
///
/// let knowledge = Knowledge {
///     vantage: Vantage::Aggregator,
///     parties: 2,
///     classes: 2,
///     learner: Learner::DecisionTree(Default::default()),
///     own: None,
///     auxiliary: None,
///     seed: Seed::root(1),
/// };
/// let targets = Targets { records: array![[5.0], [6.0]], labels: vec![0, 1], candidates: PartyId::first(2).collect() };
/// let view = AdversaryView::new(&knowledge, &targets, &Federation)?;
/// // It asks about the targets alone.
/// assert_eq!(Attack::Source(SourceInference::LeastLoss).needs(&view)?, [targets.records.view()]);
/// // Whose are they? The party that is surest of a record's class.
/// let Claims::Source(claims) = Attack::Source(SourceInference::LeastLoss).run(&view)? else { unreachable!() };
/// assert_eq!(claims.iter().flatten().map(|claim| claim.party.get()).collect::<Vec<_>>(), [1, 2]);
/// # Ok::<(), AttackError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// Was the record in?
    Membership(MembershipInference),
    /// Whose was it?
    Source(SourceInference),
}

/// Attacks on membership.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipInference {
    /// In iff the record is predicted right (Yeom et al., 2018; prediction correctness in Hu et al.'s survey, 3.2).
    Gap {
        /// Which class is predicted where several share the largest probability.
        #[serde(default)]
        ties: Ties,
    },
    /// In iff the true label's probability reaches a threshold learned on a shadow federation (Salem et al., 2019).
    Confidence,
    /// An attack model learned on shadow federations (Shokri et al., 2017; Truex et al., section 3).
    ShadowModel {
        /// Shadow federations to train, at least 1.
        shadows: u32,
        /// What shadow parties train, the generation model of Truex et al., section 3.2; `None` for what the parties do.
        #[serde(default)]
        generation: Option<Learner>,
        /// What learns to tell in from out (Truex et al., section 3.3); `None` for a decision tree of bounded depth.
        #[serde(default)]
        attack_learner: Option<Learner>,
    },
}

/// Attacks on the source.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceInference {
    /// The party with the least loss on the record (Hu et al., "Source inference attacks in federated learning", 2021).
    LeastLoss,
    /// Least loss, ties broken by the estimated class shares of the parties.
    PriorAware,
    /// A classifier of owners learned on shadow federations (Truex et al., section 4.7.1).
    ShadowFederation {
        /// Shadow federations to train, at least 1.
        shadows: u32,
        /// Deal the shadow federations from the targets taken together, all of which belong to a candidate, in place of
        /// the adversary's own records. A claim then depends on the other targets asked about with it, and candidates
        /// are taken to hold about equally many records. Needs two candidates and 20 targets for each.
        #[serde(default)]
        transductive: bool,
        /// What shadow parties train, the generation model of Truex et al., section 3.2; `None` for what the parties do.
        #[serde(default)]
        generation: Option<Learner>,
    },
}

/// An attack with what its adversary calls it, so that an adversary can run two parameterisations of one attack.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct NamedAttack {
    /// What tells it from the adversary's other attacks; its name unless the scenario says otherwise.
    pub id: String,
    /// What it does.
    pub attack: Attack,
}

impl From<Attack> for NamedAttack {
    fn from(attack: Attack) -> Self {
        Self { id: attack.name().into(), attack }
    }
}

impl Attack {
    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Membership(MembershipInference::Gap { .. }) => "gap",
            Self::Membership(MembershipInference::Confidence) => "confidence",
            Self::Membership(MembershipInference::ShadowModel { .. }) => "shadow_model",
            Self::Source(SourceInference::LeastLoss) => "least_loss",
            Self::Source(SourceInference::PriorAware) => "prior_aware",
            Self::Source(SourceInference::ShadowFederation { .. }) => "shadow_federation",
        }
    }

    /// The learners that it names for its own models.
    pub fn learners(&self) -> impl Iterator<Item = &Learner> {
        let (generation, attack_learner) = match self {
            Self::Membership(MembershipInference::ShadowModel { generation, attack_learner, .. }) => {
                (generation.as_ref(), attack_learner.as_ref())
            }
            Self::Source(SourceInference::ShadowFederation { generation, .. }) => (generation.as_ref(), None),
            _ => (None, None),
        };
        generation.into_iter().chain(attack_learner)
    }

    /// Refuses class weights of its learners that do not fit that many classes; attack models tell two apart, in and out.
    ///
    /// # Errors
    /// [`LearnerError::Parameter`].
    ///
    /// ```
    /// use turncoat_attack::{Attack, MembershipInference};
    /// use turncoat_learn::Learner;
    /// use turncoat_learn::tree::{ClassWeight, RawTreeParams};
    ///
    /// let class_weight = Some(ClassWeight::PerClass(vec![1.0, 2.0, 3.0]));
    /// let tree = RawTreeParams { class_weight, ..Default::default() }.check().unwrap();
    /// let generation = Some(Learner::DecisionTree(tree));
    /// let attack =
    ///     Attack::Membership(MembershipInference::ShadowModel { shadows: 3, generation, attack_learner: None });
    /// assert!(attack.check_classes(3).is_ok() && attack.check_classes(2).is_err());
    /// ```
    pub fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        let (generation, attack_learner) = match self {
            Self::Membership(MembershipInference::ShadowModel { generation, attack_learner, .. }) => {
                (generation, attack_learner)
            }
            Self::Source(SourceInference::ShadowFederation { generation, .. }) => (generation, &None),
            _ => return Ok(()),
        };
        generation.iter().try_for_each(|learner| learner.check_classes(classes))?;
        attack_learner.iter().try_for_each(|learner| learner.check_classes(2))
    }

    /// The question it answers.
    #[must_use]
    pub fn question(&self) -> Question {
        match self {
            Self::Membership(_) => Question::Membership,
            Self::Source(_) => Question::Source,
        }
    }

    /// The records that it asks the federation about: the targets, where it looks at answers to them at all, and of the records
    /// that the adversary holds those whose answers it learns from.
    ///
    /// # Errors
    /// As [`AdversaryView::probes`].
    pub fn needs<'a>(&self, view: &'a AdversaryView<'_>) -> Result<Vec<ArrayView2<'a, f32>>, AttackError> {
        let targets = view.targets.records.view();
        Ok(match self {
            Self::Membership(_) => vec![targets],
            Self::Source(_) if !view.shows_single_vectors() => Vec::new(),
            Self::Source(inference) => {
                let probes = match inference {
                    SourceInference::LeastLoss => None,
                    SourceInference::PriorAware => view.probes()?.map(prior_aware::probed),
                    SourceInference::ShadowFederation { .. } => view.probes()?.map(|all| all.records.view()),
                };
                std::iter::once(targets).chain(probes).collect()
            }
        })
    }

    /// Answers the question on every target, in their order; no claim where nothing that the attack needs was answered.
    ///
    /// # Errors
    /// [`AttackError`]: the targets do not fit the federation, the adversary holds too few records to learn from, the
    /// federation did not answer, or a model of the adversary's own failed.
    pub fn run(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        view.ask(&self.needs(view)?)?;
        match self {
            Self::Membership(MembershipInference::Gap { ties }) => {
                gap::claim(view, *ties).map(Claims::Membership)
            }
            Self::Membership(MembershipInference::Confidence) => {
                confidence::claim(view).map(Claims::Membership)
            }
            Self::Membership(MembershipInference::ShadowModel { shadows, generation, attack_learner }) => {
                shadow_model::claim(view, *shadows, generation.as_ref(), attack_learner.as_ref())
                    .map(Claims::Membership)
            }
            Self::Source(SourceInference::LeastLoss) => least_loss::claim(view).map(Claims::Source),
            Self::Source(SourceInference::PriorAware) => prior_aware::claim(view).map(Claims::Source),
            Self::Source(SourceInference::ShadowFederation { shadows, transductive, generation }) => {
                shadow_federation::claim(view, *shadows, *transductive, generation.as_ref())
                    .map(Claims::Source)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_questions() {
        let membership = [
            (MembershipInference::Gap { ties: Ties::Lowest }, "gap"),
            (MembershipInference::Confidence, "confidence"),
            (
                MembershipInference::ShadowModel { shadows: 3, generation: None, attack_learner: None },
                "shadow_model",
            ),
        ];
        for (inference, name) in membership {
            let attack = Attack::Membership(inference);
            assert_eq!((attack.name(), attack.question()), (name, Question::Membership));
        }
        let source = [
            (SourceInference::LeastLoss, "least_loss"),
            (SourceInference::PriorAware, "prior_aware"),
            (
                SourceInference::ShadowFederation { shadows: 3, transductive: true, generation: None },
                "shadow_federation",
            ),
        ];
        for (inference, name) in source {
            let attack = Attack::Source(inference);
            assert_eq!((attack.name(), attack.question()), (name, Question::Source));
        }
    }
}
