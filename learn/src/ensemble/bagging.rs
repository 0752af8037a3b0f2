//! Bagging (Breiman, 1996): one learner trained on bootstrap samples; the answer is the mean of the models' vectors.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::bootstrap::bootstrap;
use super::params::BaggingParams;
use super::voting::mean;
use crate::learner::{Asked, LearnerError, LocalModel, PreparedRecords, canonical_rows};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Models of one learner, at least one, all of the same features and classes.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawBaggingParams;
/// use turncoat_learn::{Learner, LocalModel, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let tree = Learner::DecisionTree(Default::default());
/// let learner = Learner::Bagging(RawBaggingParams::of(tree).check().unwrap());
/// let LocalModel::Bagging(model) = learner.fit(samples, Seed::root(1))? else { unreachable!() };
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BaggingModel {
    pub(super) models: Vec<LocalModel>,
}

impl BaggingModel {
    /// Trains the models side by side.
    pub(crate) fn fit(
        params: &BaggingParams,
        prepared: &PreparedRecords<'_>,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, LearnerError> {
        let rows = canonical_rows(prepared.records(), labels, rows, classes)?;
        let params = params.get();
        let train = |place: u64| {
            let seed = seed.child("model", place);
            params.learner.fit_rows(prepared, labels, &bootstrap(&rows, seed), classes, seed)
        };
        let models: Vec<_> = (0..u64::from(params.models)).into_par_iter().map(train).collect();
        Ok(Self { models: models.into_iter().collect::<Result<_, _>>()? })
    }

    /// Class probabilities of records `[n, d]`.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::NotFinite`].
    pub fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        Ok(self.answers(&Asked::new(records, self.features())?))
    }

    /// Class probabilities of checked records.
    pub(crate) fn answers(&self, asked: &Asked<'_>) -> PredictionVectors {
        mean(self.models.iter().map(|model| (model, 1.0)), asked)
    }

    /// The models, in the order in which their answers are added.
    #[must_use]
    pub fn models(&self) -> &[LocalModel] {
        &self.models
    }

    /// Number of features of the training records.
    #[must_use]
    pub fn features(&self) -> usize {
        self.models[0].features()
    }

    /// Number of classes of the federation.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.models[0].classes()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.models.iter().map(LocalModel::memory_bytes).sum()
    }
}
