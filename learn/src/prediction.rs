//! Prediction vectors: class probabilities, points of the simplex, in batches.
//!
//! A [`PredictionVectors`] holds one row a record and one column a class. It can only be made of rows that are finite,
//! within [0, 1] and sum to one within [`SUM_TOLERANCE`], so whoever receives one need not check again.

use ndarray::{Array2, ArrayView1, ArrayView2};

/// How far the sum of a prediction vector may be from one.
pub const SUM_TOLERANCE: f64 = 1e-6;

/// A batch of prediction vectors, shape `[records, classes]`.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::PredictionVectors;
///
/// let one = PredictionVectors::new(array![[1.0, 0.0]])?;
/// let other = PredictionVectors::new(array![[0.5, 0.5]])?;
/// let federation = PredictionVectors::mean(&[&one, &other])?;
/// assert_eq!(federation.row(0).to_vec(), [0.75, 0.25]);
/// assert!(PredictionVectors::new(array![[0.9, 0.9]]).is_err());
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionVectors(Array2<f64>);

/// What keeps a row from being a prediction vector. Rows and classes count from zero.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PredictionViolation {
    /// A value that is not a number or not finite.
    #[error("row {row}, class {class}: {value} is not a finite number")]
    NotFinite {
        /// The record's place in the batch.
        row: usize,
        /// The class.
        class: usize,
        /// What stood there.
        value: f64,
    },
    /// A value below zero or above one.
    #[error("row {row}, class {class}: probability {value} is outside [0, 1]")]
    OutOfRange {
        /// The record's place in the batch.
        row: usize,
        /// The class.
        class: usize,
        /// What stood there.
        value: f64,
    },
    /// A row that does not sum to one.
    #[error("row {row}: probabilities sum to {sum}, not to 1 within {SUM_TOLERANCE}")]
    Sum {
        /// The record's place in the batch.
        row: usize,
        /// Its sum.
        sum: f64,
    },
    /// A batch of another shape than was asked for.
    #[error(
        "{got_rows} x {got_classes} probabilities where {rows} records x {classes} classes were asked for"
    )]
    Shape {
        /// Records asked for.
        rows: usize,
        /// Classes of the federation.
        classes: usize,
        /// Rows that came.
        got_rows: usize,
        /// Columns that came.
        got_classes: usize,
    },
}

impl PredictionVectors {
    /// Checks every row.
    ///
    /// # Errors
    /// The first [`PredictionViolation`], in row order.
    pub fn new(vectors: Array2<f64>) -> Result<Self, PredictionViolation> {
        check(vectors.view())?;
        Ok(Self(vectors))
    }

    /// Rows that are prediction vectors by the way they were made, which is looked at in debug builds only.
    pub(crate) fn of_distributions(vectors: Array2<f64>) -> Self {
        debug_assert_eq!(check(vectors.view()), Ok(()));
        Self(vectors)
    }

    /// The point-wise mean of several parties' vectors for the same records, summed in the order given (Truex et al.,
    /// section 4.7: p = ave(p1, ..., pn)). Callers give PartyId order.
    ///
    /// # Errors
    /// [`PredictionViolation::Shape`] when the batches differ in shape or there is none.
    pub fn mean(batches: &[&Self]) -> Result<Self, PredictionViolation> {
        let (rows, classes) = batches.first().map_or((0, 0), |first| first.0.dim());
        let mut sum = Array2::<f64>::zeros((rows, classes));
        for batch in batches {
            let (got_rows, got_classes) = batch.0.dim();
            if (got_rows, got_classes) != (rows, classes) {
                return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes });
            }
            sum += &batch.0;
        }
        let n = batches.len();
        if n == 0 {
            return Err(PredictionViolation::Shape { rows: 0, classes: 0, got_rows: 0, got_classes: 0 });
        }
        // Dividing can leave 1 + 1e-16 where every party is certain; a probability stays a probability.
        sum.mapv_inplace(|value| (value / n as f64).min(1.0));
        Ok(Self(sum))
    }

    /// All vectors, shape `[records, classes]`.
    #[must_use]
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.0.view()
    }

    /// The vector of one record.
    #[must_use]
    pub fn row(&self, record: usize) -> ArrayView1<'_, f64> {
        self.0.row(record)
    }

    /// Records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.nrows()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.nrows() == 0
    }

    /// Classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.0.ncols()
    }

    /// The class a record is predicted to have: the largest probability [`on_grid`], the lowest class among equals.
    #[must_use]
    pub fn predicted_class(&self, record: usize) -> usize {
        predicted_class(self.0.row(record))
    }

    /// The fraction of records whose predicted class is their label; `None` without records.
    #[must_use]
    pub fn accuracy(&self, labels: &[u32]) -> Option<f64> {
        if labels.is_empty() {
            return None;
        }
        let right =
            labels.iter().enumerate().filter(|&(i, &label)| self.predicted_class(i) == label as usize);
        Some(right.count() as f64 / labels.len() as f64)
    }

    /// The probabilities themselves, giving up the guarantee.
    #[must_use]
    pub fn into_inner(self) -> Array2<f64> {
        self.0
    }
}

