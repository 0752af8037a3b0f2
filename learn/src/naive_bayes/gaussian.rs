//! Normal distributions: means and variances of each class and feature.
//!
//! log p(v | class) = -1/2 ln(2 pi s) - (v - m)^2 / (2 s), with m the mean and s the variance of the class's values plus
//! `var_smoothing` times the largest variance of a feature over all records.

use ndarray::{ArrayView2, Axis};

use crate::learner::TrainingSet;

/// Records that are answered together.
const TILE: usize = 8;

/// Normal distributions, each array of shape `[present, features]` in row order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gaussian {
    pub(super) means: Vec<f64>,
    /// At least the smallest positive normal number.
    pub(super) variances: Vec<f64>,
}

impl Gaussian {
    /// Measures the classes of the set, which are contiguous in it.
    pub(super) fn fit(set: &TrainingSet, var_smoothing: f64) -> Self {
        let d = set.records.ncols();
        let n = set.labels.len() as f64;
        let (mut means, mut variances) = (Vec::new(), Vec::new());
        let counts = set.counts();
        let mut from = 0;
        for &count in &counts {
            let records = set.records.slice_axis(Axis(0), ndarray::Slice::from(from..from + count));
            let (mean, variance) = moments(records);
            means.extend(mean);
            variances.extend(variance);
            from += count;
        }
        // The variance over all records is the mean of the variances of classes plus the variance of their means.
        let classes = || counts.iter().map(|&count| count as f64 / n);
        let at = |values: &[f64], class: usize, feature: usize| values[class * d + feature];
        let largest = (0..d)
            .map(|feature| {
                let mean: f64 = classes().enumerate().map(|(k, share)| share * at(&means, k, feature)).sum();
                let spread = |k| at(&variances, k, feature) + (at(&means, k, feature) - mean).powi(2);
                classes().enumerate().map(|(k, share)| share * spread(k)).sum::<f64>()
            })
            .fold(0.0, f64::max);
        let smoothing = var_smoothing * largest;
        variances.iter_mut().for_each(|variance| *variance = (*variance + smoothing).max(f64::MIN_POSITIVE));
        Self { means, variances }
    }

    /// Writes the joint log likelihoods of records `[n, d]` into rows `[n, present]`; `priors` are logarithms.
    pub(super) fn likelihoods(&self, records: ArrayView2<'_, f32>, priors: &[f64], rows: &mut [f64]) {
        let d = records.ncols();
        let classes = priors.len();
        let constants: Vec<f64> = priors
            .iter()
            .enumerate()
            .map(|(class, prior)| {
                let variances = &self.variances[class * d..(class + 1) * d];
                let logs: f64 =
                    variances.iter().map(|variance| (std::f64::consts::TAU * variance).ln()).sum();
                prior - 0.5 * logs
            })
            .collect();
        let precisions: Vec<f64> = self.variances.iter().map(|variance| 1.0 / variance).collect();
        // The values of a tile of records, feature by feature, so that a class's feature meets all of them at once.
        let mut tile = vec![[0.0; TILE]; d];
        for (records, rows) in records.axis_chunks_iter(Axis(0), TILE).zip(rows.chunks_mut(TILE * classes)) {
            for (place, record) in records.rows().into_iter().enumerate() {
                tile.iter_mut().zip(record).for_each(|(values, &value)| values[place] = f64::from(value));
            }
            for (class, &constant) in constants.iter().enumerate() {
                let features = class * d..(class + 1) * d;
                let parameters = self.means[features.clone()].iter().zip(&precisions[features]);
                let mut sums = [0.0; TILE];
                for (values, (&mean, &precision)) in tile.iter().zip(parameters) {
                    for (sum, value) in sums.iter_mut().zip(values) {
                        let away = value - mean;
                        *sum += away * away * precision;
                    }
                }
                for (row, sum) in rows.chunks_exact_mut(classes).zip(sums) {
                    row[class] = constant - 0.5 * sum;
                }
            }
        }
    }
}

/// Means and variances (of the population) of records `[n, d]`, n at least 1, in their order.
fn moments(records: ArrayView2<'_, f32>) -> (Vec<f64>, Vec<f64>) {
    let n = records.nrows() as f64;
    let first: Vec<f64> = records.row(0).iter().map(|&value| f64::from(value)).collect();
    let (mut sums, mut squares) = (vec![0.0; first.len()], vec![0.0; first.len()]);
    for record in records.rows() {
        for ((&value, first), sum) in record.iter().zip(&first).zip(&mut sums) {
            *sum += f64::from(value) - first;
        }
    }
    let means: Vec<f64> = first.iter().zip(&sums).map(|(first, sum)| first + sum / n).collect();
    for record in records.rows() {
        for ((&value, mean), square) in record.iter().zip(&means).zip(&mut squares) {
            let away = f64::from(value) - mean;
            *square += away * away;
        }
    }
    squares.iter_mut().for_each(|square| *square /= n);
    (means, squares)
}
