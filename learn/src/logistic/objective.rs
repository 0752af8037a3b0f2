//! The objective and its gradient, in variables that are well conditioned.
//!
//! F = mean over records of -ln p(label) + 1 / (2 C n) * |W|^2: the objective of the fit over C n. Its variables are one weight a
//! scaled feature and output, then one intercept an output, each over its `unit`.

use ndarray::{Array1, Array2};

use super::exponential::Real;
use super::records::Records;
use super::scaling::Scaling;

/// A fit's objective.
#[derive(Debug)]
pub(super) struct Objective<'a> {
    /// Scaled records, shape `[n, d]`, n at least 1.
    pub(super) records: &'a Records,
    /// Places of the records' classes.
    pub(super) labels: &'a [u32],
    /// Scores of a record: one with two classes, one a class with more.
    pub(super) outputs: usize,
    /// The share of records that each output is about.
    shares: Vec<f64>,
    /// Second derivative of the penalty by each weight of scaled features, infinite where the feature does not vary; none by
    /// intercepts.
    pulls: Vec<f64>,
    /// What one of each variable is in weights of scaled features.
    pub(super) units: Vec<f64>,
    /// Second derivative of the penalty by each variable; zero for intercepts.
    pub(super) ridges: Vec<f64>,
}

impl<'a> Objective<'a> {
    /// Of scaled records, labels that show `counts` of at least two classes, and the weight C of the loss.
    pub(super) fn new(
        records: &'a Records,
        labels: &'a [u32],
        counts: &[usize],
        scaling: &Scaling,
        c: f64,
    ) -> Self {
        let n = records.dim().0 as f64;
        let outputs = if counts.len() == 2 { 1 } else { counts.len() };
        let penalty = 1.0 / (c * n);
        // The curvature of the loss by the score of each output when the search starts.
        let curvatures: Vec<f64> = counts[counts.len() - outputs..]
            .iter()
            .map(|&count| count as f64 / n * (1.0 - count as f64 / n))
            .collect();
        let pulls: Vec<f64> = scaling
            .deviations
            .iter()
            // A weight of the feature as it is is that of the scaled one over the deviation.
            .map(|&deviation| if deviation > 0.0 { penalty / (deviation * deviation) } else { f64::INFINITY })
            .chain([0.0])
            .flat_map(|pull| std::iter::repeat_n(pull, outputs))
            .collect();
        let curvatures: Vec<f64> = curvatures.iter().copied().cycle().take(pulls.len()).collect();
        let least = counts.iter().copied().min().expect("there are classes");
        let of_outputs = if outputs == 1 { &[least][..] } else { counts };
        let shares = of_outputs.iter().map(|&count| count as f64 / n).collect();
        let mut objective =
            Self { records, labels, outputs, shares, pulls, units: Vec::new(), ridges: Vec::new() };
        objective.measure(&curvatures);
        objective
    }

    /// Counts each variable in units of one over the square root of its curvature: that of the loss, given, and that of the
    /// penalty.
    fn measure(&mut self, curvatures: &[f64]) {
        let total = |(&curvature, &pull): (&f64, &f64)| curvature + pull;
        let totals: Vec<f64> = curvatures.iter().zip(&self.pulls).map(total).collect();
        self.units = totals.iter().map(|total| 1.0 / total.sqrt()).collect();
        let ridge = |(&total, &pull): (&f64, &f64)| if total.is_finite() { pull / total } else { 1.0 };
        self.ridges = totals.iter().zip(&self.pulls).map(ridge).collect();
    }

    /// Measures the variables anew where records have these scores and F this value, and answers the same place in the new ones.
    pub(super) fn measure_again<T: Real>(
        &mut self,
        variables: &Array1<f64>,
        scores: &Array2<T>,
        value: f64,
    ) -> Array1<f64> {
        let old = self.units.clone();
        let mut curvatures = self.curvatures(scores);
        // Where all records are certain the loss has next to no curvature, but a step from there soon finds some: about as much
        // as the objective amounts to.
        curvatures.iter_mut().for_each(|curvature| *curvature = curvature.max(0.01 * value));
        self.measure(&curvatures);
        let convert = |((&variable, &old), &new)| if new > 0.0 { variable * old / new } else { 0.0 };
        variables.iter().zip(&old).zip(&self.units).map(convert).collect()
    }

    /// Where the search starts: no weights, and the intercepts that are best without any.
    pub(super) fn start(&self, counts: &[usize]) -> Array1<f64> {
        let n = self.records.dim().0 as f64;
        let mut start = Array1::zeros(self.units.len());
        let intercepts = self.records.dim().1 * self.outputs;
        for output in 0..self.outputs {
            let place = intercepts + output;
            let score = if self.outputs == 1 {
                (counts[1] as f64 / counts[0] as f64).ln()
            } else {
                (counts[output] as f64 / n).ln()
            };
            start[place] = score / self.units[place];
        }
        start
    }

    /// Weights of scaled features `[d, outputs]` and intercepts.
    pub(super) fn weights(&self, variables: &Array1<f64>) -> (Array2<f64>, Vec<f64>) {
        let all: Vec<f64> =
            variables.iter().zip(&self.units).map(|(variable, unit)| variable * unit).collect();
        let d = self.records.dim().1;
        let (weights, intercepts) = all.split_at(d * self.outputs);
        let weights = Array2::from_shape_vec((d, self.outputs), weights.to_vec())
            .expect("there is a weight for each feature and output");
        (weights, intercepts.to_vec())
    }

    /// Largest entry of the gradient by weights of scaled features and intercepts, each over the share that the records of its
    /// class have of all; with one output, the share of the rarer class.
    pub(super) fn largest(&self, gradient: &Array1<f64>) -> f64 {
        let entries = gradient.iter().zip(&self.units).zip(self.shares.iter().cycle());
        entries
            .map(|((entry, &unit), share)| if unit > 0.0 { (entry / unit / share).abs() } else { 0.0 })
            .fold(0.0, f64::max)
    }
}
