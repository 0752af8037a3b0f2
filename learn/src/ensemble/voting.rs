//! Soft voting: models of several learners on the same records; the answer is the weighted mean of their vectors, summed in
//! the order of the list.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::params::SoftVotingParams;
use crate::learner::{Asked, LearnerError, LocalModel, PreparedRecords};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Models with their weights, at least one, all of the same features and classes.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawSoftVotingParams;
/// use turncoat_learn::{Learner, LocalModel, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let tree = Learner::DecisionTree(Default::default());
/// let learner = Learner::SoftVoting(RawSoftVotingParams { learners: vec![tree], weights: None }.check().unwrap());
/// let LocalModel::SoftVoting(model) = learner.fit(samples, Seed::root(1))? else { unreachable!() };
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SoftVotingModel {
    pub(super) models: Vec<LocalModel>,
    /// One for each model, above 0.
    pub(super) weights: Vec<f64>,
}

impl SoftVotingModel {
    /// Trains the models side by side, each on all rows.
    pub(crate) fn fit(
        params: &SoftVotingParams,
        prepared: &PreparedRecords<'_>,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, LearnerError> {
        let params = params.get();
        let models: Vec<_> = params
            .learners
            .par_iter()
            .enumerate()
            .map(|(place, learner)| {
                learner.fit_rows(prepared, labels, rows, classes, seed.child("model", place as u64))
            })
            .collect();
        let weights = params.weights.clone().unwrap_or_else(|| vec![1.0; params.learners.len()]);
        Ok(Self { models: models.into_iter().collect::<Result<_, _>>()?, weights })
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
        mean(self.models.iter().zip(self.weights.iter().copied()), asked)
    }

    /// The models and what each one's vector weighs, in the order in which they are added.
    pub fn models(&self) -> impl ExactSizeIterator<Item = (&LocalModel, f64)> {
        self.models.iter().zip(self.weights.iter().copied())
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
        self.models.iter().map(LocalModel::memory_bytes).sum::<usize>() + size_of_val(&self.weights[..])
    }
}

/// The weighted mean of models' vectors, summed in the order given; there is at least one.
pub(super) fn mean<'a>(
    models: impl Iterator<Item = (&'a LocalModel, f64)>,
    asked: &Asked<'_>,
) -> PredictionVectors {
    let mut total = 0.0;
    let mut sum: Option<Array2<f64>> = None;
    for (model, weight) in models {
        let vectors = model.answers(asked);
        total += weight;
        match &mut sum {
            Some(sum) => sum.scaled_add(weight, &vectors.view()),
            None => sum = Some(vectors.view().mapv(|share| share * weight)),
        }
    }
    let mut mean = sum.expect("an ensemble has a member");
    // Dividing can leave 1 + 1e-16 where every model is certain; a probability stays a probability.
    mean.mapv_inplace(|value| (value / total).min(1.0));
    PredictionVectors::of_distributions(mean)
}
