//! How large ensembles of ensembles may become.

use crate::learner::Learner;

/// Most ensembles on the way from the outermost to a plain model.
pub(super) const MOST_NESTED: u32 = 4;

/// Most plain models in all.
pub(super) const MOST_MEMBERS: u64 = 100_000;

/// Ensembles on the way to a plain model: 0 for a plain learner.
pub(super) fn nesting(learner: &Learner) -> u32 {
    match learner {
        Learner::DecisionTree(_) => 0,
    }
}

/// Plain models that it trains, at most.
pub(super) fn members(learner: &Learner) -> u64 {
    match learner {
        Learner::DecisionTree(_) => 1,
    }
}
