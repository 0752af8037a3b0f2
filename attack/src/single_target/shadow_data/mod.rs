//! Development of a shadow data set D' from knowledge and queries (Truex et al., section 3.1).
//!
//! A [`ShadowPlan`] is a list of steps: a source of records, then what is done to them. Guarantee: D' depends on the plan,
//! the knowledge, the real records that knowledge is made from, the target's answers and the seed, on nothing else; any
//! number of threads gives the same bits.

mod active_learning;
mod chow_liu;
mod data;
mod develop;
mod params;
mod plan;
mod query;
mod region;
mod source;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use data::ShadowData;
pub use develop::{Developed, Search};
pub use params::{ActiveLearning, Dependence, Query, Region, Statistics, Step};
pub use plan::{RawShadowPlan, ShadowPlan};
