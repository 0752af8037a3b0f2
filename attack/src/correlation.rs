//! How closely two figures of the same repeats go together, with 95 % intervals.
//!
//! - Pearson: r = sum (x - mx)(y - my) / sqrt(sum (x - mx)^2 sum (y - my)^2). Interval by Fisher's transformation: atanh r is
//!   near normal with standard error 1 / sqrt(n - 3); its ends are brought back by tanh.
//! - Spearman: the Pearson correlation of the ranks, equal values at their mid-rank. Interval by the same transformation with the
//!   standard error sqrt((1 + r^2 / 2) / (n - 3)) of Bonett and Wright (2000).
//!
//! Sums run in the order of the repeats.

use serde::{Deserialize, Serialize};

/// The 97.5 % point of the standard normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;
/// With fewer pairs neither interval exists, and a coefficient says nothing.
const FEWEST: usize = 4;

/// A coefficient and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// From -1 to 1.
    pub r: f64,
    /// The 95 % interval, lower and upper end.
    pub ci95: [f64; 2],
}

/// Both coefficients. `None` with fewer than four pairs, or where one figure is the same in all of them.
///
/// ```
/// use turncoat_attack::Correlation;
///
/// let x = [1.0, 2.0, 3.0, 4.0].map(Some);
/// let together = Correlation::of(&x, &[1.0, 4.0, 9.0, 16.0].map(Some));
/// assert_eq!(together.spearman.unwrap().r, 1.0);
/// assert!(together.pearson.unwrap().r < 1.0, "in one order, but on no line");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correlation {
    /// How many repeats have both figures.
    pub repeats: usize,
    /// How near to a line.
    pub pearson: Option<Coefficient>,
    /// How near to one order.
    pub spearman: Option<Coefficient>,
}

impl Correlation {
    /// Of the repeats in which both figures exist; the slices go repeat by repeat, and what is beyond the shorter is left out.
    #[must_use]
    pub fn of(x: &[Option<f64>], y: &[Option<f64>]) -> Self {
        let (x, y): (Vec<f64>, Vec<f64>) = x.iter().zip(y).filter_map(|(&x, &y)| x.zip(y)).unzip();
        let degrees = x.len() as f64 - 3.0;
        let pearson = pearson(&x, &y).map(|r| with_interval(r, 1.0 / degrees.sqrt()));
        let spearman = self::pearson(&mid_ranks(&x), &mid_ranks(&y))
            .map(|r| with_interval(r, ((1.0 + r * r / 2.0) / degrees).sqrt()));
        Self { repeats: x.len(), pearson, spearman }
    }
}

fn with_interval(r: f64, error: f64) -> Coefficient {
    let end = |sign: f64| (r.atanh() + sign * NORMAL * error).tanh();
    Coefficient { r, ci95: [end(-1.0), end(1.0)] }
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    // Equal values have no variance, whatever rounding makes of their mean.
    let constant = |values: &[f64]| values.iter().all(|value| *value == values[0]);
    if x.len() < FEWEST || constant(x) || constant(y) {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    let r = xy / (xx * yy).sqrt();
    r.is_finite().then_some(r.clamp(-1.0, 1.0))
}

/// The rank of each value, from 1; equal values share the mean of their ranks.
fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = (2 * from + group.len() + 1) as f64 / 2.0;
        group.iter().for_each(|&place| ranks[place] = rank);
        from += group.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: &[f64], y: &[f64]) -> Correlation {
        let given = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        Correlation::of(&given(x), &given(y))
    }

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} {expected}");
    }

    #[test]
    fn ranks_of_equal_values_are_shared() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(mid_ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }

    /// Deviations (-2, -1, 0, 1, 2) and (-1, -2, 1, 0, 2) from the means 3: products 2 + 2 + 0 + 0 + 4 = 8, squares 10 and 10.
    #[test]
    fn five_pairs_by_hand() {
        let found = of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0]);
        let (pearson, spearman) = (found.pearson.unwrap(), found.spearman.unwrap());
        assert_eq!(found.repeats, 5);
        near(pearson.r, 0.8);
        near(spearman.r, 0.8);
        // atanh 0.8 is half the logarithm of 9, that is ln 3; the errors are sqrt(1/2) and sqrt(1.32/2).
        near(pearson.ci95[0], (3.0_f64.ln() - NORMAL * 0.5_f64.sqrt()).tanh());
        near(spearman.ci95[1], (3.0_f64.ln() + NORMAL * 0.66_f64.sqrt()).tanh());
    }

    /// Made by
    /// ```python
    /// import numpy as np; from scipy import stats
    /// x = np.array([0.31, 0.12, 0.55, 0.12, 0.78, 0.43, 0.96, 0.20, 0.67, 0.43])
    /// y = np.array([0.58, 0.55, 0.61, 0.60, 0.74, 0.57, 0.70, 0.55, 0.79, 0.66])
    /// p = stats.pearsonr(x, y); print(p.statistic, *p.confidence_interval(0.95))
    /// r = stats.spearmanr(x, y).statistic; se = np.sqrt((1 + r * r / 2) / (len(x) - 3)); q = stats.norm.ppf(0.975)
    /// print(r, *np.tanh(np.arctanh(r) + q * se * np.array([-1, 1])))
    /// ```
    #[test]
    fn ten_pairs_with_ties_as_scipy_has_them() {
        let found = of(
            &[0.31, 0.12, 0.55, 0.12, 0.78, 0.43, 0.96, 0.20, 0.67, 0.43],
            &[0.58, 0.55, 0.61, 0.60, 0.74, 0.57, 0.70, 0.55, 0.79, 0.66],
        );
        let (pearson, spearman) = (found.pearson.unwrap(), found.spearman.unwrap());
        near(pearson.r, 0.785_377_831_870_277);
        near(pearson.ci95[0], 0.308_110_482_283_514);
        near(pearson.ci95[1], 0.946_811_176_373_589);
        near(spearman.r, 0.804_285_106_411_670);
        near(spearman.ci95[0], 0.252_809_888_425_962);
        near(spearman.ci95[1], 0.961_306_593_247_995);
    }

    #[test]
    fn a_line_is_one_and_its_interval_a_point() {
        let found = of(&[1.0, 2.0, 3.0, 4.0], &[0.1, 0.3, 0.5, 0.7]);
        assert!(found.pearson.unwrap().r > 1.0 - 1e-12);
        assert_eq!(found.spearman, Some(Coefficient { r: 1.0, ci95: [1.0, 1.0] }));
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0], &[9.0, 8.0, 1.0, 0.0]).spearman.unwrap().ci95, [-1.0, -1.0]);
    }

    #[test]
    fn too_few_pairs_and_no_variance_are_none() {
        let few = of(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]);
        assert_eq!(few, Correlation { repeats: 3, pearson: None, spearman: None });
        let level = of(&[0.1; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(level, Correlation { repeats: 5, pearson: None, spearman: None });
        let half = Correlation::of(&[Some(1.0), None, Some(2.0)], &[Some(1.0), Some(1.0), None]);
        assert_eq!(half.repeats, 1);
    }
}
