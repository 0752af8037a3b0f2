//! What records weigh, as whole numbers: sums of these do not depend on order, so neither does a tree.
//!
//! Weights are given as floats and multiplied by the largest power of two that keeps their sum below 2^31, then rounded, to
//! no less than 1. Weights that are whole numbers, or small fractions of two, keep their ratios exactly; of others, with
//! n records of about the same weight, n / 2^31 of it is lost at most. The sum of the squares of weights fits 64 bits.

use super::params::ClassWeight;
use crate::learner::LearnerError;

/// What the records of a fit weigh at most, all together.
pub(super) const MOST: u64 = (1 << 31) - 1;

/// What rows of the prepared records weigh.
pub(super) trait Weigh: Copy + Sync {
    /// Whether every row weighs 1.
    const EQUAL: bool = false;

    /// The weight of a row, at least 1.
    fn of(self, row: u32) -> u32;
}

/// Every record weighs 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ones;

impl Weigh for Ones {
    const EQUAL: bool = true;

    #[inline]
    fn of(self, _row: u32) -> u32 {
        1
    }
}

/// Weights of all prepared records, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByRow<'a>(pub(super) &'a [u32]);

impl Weigh for ByRow<'_> {
    #[inline]
    fn of(self, row: u32) -> u32 {
        self.0[row as usize]
    }
}

/// The weights of all prepared records, zero for those not among the rows; `None` where each of the rows weighs 1. Given weights
/// are those of all prepared records, in their order; a class's weight multiplies them.
///
/// # Errors
/// [`LearnerError::Lengths`], [`LearnerError::Weight`]; [`LearnerError::Parameter`] when there are not as many class weights
/// as classes, or too far apart.
pub(super) fn of_rows(
    class_weight: Option<&ClassWeight>,
    labels: &[u32],
    rows: &[u32],
    given: Option<&[f64]>,
    classes: usize,
) -> Result<Option<Vec<u32>>, LearnerError> {
    if let Some(given) = given {
        check_given(given, labels.len(), rows)?;
    }
    let by_class = class_weight.map(|choice| of_classes(choice, labels, rows, classes)).transpose()?;
    if given.is_none() && by_class.is_none() {
        return Ok(None);
    }
    let weight = |row: u32| {
        let row = row as usize;
        given.map_or(1.0, |given| given[row])
            * by_class.as_ref().map_or(1.0, |by_class| by_class[labels[row] as usize])
    };
    if let Some(&row) = rows.iter().find(|&&row| !(weight(row).is_finite() && weight(row) > 0.0)) {
        return Err(LearnerError::Weight { row: row as usize, weight: weight(row) });
    }
    let exponent = exponent(|| rows.iter().map(|&row| weight(row)));
    let mut weights = vec![0; labels.len()];
    for &row in rows {
        weights[row as usize] = whole(weight(row), exponent) as u32;
    }
    Ok(Some(weights))
}

fn check_given(given: &[f64], records: usize, rows: &[u32]) -> Result<(), LearnerError> {
    if given.len() != records {
        return Err(LearnerError::Weights { records, weights: given.len() });
    }
    match rows.iter().find(|&&row| !(given[row as usize].is_finite() && given[row as usize] > 0.0)) {
        Some(&row) => Err(LearnerError::Weight { row: row as usize, weight: given[row as usize] }),
        None => Ok(()),
    }
}

/// The weight of each class.
fn of_classes(
    choice: &ClassWeight,
    labels: &[u32],
    rows: &[u32],
    classes: usize,
) -> Result<Vec<f64>, LearnerError> {
    match choice {
        ClassWeight::PerClass(weights) => {
            choice.check_classes(classes)?;
            Ok(weights.clone())
        }
        ClassWeight::Balanced => {
            let mut counts = vec![0u64; classes];
            rows.iter().for_each(|&row| counts[labels[row as usize] as usize] += 1);
            Ok(balanced(&counts))
        }
    }
}

