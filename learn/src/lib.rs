//! Data sets, partitions, learners, prediction vectors and seed streams: the pure part of turncoat.
//!
//! Nothing here knows a clock, a socket, an asynchronous runtime or a global random number generator. The same
//! inputs and the same [`Seed`] give the same bytes, on any number of threads.

#![forbid(unsafe_code)]

mod answers;
mod columns;
pub mod data;
pub mod dataset;
pub mod defence;
pub mod distance;
pub mod ensemble;
pub mod equal_records;
mod error;
mod kmeans;
pub mod knn;
pub mod learner;
pub mod logistic;
pub mod majority_class;
pub mod naive_bayes;
mod npz;
pub mod partition;
pub mod party_id;
pub mod prediction;
pub mod preprocess;
mod private;
mod registry;
pub mod seed;
pub mod shard;
pub mod tree;
pub mod unit_scale;
pub mod visible;
pub mod words;

/// Most records that anybody may ask for at once: far above any data set, and far below what overflows.
pub const MOST_RECORDS: usize = 1_000_000_000;

pub use answers::Answers;
pub use columns::Prepared;
pub use dataset::{Dataset, DatasetError, Feature, FeatureKind, MOST_CLASSES, Samples};
pub use equal_records::{EqualRecords, fingerprint, record_key};
pub use learner::{Learner, LearnerError, LocalModel, Model, ModelDigest, Parametric, PreparedRecords};
pub use partition::Partition;
pub use party_id::PartyId;
pub use prediction::{
    GRID, PredictionVectors, PredictionViolation, on_grid, predicted_class, predicted_classes,
};
pub use seed::Seed;
pub use shard::{Shard, ShardError};
pub use unit_scale::UnitScale;
