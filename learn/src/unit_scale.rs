//! Features brought to [0, 1] by their least and greatest value in a whole data set: `(v - min) / (max - min)`.
//!
//! Distances between records are measured on this scale, so that a feature counts by its range and not by its unit. A feature
//! with one value becomes 0. The difference is taken in f64, where that of two f32 is always finite.

use ndarray::{ArrayView1, ArrayView2};

/// Least value and range of each feature.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::UnitScale;
///
/// let x = array![[10.0], [30.0], [20.0]];
/// let scale = UnitScale::of(x.view());
/// assert_eq!(scale.scaled(x.row(2)).collect::<Vec<_>>(), [0.5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct UnitScale {
    ranges: Vec<(f64, f64)>,
}

impl UnitScale {
    /// Of records, shape `[n, d]`.
    #[must_use]
    pub fn of(records: ArrayView2<'_, f32>) -> Self {
        let mut ends = vec![(f32::INFINITY, f32::NEG_INFINITY); records.ncols()];
        for record in records.rows() {
            for (&value, (min, max)) in record.iter().zip(&mut ends) {
                *min = min.min(value);
                *max = max.max(value);
            }
        }
        let range = |(min, max): (f32, f32)| (f64::from(min), f64::from(max) - f64::from(min));
        Self { ranges: ends.into_iter().map(range).collect() }
    }

    /// A record on the scale, feature by feature.
    pub fn scaled<'a>(&'a self, record: ArrayView1<'a, f32>) -> impl Iterator<Item = f64> + 'a {
        record
            .into_iter()
            .zip(&self.ranges)
            .map(|(&value, &(low, range))| if range > 0.0 { (f64::from(value) - low) / range } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn least_is_zero_greatest_is_one_and_a_constant_is_zero() {
        let records = array![[2.0, 5.0, f32::MIN], [4.0, 5.0, f32::MAX], [3.0, 5.0, 0.0]];
        let scale = UnitScale::of(records.view());
        let at = |row: usize| scale.scaled(records.row(row)).collect::<Vec<_>>();
        assert_eq!((at(0), at(1), at(2)), (vec![0.0, 0.0, 0.0], vec![1.0, 0.0, 1.0], vec![0.5, 0.0, 0.5]));
    }
}
