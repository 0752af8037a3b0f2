//! Coins: the share of records of each class whose feature is on.
//!
//! p(on | class) = (records on + alpha) / (records + 2 alpha). A record's log likelihood is that of all features off plus, for each
//! feature that is on, ln p(on) - ln p(off).

use ndarray::{Array2, ArrayView2, Axis};

use crate::learner::TrainingSet;

/// Coins as logarithms of their odds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bernoulli {
    pub(super) threshold: f64,
    /// ln p(on | class) - ln p(off | class), shape `[features, present]` in row order.
    pub(super) odds: Vec<f64>,
    /// Sum over features of ln p(off | class), one a class.
    pub(super) off: Vec<f64>,
}

impl Bernoulli {
    /// Counts the classes of the set.
    pub(super) fn fit(set: &TrainingSet, alpha: f64, threshold: f64) -> Self {
        let (d, classes) = (set.records.ncols(), set.present.len());
        let mut on = Array2::<u32>::zeros((classes, d));
        for (record, &class) in set.records.rows().into_iter().zip(&set.labels) {
            let counts = on.row_mut(class as usize);
            counts.into_iter().zip(record).for_each(|(count, &value)| {
                *count += u32::from(f64::from(value) > threshold);
            });
        }
        let totals: Vec<f64> = set.counts().iter().map(|&count| count as f64 + 2.0 * alpha).collect();
        let (mut odds, mut off) = (Vec::with_capacity(d * classes), vec![0.0; classes]);
        for feature in 0..d {
            for (class, &total) in totals.iter().enumerate() {
                let on = f64::from(on[(class, feature)]) + alpha;
                let without = total - on;
                odds.push((on / without).ln());
                off[class] += (without / total).ln();
            }
        }
        Self { threshold, odds, off }
    }

    /// Writes the joint log likelihoods of records `[n, d]` into rows `[n, present]`; `priors` are logarithms.
    pub(super) fn likelihoods(&self, records: ArrayView2<'_, f32>, priors: &[f64], rows: &mut [f64]) {
        let classes = priors.len();
        for (record, row) in records.axis_iter(Axis(0)).zip(rows.chunks_exact_mut(classes)) {
            row.iter_mut().zip(priors).zip(&self.off).for_each(|((sum, prior), off)| *sum = prior + off);
            for (&value, odds) in record.iter().zip(self.odds.chunks_exact(classes)) {
                if f64::from(value) > self.threshold {
                    row.iter_mut().zip(odds).for_each(|(sum, odds)| *sum += odds);
                }
            }
        }
    }
}