/// The step of the grid on which probabilities are compared, about 1e-9.
pub const GRID: f64 = 1.0 / (1_u64 << 30) as f64;

/// A probability as it is compared with others: the nearest multiple of [`GRID`]. Averages and residuals carry the rounding of
/// their sums, some 1e-16, and neither the class that is predicted nor a threshold that is met exactly may depend on that.
/// Equality on a grid holds for any number of values at once, which equality within a distance does not; and a grid in powers
/// of two has its borders where no fraction of fewer than 2^31 records lies, while 2^-10 lies on a border of nine decimals.
///
/// ```
/// use turncoat_learn::on_grid;
///
/// assert_eq!(on_grid(0.1 + 0.2), on_grid(0.3));
/// assert_ne!(on_grid(0.3), on_grid(0.300_000_01));
/// ```
#[must_use]
pub fn on_grid(probability: f64) -> f64 {
    (probability / GRID).round() * GRID
}

/// The classes of the largest probability [`on_grid`], ascending; none of an empty vector.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::predicted_classes;
///
/// assert_eq!(predicted_classes(array![0.2, 0.4, 0.4].view()), [1, 2]);
/// ```
#[must_use]
pub fn predicted_classes(vector: ArrayView1<'_, f64>) -> Vec<usize> {
    most_probable(vector).collect()
}

/// The class that a vector predicts: the largest probability [`on_grid`], the lowest class among equals.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::predicted_class;
///
/// assert_eq!(predicted_class(array![0.2, 0.4, 0.4].view()), 1);
/// ```
#[must_use]
pub fn predicted_class(vector: ArrayView1<'_, f64>) -> usize {
    most_probable(vector).next().unwrap_or(0)
}

fn most_probable(vector: ArrayView1<'_, f64>) -> impl Iterator<Item = usize> {
    let largest = on_grid(vector.fold(f64::NEG_INFINITY, |a: f64, &b| a.max(b)));
    (0..vector.len()).filter(move |&class| on_grid(vector[class]) >= largest)
}

/// The first row that is no prediction vector.
fn check(vectors: ArrayView2<'_, f64>) -> Result<(), PredictionViolation> {
    for (row, vector) in vectors.rows().into_iter().enumerate() {
        let mut sum = 0.0;
        for (class, &value) in vector.iter().enumerate() {
            if !value.is_finite() {
                return Err(PredictionViolation::NotFinite { row, class, value });
            }
            if !(0.0..=1.0).contains(&value) {
                return Err(PredictionViolation::OutOfRange { row, class, value });
            }
            sum += value;
        }
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(PredictionViolation::Sum { row, sum });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn only_points_of_the_simplex_pass() {
        assert!(PredictionVectors::new(array![[0.25, 0.75], [1.0, 0.0]]).is_ok());
        assert!(matches!(
            PredictionVectors::new(array![[0.5, 0.5], [f64::NAN, 1.0]]),
            Err(PredictionViolation::NotFinite { row: 1, class: 0, .. })
        ));
        assert!(matches!(
            PredictionVectors::new(array![[-0.1, 1.1]]),
            Err(PredictionViolation::OutOfRange { row: 0, class: 0, .. })
        ));
        assert!(matches!(
            PredictionVectors::new(array![[0.5, 0.6]]),
            Err(PredictionViolation::Sum { row: 0, .. })
        ));
    }

    #[test]
    fn the_mean_is_point_wise() {
        let first = PredictionVectors::new(array![[1.0, 0.0], [0.5, 0.5]]).unwrap();
        let second = PredictionVectors::new(array![[0.0, 1.0], [0.5, 0.5]]).unwrap();
        let mean = PredictionVectors::mean(&[&first, &second]).unwrap();
        assert_eq!(mean.view(), array![[0.5, 0.5], [0.5, 0.5]]);
        assert!(PredictionVectors::mean(&[]).is_err());
    }

    #[test]
    fn rounding_decides_no_tie() {
        // 1/3 as a mean of thirds and fifths, and as it is: the last bits differ.
        let third = (0.2 + 0.4 + 0.4) / 3.0;
        let vector = ndarray::array![third - 2e-16, third + 2e-16, 1.0 - 2.0 * third];
        assert!(vector[0] < vector[1]);
        assert_eq!((predicted_class(vector.view()), predicted_classes(vector.view())), (0, vec![0, 1, 2]));
        assert_eq!(predicted_classes(ndarray::array![0.2, 0.4 + 1e-8, 0.4 - 1e-8].view()), [1]);
        // Borders of nine decimals are no borders of the grid.
        for power in 1..30 {
            let value = 0.5_f64.powi(power);
            assert_eq!(on_grid(value), value);
            assert_eq!(on_grid(value - 1e-16), on_grid(value + 1e-16));
        }
    }

    #[test]
    fn equal_probabilities_predict_the_lowest_class() {
        let vectors = PredictionVectors::new(array![[0.2, 0.4, 0.4], [1.0, 0.0, 0.0]]).unwrap();
        assert_eq!(vectors.predicted_class(0), 1);
        assert_eq!(vectors.accuracy(&[1, 1]), Some(0.5));
        assert_eq!(vectors.accuracy(&[]), None);
    }
}
