//! Draws from the symmetric Dirichlet distribution, and the whole numbers made of shares.
//!
//! A Dirichlet vector is k independent Gamma(alpha, 1) draws divided by their sum. For alpha below 1 a draw is
//! Gamma(alpha + 1) * U^(1/alpha), taken in logarithms: with a small alpha the draws themselves underflow to zero,
//! all k of them, while their logarithms keep which is the largest.

use rand::RngExt;
use rand_distr::{Distribution, Gamma};

use crate::seed::Stream;

/// One point of the simplex of `k` coordinates, each at least 0, summing to 1 up to rounding. `alpha` is finite, > 0.
pub(super) fn dirichlet(alpha: f64, k: usize, stream: &mut Stream) -> Vec<f64> {
    let boosted = alpha < 1.0;
    let gamma = Gamma::new(if boosted { alpha + 1.0 } else { alpha }, 1.0)
        .expect("a checked concentration is finite and positive");
    let logarithms: Vec<f64> = (0..k)
        .map(|_| {
            let log = gamma.sample(stream).ln();
            // 1 - U is in (0, 1], so its logarithm is finite.
            if boosted { log + (1.0 - stream.random::<f64>()).ln() / alpha } else { log }
        })
        .collect();
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logarithms.iter().map(|log| (log - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// floor(share * records). The hair added keeps decimal shares what they are meant to be: 0.29 of 100 is 29, though
/// the product of the two floats is 28.999999999999996.
pub(super) fn whole_part(share: f64, records: usize) -> usize {
    (share * records as f64 + 1e-9).floor() as usize
}

/// Whole numbers that sum to `total`, in proportion to shares that sum to one: floors, and the rest one by one to the
/// largest fractions (ties to the lower index).
pub(super) fn apportion(shares: &[f64], total: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = shares.iter().map(|&share| whole_part(share, total)).collect();
    let mut by_fraction: Vec<usize> = (0..shares.len()).collect();
    let fraction = |i: usize| shares[i] * total as f64 - (shares[i] * total as f64).floor();
    by_fraction.sort_by(|&a, &b| fraction(b).total_cmp(&fraction(a)).then(a.cmp(&b)));
    let rest = total.saturating_sub(numbers.iter().sum());
    for i in by_fraction.into_iter().cycle().take(rest) {
        numbers[i] += 1;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn every_draw_is_a_point_of_the_simplex() {
        for (i, &alpha) in [1e-6, 1e-3, 0.1, 0.5, 1.0, 3.0, 1e3, 1e6].iter().enumerate() {
            let mut stream = Seed::root(i as u64).stream("dirichlet");
            for k in [1, 2, 10, 100] {
                let q = dirichlet(alpha, k, &mut stream);
                assert_eq!(q.len(), k);
                assert!(q.iter().all(|share| (0.0..=1.0).contains(share)), "{alpha} {q:?}");
                assert!((q.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{alpha} {q:?}");
            }
        }
    }

    /// The coordinates of Dirichlet(alpha) over k have mean 1/k and variance (k - 1) / (k^2 (k alpha + 1)).
    #[test]
    fn moments_are_those_of_the_distribution() {
        for alpha in [0.3, 1.0, 4.0] {
            let (k, draws) = (4, 20_000);
            let mut stream = Seed::root(7).stream("moments");
            let first: Vec<f64> = (0..draws).map(|_| dirichlet(alpha, k, &mut stream)[0]).collect();
            let mean = first.iter().sum::<f64>() / draws as f64;
            let variance = first.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / draws as f64;
            let expected = 3.0 / (16.0 * (4.0 * alpha + 1.0));
            assert!((mean - 0.25).abs() < 0.01, "{alpha}: {mean}");
            assert!((variance / expected - 1.0).abs() < 0.05, "{alpha}: {variance} {expected}");
        }
    }

    #[test]
    fn a_tiny_alpha_gives_all_to_one_class_and_a_huge_one_equal_classes() {
        let mut stream = Seed::root(1).stream("extremes");
        let point = dirichlet(1e-6, 5, &mut stream);
        assert!(point.iter().any(|&share| share > 0.999));
        assert!(dirichlet(1e6, 5, &mut stream).iter().all(|share| (share - 0.2).abs() < 0.01));
    }

    #[test]
    fn decimal_shares_are_what_they_are_meant_to_be() {
        assert_eq!(whole_part(0.29, 100), 29);
        assert_eq!(whole_part(0.299, 100), 29);
        assert_eq!(whole_part(0.0, 100), 0);
        assert_eq!(whole_part(1.0, 100), 100);
    }

    #[test]
    fn apportioned_numbers_sum_to_the_total() {
        assert_eq!(apportion(&[0.5, 0.3, 0.2], 10), [5, 3, 2]);
        // Floors 5, 2, 1 leave two; the largest fractions are those of the third (0.9) and the second (0.6).
        assert_eq!(apportion(&[0.55, 0.26, 0.19], 10), [5, 3, 2]);
        assert_eq!(apportion(&[1.0], 3), [3]);
    }
}
