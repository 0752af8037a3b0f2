//! Scaled records that are nearly all zeros before they are centred: the other values alone, and the means apart.
//!
//! A scaled value is v - m: v the value and m the mean, both over the deviation. A sum over values of what has v - m in it is one
//! over the v that are not zero, and a part in m that is the same for all records and is added once, in f64. Each v is
//! rounded to f32, within 6e-8 of itself; no m is.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::exponential::Real;
use super::records::Moment;
use super::scaling::Scaling;

/// At most one in so many values is not zero.
const ONE_IN: usize = 10;
/// The largest |m|, so that v - m loses next to no digits, and |v| is at most this and the square root of the number of records.
/// A feature that is zero in a tenth of the records has none above 3.
const LARGEST_MEAN: f64 = 4.0;

/// Compressed rows.
#[derive(Debug)]
pub(super) struct Sparse {
    /// Where each record starts in `values`, and the end.
    starts: Vec<usize>,
    /// Features and their v, which is not zero, record by record and ascending. Features that do not vary have none.
    values: Vec<(u32, f32)>,
    /// m of each feature; zero where it does not vary.
    means: Vec<f64>,
}

impl Sparse {
    /// Of records as they are, where few enough values are not zero and all means are near enough to it.
    pub(super) fn of(records: ArrayView2<'_, f32>, scaling: &Scaling) -> Option<Self> {
        let factors = scaling.factors();
        let means: Vec<f64> =
            scaling.means.iter().zip(&factors).map(|(mean, factor)| mean * factor).collect();
        if means.iter().any(|mean| mean.abs() > LARGEST_MEAN) {
            return None;
        }
        let most = records.len() / ONE_IN;
        let mut starts = Vec::with_capacity(records.nrows() + 1);
        let mut values = Vec::new();
        for record in records.rows() {
            starts.push(values.len());
            let entries = (0..)
                .zip(record)
                .zip(&factors)
                .filter(|((_, value), factor)| **value != 0.0 && **factor > 0.0);
            values.extend(
                entries.map(|((feature, &value), factor)| (feature, (f64::from(value) * factor) as f32)),
            );
            if values.len() > most {
                return None;
            }
        }
        starts.push(values.len());
        Some(Self { starts, values, means })
    }

    /// Records and features.
    pub(super) fn dim(&self) -> (usize, usize) {
        (self.starts.len() - 1, self.means.len())
    }

    /// The scores of a record of which every v is zero.
    pub(super) fn offsets(&self, weights: &Array2<f64>, intercepts: &[f64]) -> Vec<f64> {
        let mut offsets = intercepts.to_vec();
        for (row, &mean) in weights.rows().into_iter().zip(&self.means) {
            offsets.iter_mut().zip(row).for_each(|(offset, weight)| *offset -= mean * weight);
        }
        offsets
    }

    /// Adds to `scores [records from..to, outputs]` what the v add to the offsets.
    pub(super) fn add_scores<T: Real>(
        &self,
        records: Range<usize>,
        weights: &Array2<T>,
        scores: &mut ArrayViewMut2<'_, T>,
    ) {
        let outputs = weights.ncols();
        let weights = weights.as_slice().expect("weights are kept in row order");
        for (record, mut scores) in records.zip(scores.rows_mut()) {
            let scores = scores.as_slice_mut().expect("scores are kept in row order");
            for &(feature, value) in self.record(record) {
                let value = T::of(value.into());
                let weights = &weights[feature as usize * outputs..][..outputs];
                scores.iter_mut().zip(weights).for_each(|(score, &weight)| *score += value * weight);
            }
        }
    }

    /// Adds to `sums [features, outputs]` what v adds to the moments of records that weigh `weights [records, outputs]`.
    pub(super) fn add_moments<T: Real>(
        &self,
        moment: Moment,
        records: Range<usize>,
        weights: ArrayView2<'_, T>,
        sums: &mut [f64],
    ) {
        let outputs = weights.ncols();
        let mut wide = vec![0.0; outputs];
        for (record, weights) in records.zip(weights.rows()) {
            wide.iter_mut().zip(weights).for_each(|(wide, weight)| *wide = weight.wide());
            for &(feature, value) in self.record(record) {
                let (feature, value) = (feature as usize, f64::from(value));
                let factor = match moment {
                    Moment::First => value,
                    // (v - m)^2 - m^2
                    Moment::Second => value * (value - 2.0 * self.means[feature]),
                };
                let sums = &mut sums[feature * outputs..][..outputs];
                sums.iter_mut().zip(&wide).for_each(|(sum, weight)| *sum += factor * weight);
            }
        }
    }

    /// Adds what m adds to the moments of records that weigh `totals` together.
    pub(super) fn complete_moments(&self, moment: Moment, totals: &[f64], sums: &mut [f64]) {
        for (sums, &mean) in sums.chunks_exact_mut(totals.len()).zip(&self.means) {
            let factor = match moment {
                Moment::First => -mean,
                Moment::Second => mean * mean,
            };
            sums.iter_mut().zip(totals).for_each(|(sum, total)| *sum += factor * total);
        }
    }

    fn record(&self, record: usize) -> &[(u32, f32)] {
        &self.values[self.starts[record]..self.starts[record + 1]]
    }
}
