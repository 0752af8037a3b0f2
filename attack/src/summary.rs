//! A figure over the repeats of an experiment: mean, standard deviation and a 95 % interval.
//!
//! With x_1 to x_r the values that exist: mean = sum x / r, std = sqrt(sum (x - mean)^2 / (r - 1)). The interval is that of Student's
//! t, mean +/- t * std / sqrt(r) with t = t(0.975, r - 1), whose end on the side of the longer tail lies further out by
//! |g| * std * (1 + 2 t^2) / (6 r), where g is the skewness of the values: the correction of Johnson (1978), "Modified t tests and
//! confidence intervals for asymmetrical populations". Figures of few repeats are skewed where shards are, and Student's t alone then
//! misses the mean on that side too often. The other end stays, so the interval is never narrower than Student's. Sums run in the
//! order of the repeats.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A figure's repeats, summed up.
///
/// ```
/// use turncoat_attack::Summary;
///
/// let reported = Summary::new(vec![Some(0.5), None, Some(0.7)]);
/// assert!((reported.mean.unwrap() - 0.6).abs() < 1e-12);
/// assert_eq!(Summary::new(vec![Some(0.5)]).ci95, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
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
        let moments = Moments::of(&values);
        Self {
            mean: moments.map(|moments| moments.mean),
            std: moments.and_then(|moments| moments.std),
            ci95: mean_interval(&values, 0.95, 0.0),
            by_repeat,
        }
    }

    /// The differences to another figure of the same repeats, summed up: a repeat counts where both exist.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let pairs = self.by_repeat.iter().zip(&other.by_repeat);
        Self::new(pairs.map(|(one, other)| Some((*one)? - (*other)?)).collect())
    }
}

/// The interval of a mean at a level of confidence between 0 and 1, by the rule of this module; `None` with fewer than two values.
///
/// `least_std` is the smallest standard deviation that can be told from none. Figures that move in steps, as a fraction of few claims
/// does, may be equal in all repeats by chance, and an interval of no width would then claim to know the mean.
///
/// ```
/// let [low, high] = turncoat_attack::summary::mean_interval(&[1.0, 2.0, 3.0], 0.95, 0.0).unwrap();
/// assert!((low + 0.484).abs() < 1e-3 && (high - 4.484).abs() < 1e-3);
/// ```
#[must_use]
pub fn mean_interval(values: &[f64], confidence: f64, least_std: f64) -> Option<[f64; 2]> {
    let moments = Moments::of(values)?;
    let std = moments.std?.max(least_std);
    let count = values.len() as f64;
    let quantile = StudentsT::new(0.0, 1.0, count - 1.0).ok()?.inverse_cdf(0.5 + 0.5 * confidence);
    let half = quantile * std / count.sqrt();
    let further = moments.skewness * std * (1.0 + 2.0 * quantile * quantile) / (6.0 * count);
    Some([moments.mean - half + further.min(0.0), moments.mean + half + further.max(0.0)])
}

#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    std: Option<f64>,
    /// Corrected for its bias, as statistics packages print it; zero where it does not exist.
    skewness: f64,
}

impl Moments {
    /// Of at least one value.
    fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / count)?;
        let deviations = || values.iter().map(|value| value - mean);
        let squares: f64 = deviations().map(|d| d * d).sum();
        let cubes: f64 = deviations().map(|d| d * d * d).sum();
        let std = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
        let skewness = if values.len() > 2 && squares > 0.0 {
            let variance = squares / count;
            let biased = cubes / count / (variance * variance.sqrt());
            biased * (count * (count - 1.0)).sqrt() / (count - 2.0)
        } else {
            0.0
        };
        Some(Self { mean, std, skewness })
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
    fn the_longer_tail_has_the_longer_half() {
        // 0, 0, 0, 4: mean 1, squares 12, std 2, third moment 24 / 4 over 3^1.5, so skewness 2 / sqrt 3 * sqrt 12 / 2 = 2.
        // t(0.975, 3) = 3.18244631: half 3.18244631, further out by 2 * 2 * (1 + 2 * 10.12796...) / 24 = 3.54265...
        let t = 3.182_446_305_284_263;
        let further = (1.0 + 2.0 * t * t) / 6.0;
        for (values, expected) in [
            ([0.0, 0.0, 0.0, 4.0], [1.0 - t, 1.0 + t + further]),
            ([0.0, 0.0, 0.0, -4.0], [-1.0 - t - further, -1.0 + t]),
        ] {
            let summary = Summary::new(values.map(Some).to_vec());
            for (end, expected) in summary.ci95.unwrap().into_iter().zip(expected) {
                assert!((end - expected).abs() < 1e-6, "{end} {expected}");
            }
        }
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

    #[test]
    fn differences_are_taken_repeat_by_repeat() {
        let one = Summary::new(vec![Some(0.75), None, Some(0.5), Some(0.25)]);
        let other = Summary::new(vec![Some(0.5), Some(0.5), None, Some(0.5)]);
        assert_eq!(one.less(&other).by_repeat, [Some(0.25), None, None, Some(-0.25)]);
    }

    #[test]
    fn equal_figures_have_the_width_that_is_asked_for() {
        let [low, high] = mean_interval(&[0.5, 0.5], 0.95, 0.1).unwrap();
        // t(0.975, 1) = 12.7062047 by 0.1 by the root of 2.
        assert!((high - low - 2.0 * 12.706_204_736 * 0.1 / 2.0_f64.sqrt()).abs() < 1e-6, "{low} {high}");
        assert_eq!(mean_interval(&[0.5, 0.5], 0.95, 0.0), Some([0.5, 0.5]));
    }
}
