//! Decision trees.

mod params;

use std::path::Path;

use ndarray::ArrayView2;

pub use params::{Criterion, Engine, RawTreeParams, TreeParams};

use crate::dataset::Samples;
use crate::learner::LearnerError;
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// A fitted tree.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionTree {}

#[allow(clippy::todo, missing_docs, clippy::missing_errors_doc)]
impl DecisionTree {
    pub fn fit(_params: &TreeParams, _samples: Samples<'_>, _seed: Seed) -> Result<Self, LearnerError> {
        todo!()
    }
    pub fn predict_proba(&self, _records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        todo!()
    }
    pub fn features(&self) -> usize {
        todo!()
    }
    pub fn classes(&self) -> usize {
        todo!()
    }
    pub fn save(&self, _path: &Path) -> Result<(), LearnerError> {
        todo!()
    }
    pub fn load(_path: &Path) -> Result<Self, LearnerError> {
        todo!()
    }
}
