//! From the raw tree to a [`Scenario`](super::Scenario): the only place that makes one.

mod adversaries;
mod boundaries;
mod data;
mod experiment;
mod federation;
mod learner;
mod run;

pub(super) use experiment::check;
pub(super) use learner::learner;

/// Most records a scenario may speak of at once: far above any data set, far below what overflows.
const MAX_RECORDS: u64 = 1_000_000_000;
