//! Training: canonical order, scaling, search, and back to weights of the features as they are.

use super::objective::Objective;
use super::records::Records;
use super::solve::minimise;
use super::{Convergence, LogisticParams, LogisticRegression};
use crate::learner::TrainingSet;

impl LogisticRegression {
    /// Trains on the set.
    pub(crate) fn fit(params: &LogisticParams, set: TrainingSet) -> Self {
        let params = params.get();
        let counts = set.counts();
        let TrainingSet { records, labels, present, classes } = set;
        let features = records.ncols();
        if present.len() < 2 {
            let convergence = Some(Convergence::TRIVIAL);
            return Self {
                features,
                classes,
                present,
                weights: Vec::new(),
                intercepts: Vec::new(),
                convergence,
            };
        }
        let n = labels.len() as f64;
        let (records, scaling) = Records::scaled(records);
        let mut objective = Objective::new(&records, &labels, &counts, &scaling, params.c);
        let start = objective.start(&counts);
        let solution = minimise(&mut objective, start, params.max_iterations, params.tolerance);
        let (mut weights, mut intercepts) = objective.weights(&solution.variables);
        for (mut row, (mean, &deviation)) in
            weights.rows_mut().into_iter().zip(scaling.means.iter().zip(&scaling.deviations))
        {
            for (weight, intercept) in row.iter_mut().zip(&mut intercepts) {
                *weight = if deviation > 0.0 { *weight / deviation } else { 0.0 };
                *intercept -= *weight * mean;
            }
        }
        if intercepts.len() > 1 {
            // The same added to all intercepts changes no answer; their mean is zero, as scikit-learn leaves it.
            let mean = intercepts.iter().sum::<f64>() / intercepts.len() as f64;
            intercepts.iter_mut().for_each(|intercept| *intercept -= mean);
        }
        let convergence = Some(Convergence {
            converged: solution.gradient <= params.tolerance,
            iterations: solution.iterations,
            objective: solution.value * params.c * n,
            gradient: solution.gradient,
        });
        let weights = weights.into_raw_vec_and_offset().0;
        Self { features, classes, present, weights, intercepts, convergence }
    }
}
