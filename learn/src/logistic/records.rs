//! Scaled training records in whichever of two forms costs less, and the products that a search makes with them.
//!
//! What a record adds to a sum does not depend on the block it comes in, and blocks are added in the order they are asked
//! for, so both forms keep to the order of the records.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, Slice};

use super::exponential::Real;
use super::scaling::Scaling;
use super::sparse::Sparse;

/// Scaled records `[n, d]`.
#[derive(Debug)]
pub(super) enum Records {
    /// Every value.
    Dense(Array2<f32>),
    /// Those that are not zero before they are centred.
    Sparse(Sparse),
}

/// Which power of the scaled values a sum is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    First,
    Second,
}

/// Where a block of dense records and its moments stand in between.
pub(super) struct Room<T> {
    space: Vec<T>,
    moments: Array2<T>,
}

impl Records {
    /// Scales records, n at least 1, that are in canonical order.
    pub(super) fn scaled(records: Array2<f32>) -> (Self, Scaling) {
        let scaling = Scaling::of(records.view());
        let scaled = match Sparse::of(records.view(), &scaling) {
            Some(sparse) => Self::Sparse(sparse),
            None => Self::dense(records, &scaling),
        };
        (scaled, scaling)
    }

    /// The dense form, whatever the records are.
    pub(super) fn dense(mut records: Array2<f32>, scaling: &Scaling) -> Self {
        scaling.apply(&mut records);
        Self::Dense(records)
    }

    /// n and d.
    pub(super) fn dim(&self) -> (usize, usize) {
        match self {
            Self::Dense(records) => records.dim(),
            Self::Sparse(records) => records.dim(),
        }
    }

    /// What all records' scores have in common, before [`Self::add_scores`].
    pub(super) fn offsets(&self, weights: &Array2<f64>, intercepts: Vec<f64>) -> Vec<f64> {
        match self {
            Self::Dense(_) => intercepts,
            Self::Sparse(records) => records.offsets(weights, &intercepts),
        }
    }

    /// Adds the products of a block of records with `weights [d, outputs]` to their scores.
    pub(super) fn add_scores<T: Real>(
        &self,
        block: Range<usize>,
        weights: &Array2<T>,
        scores: &mut ArrayViewMut2<'_, T>,
    ) {
        match self {
            Self::Dense(records) => {
                let mut space = Vec::new();
                let records = T::block(records.slice_axis(Axis(0), Slice::from(block)), &mut space);
                general_mat_mul(T::one(), &records, weights, T::one(), scores);
            }
            Self::Sparse(records) => records.add_scores(block, weights, scores),
        }
    }

    /// Room for [`Self::add_moments`] with so many outputs.
    pub(super) fn room<T: Real>(&self, outputs: usize) -> Room<T> {
        let moments = match self {
            Self::Dense(records) => (records.ncols(), outputs),
            Self::Sparse(_) => (0, 0),
        };
        Room { space: Vec::new(), moments: Array2::zeros(moments) }
    }

    /// Adds the moments `[d, outputs]` of a block of records that weigh `weights [block, outputs]` to their sums.
    pub(super) fn add_moments<T: Real>(
        &self,
        moment: Moment,
        block: Range<usize>,
        weights: &[T],
        sums: &mut [f64],
        room: &mut Room<T>,
    ) {
        let weights = ArrayView2::from_shape((block.len(), weights.len() / block.len()), weights)
            .expect("there is a weight for each record and output");
        match self {
            Self::Dense(records) => {
                let Room { space, moments } = room;
                let records = T::block(records.slice_axis(Axis(0), Slice::from(block)), space);
                match moment {
                    Moment::First => general_mat_mul(T::one(), &records.t(), &weights, T::zero(), moments),
                    Moment::Second => {
                        let squares = records.mapv(|value| value * value);
                        general_mat_mul(T::one(), &squares.t(), &weights, T::zero(), moments);
                    }
                }
                sums.iter_mut().zip(&*moments).for_each(|(sum, entry)| *sum += entry.wide());
            }
            Self::Sparse(records) => records.add_moments(moment, block, weights, sums),
        }
    }

