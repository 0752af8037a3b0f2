//! The change of variables under which the objective is well conditioned.
//!
//! Records are centred and divided by their standard deviations, and each weight is counted in units of one over the square
//! root of its curvature where the search starts. The penalty stays that of the weights of the features as they are, so
//! the minimiser is the same whatever the means and deviations are; only the way there is shorter. What changes the
//! objective is one rounding of each scaled value to f32, within 6e-8 of itself (of itself before it is centred, where
//! records are kept sparse).

use ndarray::{Array2, ArrayView2, Axis};

/// Means and standard deviations of the features of training records.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    pub(super) means: Vec<f64>,
    /// Zero for a feature that does not vary.
    pub(super) deviations: Vec<f64>,
}

impl Scaling {
    /// Measures records `[n, d]`, n at least 1, in their order.
    pub(super) fn of(records: ArrayView2<'_, f32>) -> Self {
        let n = records.nrows() as f64;
        let first: Vec<f64> = records.row(0).iter().map(|&value| f64::from(value)).collect();
        let mut sums = vec![0.0; first.len()];
        let mut squares = vec![0.0; first.len()];
        for record in records.rows() {
            // Away from the first record's values, so that what is far from zero loses no digits.
            for (((&value, first), sum), square) in record.iter().zip(&first).zip(&mut sums).zip(&mut squares)
            {
                let away = f64::from(value) - first;
                *sum += away;
                *square += away * away;
            }
        }
        let away: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
        let means: Vec<f64> = first.iter().zip(&away).map(|(first, away)| first + away).collect();
        let deviations: Vec<f64> = squares
            .iter()
            .zip(&away)
            .map(|(square, away)| (square / n - away * away).max(0.0).sqrt())
            .collect();
        Self { means, deviations }
    }

    /// One over each deviation; 0 for a feature that does not vary.
    pub(super) fn factors(&self) -> Vec<f64> {
        let factor = |&deviation: &f64| if deviation > 0.0 { 1.0 / deviation } else { 0.0 };
        self.deviations.iter().map(factor).collect()
    }

    /// Centres and scales records in place. Features that do not vary become 0.
    pub(super) fn apply(&self, records: &mut Array2<f32>) {
        let factors = self.factors();
        for mut record in records.axis_iter_mut(Axis(0)) {
            for ((value, mean), factor) in record.iter_mut().zip(&self.means).zip(&factors) {
                *value = ((f64::from(*value) - mean) * factor) as f32;
            }
        }
    }
}
