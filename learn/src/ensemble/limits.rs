//! How large ensembles of ensembles may become.

/// Most members of one ensemble.
pub(super) const MOST_EACH: u32 = 10_000;

/// Largest learning rate of AdaBoost.
pub(super) const MOST_RATE: f64 = 1e6;

/// Most plain models in all.
pub(super) const MOST_MEMBERS: u64 = 100_000;

/// What a vote may weigh. Times a share of a vector, less would vanish and leave a mean of nothing; more would have no finite sum.
pub(super) const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;
