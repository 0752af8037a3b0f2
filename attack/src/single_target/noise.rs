//! Noise on records: what an adversary does not know of them exactly (Truex et al., section 4.6).
//!
//! x' = x + u, u uniform in [0, sigma), drawn for each value alone. The paper adds it to features that are normalised to
//! [0, 1] and cuts nothing off afterwards, so values up to 1 + sigma come out, here as there.

use ndarray::{Array2, ArrayView2, Axis};
use rand::RngExt;
use rayon::prelude::*;
use turncoat_learn::Seed;

/// Largest sigma that parameters may ask for.
pub(super) const MOST_NOISE: f64 = 1e6;

/// Records `[n, d]` with noise uniform in [0, sigma) on every value, `sigma` in units of the features. Sigma 0 gives the
/// records as they are. What is added to record i depends on the seed and on i alone.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::single_target::with_noise;
/// use turncoat_learn::Seed;
///
/// let x = array![[0.5, 0.5]];
/// assert_eq!(with_noise(x.view(), 0.0, Seed::root(1)), x);
/// assert!(with_noise(x.view(), 0.1, Seed::root(1)).iter().all(|value| (0.5..=0.6).contains(value)));
/// ```
#[must_use]
pub fn with_noise(records: ArrayView2<'_, f32>, sigma: f64, seed: Seed) -> Array2<f32> {
    let mut noisy = records.as_standard_layout().into_owned();
    if sigma > 0.0 && noisy.ncols() > 0 {
        noisy.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut record)| {
            let mut stream = seed.child("record", row as u64).stream("noise");
            record.mapv_inplace(|value| (f64::from(value) + sigma * stream.random::<f64>()) as f32);
        });
    }
    noisy
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn noise_is_uniform_from_zero_to_sigma() {
        let (n, d, sigma) = (400, 50, 0.4);
        let records = Array2::from_shape_fn((n, d), |(row, column)| ((row + column) % 3) as f32 * 0.25);
        let noisy = with_noise(records.view(), sigma, Seed::root(3));
        let added: Vec<f64> = noisy.iter().zip(&records).map(|(a, b)| f64::from(a - b)).collect();
        assert!(added.iter().all(|u| (-1e-7..=sigma + 1e-7).contains(u)));
        let count = added.len() as f64;
        let mean = added.iter().sum::<f64>() / count;
        let variance = added.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / count;
        // Five standard errors of the mean of 20,000 uniform draws: 5 * sigma / sqrt(12 * 20,000).
        assert!((mean - sigma / 2.0).abs() < 5.0 * sigma / (12.0 * count).sqrt(), "{mean}");
        assert!((variance / (sigma * sigma / 12.0) - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn no_noise_changes_no_bit_and_rows_do_not_share_draws() {
        let records = array![[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]];
        assert_eq!(with_noise(records.view(), 0.0, Seed::root(1)), records);
        let noisy = with_noise(records.view(), 1.0, Seed::root(1));
        assert_ne!(noisy.row(0), noisy.row(1));
        assert_ne!(noisy, with_noise(records.view(), 1.0, Seed::root(2)));
        // Fewer records are the same records.
        let fewer = with_noise(records.select(Axis(0), &[0, 1]).view(), 1.0, Seed::root(1));
        assert_eq!(fewer, noisy.select(Axis(0), &[0, 1]));
    }
}
