//! A figure over the repeats of an experiment: mean, standard deviation and a 95 % interval.
//!
//! With x_1 to x_r the values that exist: mean = sum x / r, std = sqrt(sum (x - mean)^2 / (r - 1)), ci95 = mean +/-
//! t(0.975, r - 1) * std / sqrt(r) with Student's t. Sums run in the order of the repeats.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A figure's repeats, summed up.
///
/// ```
/// use turncoat_attack::Summary;
///
/// let told = Summary::new(vec![Some(0.5), None, Some(0.7)]);
/// assert!((told.mean.unwrap() - 0.6).abs() < 1e-12);
/// assert_eq!(Summary::new(vec![Some(0.5)]).ci95, None);
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Summary {
    /// The mean of the repeats in which the figure exists; `None` without any.
    pub mean: Option<f64>,
    /// Their sample standard deviation; `None` with fewer than two.
    pub std: Option<f64>,
    /// The 95 % confidence interval of the mean, lower and upper end, not clipped; `None` with fewer than two.
    pub ci95: Option<[f64; 2]>,
    /// The figure of each repeat, in order.
    pub by_repeat: Vec<Option<f64>>,
}

impl Summary {
    /// Sums up.
    #[must_use]
    pub fn new(by_repeat: Vec<Option<f64>>) -> Self {
        let values: Vec<f64> = by_repeat.iter().copied().flatten().collect();
        let count = values.len() as f64;
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / count);
        let std = mean.filter(|_| values.len() > 1).map(|mean| {
            let squares = values.iter().map(|value| (value - mean) * (value - mean));
            (squares.sum::<f64>() / (count - 1.0)).sqrt()
        });
        let ci95 = mean.zip(std).and_then(|(mean, std)| {
            let quantile = StudentsT::new(0.0, 1.0, count - 1.0).ok()?.inverse_cdf(0.975);
            let half = quantile * std / count.sqrt();
            Some([mean - half, mean + half])
        });
        Self { mean, std, ci95, by_repeat }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_repeats_by_hand() {
        let summary = Summary::new(vec![Some(1.0), None, Some(2.0), Some(3.0)]);
        assert_eq!((summary.mean, summary.std), (Some(2.0), Some(1.0)));
        // t(0.975, 2) = 4.30265273, divided by the root of 3.
        let [low, high] = summary.ci95.unwrap();
        assert!((high - 2.0 - 4.302_652_729_911_275 / 3.0_f64.sqrt()).abs() < 1e-6, "{high}");
        assert!((low + high - 4.0).abs() < 1e-12);
        assert_eq!(summary.by_repeat.len(), 4);
    }

    #[test]
    fn what_does_not_exist_is_none() {
        let one = Summary::new(vec![Some(0.7)]);
        assert_eq!((one.mean, one.std, one.ci95), (Some(0.7), None, None));
        let none = Summary::new(vec![None]);
        assert_eq!((none.mean, none.std, none.ci95), (None, None, None));
        let equal = Summary::new(vec![Some(0.5), Some(0.5)]);
        assert_eq!((equal.std, equal.ci95), (Some(0.0), Some([0.5, 0.5])));
    }
}
