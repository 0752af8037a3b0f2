//! The shadow models of a single target: what stands in for it, and how often (Truex et al., section 3.2).

use turncoat_learn::Learner;

use super::{ShadowDesign, Split};
use crate::evidence::Imitated;

/// One or more learners on a number of partitions: with one learner a data partition ensemble, with several and one partition a
/// model-based one, with several of both a hybrid.
///
/// ```
/// use turncoat_attack::Generation;
/// use turncoat_learn::Learner;
///
/// let learners = vec![Learner::DecisionTree(Default::default()), Learner::Knn(Default::default())];
/// assert_eq!(Generation::new(learners.clone(), 4).unwrap().name(), "decision_tree+knn");
/// assert_eq!(Generation::two_fold(learners[1].clone(), 10).name(), "knn");
/// assert!(Generation::new(learners, 0).is_none() && Generation::new(vec![], 1).is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    learners: Vec<Learner>,
    split: Split,
}

impl Generation {
    /// Most parts that train.
    pub const MAX_PARTITIONS: u32 = 1_000;

    /// A generation of one or more learners on that many partitions; `None` without a learner or a partition, or with more
    /// than [`MAX_PARTITIONS`](Self::MAX_PARTITIONS).
    #[must_use]
    pub fn new(learners: Vec<Learner>, partitions: u32) -> Option<Self> {
        let sound = !learners.is_empty() && (1..=Self::MAX_PARTITIONS).contains(&partitions);
        sound.then_some(Self { learners, split: Split::Partitions(partitions) })
    }

    /// A learner on that many halves of the records, each drawn anew.
    #[must_use]
    pub fn two_fold(learner: Learner, shadows: u32) -> Self {
        Self { learners: vec![learner], split: Split::TwoFold(shadows) }
    }

    /// Its name: those of its learners, joined by `+`.
    #[must_use]
    pub fn name(&self) -> String {
        self.learners.iter().map(Learner::name).collect::<Vec<_>>().join("+")
    }

    /// What trains, at least one.
    #[must_use]
    pub fn learners(&self) -> &[Learner] {
        &self.learners
    }

    /// Which records shadows are trained on.
    #[must_use]
    pub fn split(&self) -> Split {
        self.split
    }

    /// As a design of shadow models.
    #[must_use]
    pub fn design(&self) -> ShadowDesign {
        ShadowDesign {
            learners: self.learners.clone(),
            split: self.split,
            imitated: Imitated::MODEL,
            release: Vec::new(),
        }
    }
}
