//! How large ensembles of ensembles may become.

use crate::learner::Learner;

/// Most ensembles on the way from the outermost to a plain model.
pub(crate) const MOST_NESTED: u32 = 4;

/// Most members of one ensemble.
pub(super) const MOST_EACH: u32 = 10_000;

/// Most plain models in all.
pub(super) const MOST_MEMBERS: u64 = 100_000;

/// What a vote may weigh. Times a share of a vector, less would vanish and leave a mean of nothing; more would have no finite sum.
pub(super) const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Ensembles on the way to a plain model: 0 for a plain learner.
pub(super) fn nesting(learner: &Learner) -> u32 {
    match learner {
        Learner::RandomForest(_) | Learner::AdaBoost(_) => 1,
        Learner::Bagging(params) => 1 + nesting(&params.get().learner),
        Learner::SoftVoting(params) => 1 + params.get().learners.iter().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

/// Plain models that it trains, at most.
pub(super) fn members(learner: &Learner) -> u64 {
    match learner {
        Learner::RandomForest(params) => u64::from(params.get().trees),
        Learner::AdaBoost(params) => u64::from(params.get().rounds),
        Learner::Bagging(params) => {
            let params = params.get();
            members(&params.learner).saturating_mul(u64::from(params.models))
        }
        Learner::SoftVoting(params) => params.get().learners.iter().map(members).fold(0, u64::saturating_add),
        _ => 1,
    }
}
