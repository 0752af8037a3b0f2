//! Bagging (Breiman, 1996): one learner trained on bootstrap samples; the answer is the mean of the models' vectors.

use rand::RngExt;
use rayon::prelude::*;

use super::params::BaggingParams;
use super::voting::{least_converged, mean};
use crate::learner::Convergence;
use crate::learner::{
    CheckedRecords, Learner, LearnerError, LocalModel, Model, SavedModel, Train, TrainingRows, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Models of one learner, at least one, all of the same features and classes.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::{BaggingModel, RawBaggingParams};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let tree = Learner::DecisionTree(Default::default());
/// let learner = Learner::Bagging(RawBaggingParams::of(tree).check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// assert_eq!(model.downcast_ref::<BaggingModel>().unwrap().models().len(), 10);
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BaggingModel {
    pub(super) models: Vec<LocalModel>,
}

impl BaggingModel {
    /// The models, in the order in which their answers are added.
    #[must_use]
    pub fn models(&self) -> &[LocalModel] {
        &self.models
    }
}

impl Model for BaggingModel {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        mean(self.models.iter().map(|model| (model, 1.0)), requested)
    }

    fn features(&self) -> usize {
        self.models[0].features()
    }

    fn classes(&self) -> usize {
        self.models[0].classes()
    }

    fn heap_bytes(&self) -> usize {
        self.models.iter().map(LocalModel::memory_bytes).sum()
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }

    fn convergence(&self) -> Option<Convergence> {
        least_converged(&self.models)
    }
}

impl Train for BaggingParams {
    /// Trains the models side by side.
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let (rows, params) = (data.in_order()?, self.get());
        let train = |place: u64| {
            let seed = seed.child("model", place);
            params.learner.train(data.with(&bootstrap(&rows, seed)), seed)
        };
        let models: Vec<_> = (0..u64::from(params.models)).into_par_iter().map(train).collect();
        Ok(BaggingModel { models: models.into_iter().collect::<Result<_, _>>()? }.into_local())
    }

    fn inner(&self) -> Option<&Learner> {
        Some(&self.get().learner)
    }

    fn members(&self) -> u64 {
        self.get().learner.members().saturating_mul(u64::from(self.get().models))
    }
}

/// A bootstrap sample: as many rows as there are, drawn with replacement. They are given in an order that the records alone decide; so the sample is one of records, wherever
/// they stand in the data set.
pub(super) fn bootstrap(rows: &[usize], seed: Seed) -> Vec<usize> {
    let mut stream = seed.stream("bootstrap");
    let n = rows.len() as u64;
    rows.iter().map(|_| rows[stream.random_range(0..n) as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_third_of_the_rows_is_left_out() {
        let rows: Vec<usize> = (100..10_100).collect();
        let mut sample = bootstrap(&rows, Seed::root(3));
        assert_eq!(sample.len(), rows.len());
        sample.sort_unstable();
        sample.dedup();
        // 1 - 1/e of 10,000, standard deviation 31.
        assert!((6200..6440).contains(&sample.len()), "{}", sample.len());
        assert!(sample.iter().all(|row| rows.contains(row)));
        assert_ne!(bootstrap(&rows, Seed::root(3)), bootstrap(&rows, Seed::root(4)));
        assert!(bootstrap(&[], Seed::root(3)).is_empty());
    }
}
