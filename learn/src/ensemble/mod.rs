//! Ensembles of learners, as Truex et al. (section 3.2) name them: bagging, random forests, boosting, and votes of models
//! of several kinds.
//!
//! An ensemble is a learner like any other: the order of the records and the number of threads never change a bit of it. Samples
//! are drawn over the records in the order that they have by themselves, each member has a seed of its own, members are trained
//! side by side and put back in order, and their vectors are added in that order.

mod ada_boost;
mod bagging;
mod file;
mod forest;
mod params;
#[cfg(test)]
mod tests;
mod voting;

pub use ada_boost::AdaBoostModel;
pub use bagging::BaggingModel;
pub use forest::ForestModel;
pub use params::{
    AdaBoostParams, BaggingParams, ForestParams, RawAdaBoostParams, RawBaggingParams, RawForestParams,
    RawSoftVotingParams, SoftVotingParams,
};
pub use voting::SoftVotingModel;