    /// Adds to the sums `[d, outputs]` of all blocks' moments what is the same for all records, which weigh `totals [outputs]`
    /// together.
    pub(super) fn complete_moments(&self, moment: Moment, totals: &[f64], sums: &mut [f64]) {
        match self {
            Self::Dense(_) => (),
            Self::Sparse(records) => records.complete_moments(moment, totals, sums),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::learner::Model;
    use ndarray::{Array1, Axis};
    use rand::RngExt;
    use rand::seq::SliceRandom;

    use super::super::objective::Objective;
    use super::super::solve::minimise;
    use super::super::{LogisticRegression, RawLogisticParams};
    use super::*;
    use crate::dataset::Samples;
    use crate::seed::Seed;

    const FEATURES: usize = 20;

    /// 17 k records: of each feature k values, all alike, are not zero, but the last feature's are all 2.5. Deviations are 4 of 17
    /// of a feature's value, so scaled values are 4 and -1/4, of which f32 rounds nothing off.
    fn by_design(k: usize, classes: u32) -> (Array2<f32>, Vec<u32>) {
        let mut rng = Seed::root(7).stream("records");
        let mut records = Array2::<f32>::zeros((17 * k, FEATURES));
        let mut rows: Vec<usize> = (0..17 * k).collect();
        for (feature, mut column) in records.columns_mut().into_iter().enumerate() {
            rows.shuffle(&mut rng);
            rows[..k].iter().for_each(|&row| column[row] = [1.0, -3.0, 1e-30, 1e30][feature % 4]);
        }
        records.column_mut(FEATURES - 1).fill(2.5);
        let labels = records.rows().into_iter().map(|record| {
            let first = record.iter().position(|&value| value != 0.0).unwrap_or(0) as u32;
            if rng.random_range(0..3) == 0 { rng.random_range(0..classes) } else { first % classes }
        });
        let labels = labels.collect();
        (records, labels)
    }

    fn both(records: &Array2<f32>) -> [(Records, Scaling); 2] {
        let (sparse, scaling) = Records::scaled(records.clone());
        assert!(matches!(sparse, Records::Sparse(_)));
        [(sparse, scaling.clone()), (Records::dense(records.clone(), &scaling), scaling)]
    }

    fn counts(labels: &[u32], classes: u32) -> Vec<usize> {
        (0..classes).map(|class| labels.iter().filter(|&&label| label == class).count()).collect()
    }

    fn apart<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) -> f64 {
        let (mut most, mut largest) = (0.0f64, 0.0f64);
        for (a, b) in a.into_iter().zip(b) {
            most = most.max((a - b).abs());
            largest = largest.max(b.abs());
        }
        assert!(largest > 0.0);
        most / largest
    }

    #[test]
    fn both_forms_answer_alike() {
        for classes in [2, 5] {
            let (records, labels) = by_design(60, classes);
            let counts = counts(&labels, classes);
            let [sparse, dense] = both(&records).map(|(records, scaling)| {
                let objective = Objective::new(&records, &labels, &counts, &scaling, 0.7);
                let mut at = objective.start(&counts);
                at.iter_mut().enumerate().for_each(|(i, entry)| *entry += ((i * 37 % 11) as f64 - 5.0) * 0.1);
                let scores = objective.scores::<f64>(&at);
                let (value, gradient) = objective.gradient(&at, &scores);
                let single = objective.gradient::<f32>(&at, &objective.scores(&at)).1;
                assert!(apart(&single, &gradient) < 1e-5);
                (objective.curvatures(&scores), scores, value, gradient)
            });
            assert!(apart(&sparse.0, &dense.0) < 1e-9);
            assert!(apart(&sparse.1, &dense.1) < 1e-9);
            assert!((sparse.2 / dense.2 - 1.0).abs() < 1e-9);
            assert!(apart(&sparse.3, &dense.3) < 1e-9);
            // The feature that does not vary has no part in it.
            assert!(sparse.0[(FEATURES - 1) * sparse.1.ncols()] == 0.0);
        }
    }

    #[test]
    fn both_forms_come_to_the_same_minimum() {
        for classes in [2, 4] {
            let (records, labels) = by_design(40, classes);
            let counts = counts(&labels, classes);
            let [sparse, dense] = both(&records).map(|(records, scaling)| {
                let mut objective = Objective::new(&records, &labels, &counts, &scaling, 1.0);
                let start: Array1<f64> = objective.start(&counts);
                minimise(&mut objective, start, 1000, 1e-7)
            });
            assert!(sparse.gradient <= 1e-7 && dense.gradient <= 1e-7);
            assert!((sparse.value / dense.value - 1.0).abs() < 1e-9, "{} {}", sparse.value, dense.value);
        }
    }

    #[test]
    fn neither_threads_nor_the_order_of_rows_change_a_sparse_fit() {
        let (records, labels) = by_design(400, 4);
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.shuffle(&mut Seed::root(1).stream("order"));
        let shuffled = records.select(Axis(0), &order);
        let shuffled_labels: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let params = RawLogisticParams::default().check().unwrap();
        let models = [(1, &records, &labels), (2, &shuffled, &shuffled_labels), (5, &records, &labels)].map(
            |(threads, records, labels)| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let samples = Samples { records: records.view(), labels, classes: 4 };
                pool.install(|| LogisticRegression::fit_samples(&params, samples).unwrap())
            },
        );
        assert!(models[0].convergence().unwrap().converged);
        assert_eq!(models[0], models[1]);
        assert_eq!(models[0], models[2]);
    }

    #[test]
    fn what_is_not_sparse_or_far_from_zero_is_dense() {
        let is_sparse =
            |records: &Array2<f32>| matches!(Records::scaled(records.clone()).0, Records::Sparse(_));
        let mut records = Array2::<f32>::zeros((40, 10));
        records.column_mut(3).indexed_iter_mut().for_each(|(row, value)| *value = row as f32);
        // 39 of 400.
        assert!(is_sparse(&records));
        records[(5, 7)] = 1.0;
        assert!(is_sparse(&records));
        records[(6, 7)] = 1.0;
        assert!(!is_sparse(&records));
        let mut far = Array2::<f32>::zeros((40, 20));
        far.column_mut(3).indexed_iter_mut().for_each(|(row, value)| *value = (1000 + row) as f32);
        assert!(!is_sparse(&far));
    }
}
