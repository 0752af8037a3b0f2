//! What the parties' answers show of the records of a class that each holds, in a few numbers.
//!
//! - the three traits of `shares`, from the probes: mean answer, recall, false alarms;
//! - ln(k_j + 1/2) and k_j / (N + 1), where k_j counts the targets of the class, N in all, that party j alone gets right:
//!   k_j(c) = sum over targets x of class c of p_j(x)\[c\] * product over the other candidates i of (1 - p_i(x)\[c\]). A
//!   model that fits its own records errs on those of others, so these are most likely its own; there are about n_j times
//!   the rates at which the others err.
//!
//! Guarantee: the sums run in the canonical order of the targets.

use turncoat_learn::PredictionVectors;

use crate::source::shadow_federation::shares::ClassTraits;

/// How many features there are.
pub(super) const FEATURES: usize = 5;

/// The features of one party and class.
pub(super) type ClassFeatures = [f64; FEATURES];

/// p_j(x)\[y\] of each party and target, `[parties][targets]`; target k is row `rows[k]` of the answers.
pub(super) fn right(answers: &[&PredictionVectors], rows: &[usize], labels: &[u32]) -> Vec<Vec<f64>> {
    let of_party = |answers: &&PredictionVectors| {
        rows.iter().zip(labels).map(|(&row, &label)| answers.row(row)[label as usize]).collect()
    };
    answers.iter().map(of_party).collect()
}

/// The k_j of one class, `[parties]`.
pub(super) fn alone(right: &[Vec<f64>], rows: &[usize]) -> Vec<f64> {
    let of_party = |party: usize| {
        let by_it_alone = |row: usize| -> f64 {
            let others = (0..right.len()).filter(|&other| other != party);
            others.map(|other| 1.0 - right[other][row]).product::<f64>() * right[party][row]
        };
        rows.iter().map(|&row| by_it_alone(row)).sum()
    };
    (0..right.len()).map(of_party).collect()
}

/// The features of a party for a class: its traits, its k_j, and the number of targets of the class.
pub(super) fn features(traits: &ClassTraits, alone: f64, targets: usize) -> ClassFeatures {
    let [_, mean, recall, taken] = *traits;
    [mean, recall, taken, (alone + 0.5).ln(), alone / (targets as f64 + 1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn records_that_one_party_alone_gets_right() {
        let first = PredictionVectors::new(array![[1.0, 0.0], [0.5, 0.5], [1.0, 0.0]]).unwrap();
        let second = PredictionVectors::new(array![[0.0, 1.0], [0.25, 0.75], [1.0, 0.0]]).unwrap();
        let two = right(&[&first, &second], &[0, 1, 2], &[0, 0, 1]);
        // Class 0: 1 * 1 + 0.5 * 0.75 against 0 + 0.25 * 0.5; of class 1 there is one record, and both are wrong.
        assert_eq!(alone(&two, &[0, 1]), [1.375, 0.125]);
        assert_eq!(alone(&two, &[2]), [0.0, 0.0]);
        let third = PredictionVectors::new(array![[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]).unwrap();
        let three = right(&[&first, &second, &third], &[2, 1, 0], &[1, 0, 0]);
        assert_eq!(alone(&three, &[1, 2]), [1.0, 0.0, 0.375]);
        assert_eq!(alone(&three, &[0]), [0.0, 0.0, 1.0]);
        assert_eq!(features(&[1.0, -1.0, 2.0, -3.0], 1.5, 2), [-1.0, 2.0, -3.0, 2.0_f64.ln(), 0.5]);
    }
}
