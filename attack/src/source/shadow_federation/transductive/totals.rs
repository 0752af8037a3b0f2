//! Parties of about equal size: what that says about classes in doubt.
//!
//! Class c, of N_c targets, is thought to be split by the softmax of strengths l_j(c), each of variance v_c. Party j then
//! holds T_j = sum over c of N_c f_j(c), and parties of one federation hold about N/n each, up to a standard deviation
//! s of [`SPREAD`] N/n. The likeliest strengths minimise
//!
//! sum of (l - l')^2 / (2 v_c) + sum over j of (T_j - N/n)^2 / (2 s^2),
//!
//! so classes that are large, evenly split and in doubt move most. The answer is found by Gauss and Newton's method: with the
//! totals taken as linear about the strengths so far, of slopes J, and V the variances, l = l' + V J^T a where
//! (J V J^T + s^2 I) a = N/n - T + J (l - l'). Only half of each step is taken.
//!
//! Guarantee: exchanging candidates exchanges the answer; candidates with equal strengths in all classes keep them equal.

use crate::source::shadow_federation::linear::inverse;

/// Standard deviation of a party's size, as a fraction of the mean size.
pub(super) const SPREAD: f64 = 0.06;

/// Half steps taken; they settle within fewer.
const STEPS: usize = 40;

/// No strength changes by more than this in a step: far from the answer, slopes mean little.
const LONGEST_STEP: f64 = 0.5;

/// The likeliest strengths, `[classes][candidates]`, from those at hand, their variances and the classes' totals.
pub(super) fn level(strengths: &[Vec<f64>], variances: &[f64], totals: &[f64]) -> Vec<Vec<f64>> {
    let parties = strengths.first().map_or(0, Vec::len);
    let size = totals.iter().sum::<f64>() / parties.max(1) as f64;
    let mut moved = strengths.to_vec();
    if parties < 2 || size <= 0.0 {
        return moved;
    }
    let square = (SPREAD * size).powi(2);
    for _ in 0..STEPS {
        let mut matrix = vec![vec![0.0; parties]; parties];
        let mut gaps = vec![size; parties];
        let shares: Vec<Vec<f64>> = moved.iter().map(|strengths| softmax(strengths)).collect();
        for (class, shares) in shares.iter().enumerate() {
            let (total, variance) = (totals[class], variances[class]);
            let even: f64 = shares.iter().map(|share| share * share).sum();
            let off: Vec<f64> = moved[class].iter().zip(&strengths[class]).map(|(l, at)| l - at).collect();
            let mean = mean(&off, shares);
            for (party, line) in matrix.iter_mut().enumerate() {
                let share = shares[party];
                gaps[party] += total * share * (off[party] - mean - 1.0);
                for (other, entry) in line.iter_mut().enumerate() {
                    let same = f64::from(u8::from(party == other));
                    let slopes = share * shares[other] * (same - share - shares[other] + even);
                    *entry += variance * total * total * slopes;
                }
            }
        }
        for (party, line) in matrix.iter_mut().enumerate() {
            line[party] += square;
        }
        let inverse = inverse(matrix);
        let forces: Vec<f64> =
            inverse.iter().map(|line| line.iter().zip(&gaps).map(|(a, b)| a * b).sum()).collect();
        for (class, moved) in moved.iter_mut().enumerate() {
            let mean = mean(&forces, &shares[class]);
            for (party, moved) in moved.iter_mut().enumerate() {
                let push = variances[class] * totals[class] * shares[class][party] * (forces[party] - mean);
                let step = (strengths[class][party] + push - *moved) / 2.0;
                *moved += step.clamp(-LONGEST_STEP, LONGEST_STEP);
            }
        }
    }
    moved
}

fn mean(values: &[f64], shares: &[f64]) -> f64 {
    values.iter().zip(shares).map(|(value, share)| value * share).sum()
}

/// The shares that go with strengths.
pub(super) fn softmax(strengths: &[f64]) -> Vec<f64> {
    let largest = strengths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = strengths.iter().map(|strength| (strength - largest).exp()).collect();
    let sum: f64 = odds.iter().sum();
    odds.into_iter().map(|odd| odd / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_doubt_moves_until_parties_are_level() {
        // Class 0 is known to be party 1's, four to one; of class 1 little is known.
        let sure = 4.0_f64.ln();
        let strengths = [vec![sure, 0.0], vec![0.1, 0.0]];
        let moved = level(&strengths, &[0.001, 4.0], &[100.0, 100.0]);
        assert!((moved[0][0] - moved[0][1] - sure).abs() < 0.05, "{moved:?}");
        let shares: Vec<f64> = moved.iter().map(|strengths| softmax(strengths)[0]).collect();
        assert!((100.0 * (shares[0] + shares[1]) - 100.0).abs() < 6.0 && shares[1] < 0.3, "{shares:?}");
        // By the conditions that hold at the minimum, in class 1.
        let force = (100.0 - 100.0 * (shares[0] + shares[1])) / (SPREAD * 100.0).powi(2);
        let push = 4.0 * 100.0 * shares[1] * (1.0 - shares[1]) * 2.0 * force;
        assert!((moved[1][0] - 0.1 - push).abs() < 1e-6, "{moved:?}, {push}");
    }

    #[test]
    fn candidates_are_treated_alike() {
        let strengths = [vec![1.0, 0.0, -0.5], vec![0.3, 0.2, 0.9]];
        let turned: Vec<Vec<f64>> = strengths.iter().map(|row| vec![row[2], row[0], row[1]]).collect();
        let [moved, turned] = [&strengths[..], &turned].map(|table| level(table, &[0.5, 1.0], &[30.0, 60.0]));
        for (moved, turned) in moved.iter().zip(&turned) {
            for (party, place) in [(0, 1), (1, 2), (2, 0)] {
                assert!((moved[party] - turned[place]).abs() < 1e-9);
            }
        }
        let equal = vec![vec![0.4; 3]; 2];
        let kept = level(&equal, &[0.5, 1.0], &[30.0, 60.0]);
        assert!(kept.iter().flatten().all(|strength| (strength - 0.4).abs() < 1e-9), "{kept:?}");
    }
}
