//! Soft voting: models of several learners on the same records; the answer is the weighted mean of their vectors, summed in
//! the order of the list.

use ndarray::Array2;
use rayon::prelude::*;

use super::params::SoftVotingParams;
use crate::learner::Convergence;
use crate::learner::{
    CheckedRecords, Learner, LearnerError, LocalModel, Model, SavedModel, Train, TrainingRows, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Models with their weights, at least one, all of the same features and classes.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::{RawSoftVotingParams, SoftVotingModel};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let tree = Learner::DecisionTree(Default::default());
/// let learner = Learner::SoftVoting(RawSoftVotingParams { learners: vec![tree], weights: None }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// assert_eq!(model.downcast_ref::<SoftVotingModel>().unwrap().models().len(), 1);
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
    /// The models and what each one's vector weighs, in the order in which they are added.
    pub fn models(&self) -> impl ExactSizeIterator<Item = (&LocalModel, f64)> {
        self.models.iter().zip(self.weights.iter().copied())
    }
}

impl Model for SoftVotingModel {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        mean(self.models.iter().zip(self.weights.iter().copied()), requested)
    }

    fn features(&self) -> usize {
        self.models[0].features()
    }

    fn classes(&self) -> usize {
        self.models[0].classes()
    }

    fn heap_bytes(&self) -> usize {
        self.models.iter().map(LocalModel::memory_bytes).sum::<usize>() + size_of_val(&self.weights[..])
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }

    fn convergence(&self) -> Option<Convergence> {
        least_converged(&self.models)
    }
}

impl Train for SoftVotingParams {
    /// Trains the models side by side, each on all rows.
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let params = self.get();
        let learners = params.learners.par_iter().enumerate();
        let models: Vec<_> =
            learners.map(|(place, learner)| learner.train(data, seed.child("model", place as u64))).collect();
        let weights = params.weights.clone().unwrap_or_else(|| vec![1.0; params.learners.len()]);
        let models = models.into_iter().collect::<Result<_, _>>()?;
        Ok(SoftVotingModel { models, weights }.into_local())
    }

    fn ranks_columns(&self) -> bool {
        self.get().learners.iter().any(Learner::ranks_columns)
    }

    fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.get().learners.iter().try_for_each(|learner| learner.check_classes(classes))
    }

    fn reproducible(&self, classes: usize) -> bool {
        self.get().learners.iter().all(|learner| learner.reproducible(classes))
    }

    fn nesting(&self) -> u32 {
        1 + self.get().learners.iter().map(Learner::nesting).max().unwrap_or(0)
    }

    fn members(&self) -> u64 {
        self.get().learners.iter().map(Learner::members).fold(0, u64::saturating_add)
    }
}

/// How far the one came that came least far: not converged before converged, a larger gradient before a smaller one.
pub(super) fn least_converged(models: &[LocalModel]) -> Option<Convergence> {
    let reported = models.iter().filter_map(|model| model.convergence());
    reported.min_by(|a, b| a.converged.cmp(&b.converged).then_with(|| b.gradient.total_cmp(&a.gradient)))
}

/// The weighted mean of models' vectors, summed in the order given; there is at least one.
pub(super) fn mean<'a>(
    models: impl Iterator<Item = (&'a LocalModel, f64)>,
    requested: &CheckedRecords<'_>,
) -> PredictionVectors {
    let mut total = 0.0;
    let mut sum: Option<Array2<f64>> = None;
    for (model, weight) in models {
        let vectors = model.predict(requested);
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
