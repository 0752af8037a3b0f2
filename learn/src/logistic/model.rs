//! A fitted logistic regression: weights, intercepts, and how far the fit came.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::link::probabilities;
use super::{Convergence, LogisticParams};
use crate::dataset::Samples;
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, Parametric, PreparedRecords, SavedModel, Train,
    TrainingRows, TrainingSet, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Records that are answered together.
const BLOCK: usize = 256;

/// A fitted model.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::logistic::LogisticRegression;
/// use turncoat_learn::{Model, Samples};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let model = LogisticRegression::fit_samples(&Default::default(), samples)?;
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticRegression {
    pub(super) features: usize,
    pub(super) classes: usize,
    /// The classes that training showed, ascending.
    pub(super) present: Vec<u32>,
    /// Shape `[features, outputs]`: one output with two classes (for the second of them), one a class with more, none with fewer.
    pub(super) weights: Vec<f64>,
    /// One an output.
    pub(super) intercepts: Vec<f64>,
    /// None of a model whose parameters were given and not found.
    pub(super) convergence: Option<Convergence>,
}

impl LogisticRegression {
    /// Trains on all of the samples.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds, or the lengths differ.
    pub fn fit_samples(params: &LogisticParams, samples: Samples<'_>) -> Result<Self, LearnerError> {
        PreparedRecords::new(samples.records)?;
        let rows: Vec<usize> = (0..samples.labels.len()).collect();
        let set = TrainingSet::new(samples.records, samples.labels, &rows, samples.classes)?;
        Ok(Self::fit(params, set))
    }

    /// The weights `[features, outputs]` of the features as they are: one output, for the second class, where training showed
    /// two classes; one for each shown class where it showed more; none where it showed fewer.
    #[must_use]
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.features, self.intercepts.len()), &self.weights)
            .expect("there is a weight for each feature and output")
    }

    /// The intercepts, one an output.
    #[must_use]
    pub fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }
}

impl Model for LogisticRegression {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        let mut shares = Array2::<f64>::ones((requested.len(), self.present.len()));
        if self.present.len() > 1 {
            let weights = ArrayView2::from_shape((self.features, self.intercepts.len()), &self.weights)
                .expect("there is a weight for each feature and output");
            let blocks = shares.axis_chunks_iter_mut(Axis(0), BLOCK).into_par_iter();
            blocks.enumerate().for_each(|(block, mut shares)| {
                let first = block * BLOCK;
                let records = requested.part(first..first + shares.nrows()).records().mapv(f64::from);
                let mut scores = Array2::<f64>::zeros((records.nrows(), self.intercepts.len()));
                for mut row in scores.rows_mut() {
                    row.iter_mut().zip(&self.intercepts).for_each(|(score, &intercept)| *score = intercept);
                }
                general_mat_mul(1.0, &records, &weights, 1.0, &mut scores);
                for (scores, mut shares) in scores.rows().into_iter().zip(shares.rows_mut()) {
                    let scores = scores.to_slice().expect("a fresh array is contiguous");
                    probabilities(scores, shares.as_slice_mut().expect("a fresh array is contiguous"));
                }
            });
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
        size_of_val(&self.present[..]) + size_of_val(&self.weights[..]) + size_of_val(&self.intercepts[..])
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }

    fn convergence(&self) -> Option<Convergence> {
        self.convergence
    }

    fn parametric(&self) -> Option<&dyn Parametric> {
        Some(self)
    }
}

impl Train for LogisticParams {
    fn fit(&self, data: TrainingRows<'_, '_>, _seed: Seed) -> Result<LocalModel, LearnerError> {
        Ok(LogisticRegression::fit(self, data.set()?).into_local())
    }

    fn is_parametric(&self) -> bool {
        true
    }
}