/// Weights in proportion to 1 / count: whole numbers where the counts have a small common multiple, so that classes
/// that weigh the same do so exactly.
fn balanced(counts: &[u64]) -> Vec<f64> {
    let present = || counts.iter().copied().filter(|&count| count > 0);
    let multiple = present().try_fold(1u64, |multiple, count| {
        let next = multiple / common_divisor(multiple, count) * count;
        (next <= MOST / present().count() as u64).then_some(next)
    });
    // Below 2^31 the next power of two does not matter: weights are scaled anyway.
    let over = multiple.map_or(MOST as f64, |multiple| multiple as f64);
    counts.iter().map(|&count| if count == 0 { 1.0 } else { over / count as f64 }).collect()
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The largest power of two by which the weights, rounded, stay within [`MOST`] together.
fn exponent<I: Iterator<Item = f64>>(weights: impl Fn() -> I) -> i32 {
    let largest = weights().fold(f64::MIN_POSITIVE, f64::max);
    // No larger power keeps even the largest weight alone within bounds.
    let mut exponent = (32 - largest.log2().floor() as i32).min(1000);
    let total = |exponent| weights().map(|weight| whole(weight, exponent)).fold(0, u64::saturating_add);
    // All weights end at 1, and there are fewer than 2^31 rows.
    while total(exponent) > MOST {
        exponent -= 1;
    }
    exponent
}

fn whole(weight: f64, exponent: i32) -> u64 {
    ((weight * 2f64.powi(exponent)).round() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(class_weight: Option<&ClassWeight>, given: Option<&[f64]>) -> Vec<u32> {
        let labels = [0, 0, 0, 1, 2];
        of_rows(class_weight, &labels, &[0, 1, 2, 3], given, 3).unwrap().unwrap()
    }

    #[test]
    fn ratios_of_whole_numbers_are_kept() {
        let made = weights(None, Some(&[1.0, 2.0, 5.0, 0.5, f64::NAN]));
        let half = made[3];
        assert_eq!(made, [2 * half, 4 * half, 10 * half, half, 0]);
        assert!(half.is_power_of_two() && u64::from(half) * 17 * 2 > MOST);
        let sum = made.iter().map(|&weight| u64::from(weight)).sum::<u64>();
        assert!(sum <= MOST && 2 * sum > MOST);
    }

    #[test]
    fn balanced_classes_weigh_exactly_the_same() {
        let made = weights(Some(&ClassWeight::Balanced), None);
        assert_eq!(made[0] * 3, made[3]);
        assert_eq!(balanced(&[6, 0, 4]), [2.0, 1.0, 3.0]);
        // Too large a common multiple: nearly the same.
        let far = balanced(&[99_991, 99_989]);
        assert!((far[0] * 99_991.0 / (far[1] * 99_989.0) - 1.0).abs() < 1e-12);
        let both =
            weights(Some(&ClassWeight::PerClass(vec![2.0, 3.0, 1.0])), Some(&[1.0, 1.0, 2.0, 2.0, 0.0]));
        let unit = both[0] / 2;
        assert_eq!(both, [2 * unit, 2 * unit, 4 * unit, 6 * unit, 0]);
    }

    #[test]
    fn weights_out_of_bounds_are_refused_and_far_apart_ones_are_not() {
        let refuse = |given: &[f64]| of_rows(None, &[0; 2], &[0, 1], Some(given), 1).unwrap_err();
        assert!(matches!(refuse(&[1.0]), LearnerError::Weights { records: 2, weights: 1 }));
        assert!(matches!(refuse(&[1.0, 0.0]), LearnerError::Weight { row: 1, .. }));
        assert!(matches!(refuse(&[f64::INFINITY, 1.0]), LearnerError::Weight { row: 0, .. }));
        let short = ClassWeight::PerClass(vec![1.0; 2]);
        assert!(of_rows(Some(&short), &[0; 2], &[0], None, 3).unwrap_err().to_string().contains("2 weights"));
        let far = of_rows(None, &[0; 2], &[0, 1], Some(&[1e-320, 1e308]), 1).unwrap().unwrap();
        assert!(far[0] == 1 && u64::from(far[1]) * 4 > MOST);
        let large = ClassWeight::PerClass(vec![1e308]);
        let product = of_rows(Some(&large), &[0], &[0], Some(&[1e10]), 1).unwrap_err();
        assert!(matches!(product, LearnerError::Weight { row: 0, .. }));
    }
}
