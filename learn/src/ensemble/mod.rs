//! Ensembles of learners, as Truex et al. (section 3.2) name them: bagging, random forests, boosting, and votes of models
//! of several kinds.

mod limits;
mod params;

pub use params::{
    AdaBoostParams, BaggingParams, ForestParams, RawAdaBoostParams, RawBaggingParams, RawForestParams,
    RawSoftVotingParams, SoftVotingParams,
};
