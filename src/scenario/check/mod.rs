//! From the raw tree to a [`Study`](super::Study): the only place that makes one.

mod adversaries;
mod attack_id;
mod boundaries;
mod commands;
mod common;
mod data;
mod each_party;
mod faults;
mod federation;
mod federation_study;
mod given;
mod kind;
mod learner;
mod limits;
mod run;
mod single_target;

pub(super) use kind::check;
pub(super) use learner::learner;

/// Most records a scenario may speak of at once: far above any data set, far below what overflows.
const MAX_RECORDS: u64 = 1_000_000_000;
