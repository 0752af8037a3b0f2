//! The target as a service: black-box access with every query counted (Truex et al., section 2.1.1).

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::ArrayView2;
use turncoat_learn::{LocalModel, PredictionVectors};

use crate::error::AttackError;

/// A trained model behind its prediction service. Guarantee: it can be asked and nothing else, and each record asked
/// about counts as one query.
#[derive(Debug)]
pub struct TargetApi<'a> {
    model: &'a LocalModel,
    queries: AtomicU64,
}

impl<'a> TargetApi<'a> {
    /// Puts the service in front of a model.
    #[must_use]
    pub fn new(model: &'a LocalModel) -> Self {
        Self { model, queries: AtomicU64::new(0) }
    }

    /// Prediction vectors of records `[n, d]`; n queries.
    ///
    /// # Errors
    /// [`AttackError::Learner`] when the records do not fit the target; they count all the same.
    pub fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, AttackError> {
        self.queries.fetch_add(records.nrows() as u64, Ordering::Relaxed);
        Ok(self.model.predict_proba(records)?)
    }

    /// Number of features m that the service takes, as probing finds it (Truex et al., section 3.1.1).
    #[must_use]
    pub fn features(&self) -> usize {
        self.model.features()
    }

    /// Number of classes k that its vectors have.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.model.classes()
    }

    /// Queries so far.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
}
