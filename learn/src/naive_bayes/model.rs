//! A fitted naive Bayes model.

use ndarray::Array2;
use rayon::prelude::*;

use super::bernoulli::Bernoulli;
use super::gaussian::Gaussian;
use super::posterior::normalise;
use super::{Distribution, NaiveBayesParams};
use crate::dataset::Samples;
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, PreparedRecords, SavedModel, Train, TrainingRows,
    TrainingSet, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Records that a thread answers together.
const BLOCK: usize = 512;

/// A fitted model.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::naive_bayes::NaiveBayes;
/// use turncoat_learn::{Model, Samples};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let model = NaiveBayes::fit_samples(&Default::default(), samples)?;
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveBayes {
    pub(super) features: usize,
    pub(super) classes: usize,
    /// The classes that training showed, ascending.
    pub(super) present: Vec<u32>,
    /// Logarithms of their shares.
    pub(super) priors: Vec<f64>,
    pub(super) likelihood: Likelihood,
}

/// What the values of features follow in each class.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Likelihood {
    Gaussian(Gaussian),
    Bernoulli(Bernoulli),
}

impl NaiveBayes {
    /// Trains on all of the samples.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds, or the lengths differ.
    pub fn fit_samples(params: &NaiveBayesParams, samples: Samples<'_>) -> Result<Self, LearnerError> {
        PreparedRecords::new(samples.records)?;
        let rows: Vec<usize> = (0..samples.labels.len()).collect();
        let set = TrainingSet::new(samples.records, samples.labels, &rows, samples.classes)?;
        Ok(Self::fit(params, &set))
    }

    /// Trains on the set.
    pub(crate) fn fit(params: &NaiveBayesParams, set: &TrainingSet) -> Self {
        let params = params.get();
        let n = set.labels.len() as f64;
        let priors = set.counts().iter().map(|&count| (count as f64 / n).ln()).collect();
        let likelihood = match params.distribution {
            Distribution::Gaussian => Likelihood::Gaussian(Gaussian::fit(set, params.var_smoothing)),
            Distribution::Bernoulli => {
                Likelihood::Bernoulli(Bernoulli::fit(set, params.alpha, params.threshold))
            }
        };
        let (features, present) = (set.records.ncols(), set.present.clone());
        Self { features, classes: set.classes, present, priors, likelihood }
    }
}

impl Model for NaiveBayes {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        let classes = self.present.len();
        let mut shares = Array2::<f64>::zeros((requested.len(), classes));
        if classes > 0 {
            let rows = shares.as_slice_mut().expect("a fresh array is contiguous");
            rows.par_chunks_mut(BLOCK * classes).enumerate().for_each(|(block, rows)| {
                let first = block * BLOCK;
                let requested = requested.part(first..first + rows.len() / classes);
                let records = requested.records();
                let records = records.view();
                match &self.likelihood {
                    Likelihood::Gaussian(gaussian) => gaussian.likelihoods(records, &self.priors, rows),
                    Likelihood::Bernoulli(bernoulli) => bernoulli.likelihoods(records, &self.priors, rows),
                }
                rows.chunks_exact_mut(classes).for_each(normalise);
            });
        }
        if classes == self.classes {
            return PredictionVectors::of_distributions(shares);
        }
        PredictionVectors::of_distributions(TrainingSet::spread(shares.view(), &self.present, self.classes))
    }

    fn features(&self) -> usize {
        self.features
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn heap_bytes(&self) -> usize {
        let likelihood = match &self.likelihood {
            Likelihood::Gaussian(Gaussian { means, variances }) => {
                size_of_val(&means[..]) + size_of_val(&variances[..])
            }
            Likelihood::Bernoulli(Bernoulli { odds, off, .. }) => {
                size_of_val(&odds[..]) + size_of_val(&off[..])
            }
        };
        size_of_val(&self.present[..]) + size_of_val(&self.priors[..]) + likelihood
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }
}

impl Train for NaiveBayesParams {
    fn fit(&self, data: TrainingRows<'_, '_>, _seed: Seed) -> Result<LocalModel, LearnerError> {
        Ok(NaiveBayes::fit(self, &data.set()?).into_local())
    }
}
