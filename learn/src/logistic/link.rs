//! From scores to loss and residuals: the sigmoid of one score, or the softmax of one score a class.
//!
//! Residuals are dloss/dscore. That of the record's own class is minus the sum of the others, never p - 1, and the loss is a
//! log1p where the own class leads: both keep their relative precision when the loss is close to nothing.

use super::exponential::Real;

/// Replaces the scores of one record by its residuals and answers its loss -ln p(label), in nats.
pub(super) fn loss_and_residuals<T: Real>(scores: &mut [T], label: usize) -> f64 {
    match scores {
        [score] => sigmoid(score, label),
        _ => softmax(scores, label),
    }
}

/// The score speaks for class 1 against class 0.
fn sigmoid<T: Real>(score: &mut T, label: usize) -> f64 {
    // How far the score speaks against the label.
    let against = if label == 1 { -*score } else { *score };
    let e = (-against.abs()).exp_of_negative();
    let wrong = if against > T::zero() { T::one() / (T::one() + e) } else { e / (T::one() + e) };
    *score = if label == 1 { -wrong } else { wrong };
    against.wide().max(0.0) + e.wide().ln_1p()
}

fn softmax<T: Real>(scores: &mut [T], label: usize) -> f64 {
    let own = scores[label];
    let highest = scores
        .iter()
        .fold(T::neg_infinity(), |highest, &score| if score > highest { score } else { highest });
    for score in scores.iter_mut() {
        *score = (*score - highest).exp_of_negative();
    }
    let weight = scores[label];
    scores[label] = T::zero();
    let others = sum(scores);
    let total = others + weight;
    let inverse = T::one() / total;
    for score in scores.iter_mut() {
        *score *= inverse;
    }
    scores[label] = -(others * inverse);
    if own == highest { others.wide().ln_1p() } else { (highest - own).wide() + total.wide().ln() }
}

/// Four sums side by side: always the same order, and one that vector instructions can follow.
fn sum<T: Real>(values: &[T]) -> T {
    let (fours, rest) = values.as_chunks::<4>();
    let mut sums = [T::zero(); 4];
    for four in fours {
        for (sum, &value) in sums.iter_mut().zip(four) {
            *sum += value;
        }
    }
    let rest = rest.iter().fold(T::zero(), |sum, &value| sum + value);
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest
}

/// Turns the scores of one record into probabilities of as many classes, or of two where there is one score.
pub(super) fn probabilities(scores: &[f64], vector: &mut [f64]) {
    if let [score] = scores {
        let e = (-score.abs()).exp();
        let (likely, unlikely) = (1.0 / (1.0 + e), e / (1.0 + e));
        vector.copy_from_slice(&if *score > 0.0 { [unlikely, likely] } else { [likely, unlikely] });
        return;
    }
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (probability, score) in vector.iter_mut().zip(scores) {
        *probability = (score - highest).exp();
    }
    let total: f64 = vector.iter().sum();
    vector.iter_mut().for_each(|probability| *probability /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_scores_and_their_difference_say_the_same() {
        for (a, b) in [(0.0, 0.0), (1.0, -2.0), (-30.0, 4.0), (800.0, -800.0f64)] {
            for label in [0, 1] {
                let (mut two, mut one) = ([a, b], [b - a]);
                let losses = [loss_and_residuals(&mut two, label), loss_and_residuals(&mut one, label)];
                assert!((losses[0] - losses[1]).abs() <= 1e-14 * losses[0], "{losses:?}");
                assert!((two[1] - one[0]).abs() <= 1e-15 && two[0] == -two[1]);
            }
        }
    }

    #[test]
    fn a_small_loss_keeps_its_digits() {
        // Two others e^-40 below: loss ln(1 + 2 e^-40), residual of the own class -2 e^-40 / (1 + 2 e^-40).
        let exact = 2.0 * (-40f64).exp();
        let mut scores = [0.0f64, 40.0, 0.0];
        assert!((loss_and_residuals(&mut scores, 1) / exact - 1.0).abs() < 1e-14);
        assert!((scores[1] / -exact - 1.0).abs() < 1e-14);
        let mut scores = [0.0f32, 40.0, 0.0];
        assert!((loss_and_residuals(&mut scores, 1) / exact - 1.0).abs() < 1e-6);
    }

    #[test]
    fn probabilities_by_hand() {
        let mut vector = [0.0; 3];
        probabilities(&[2f64.ln(), 0.0, 0.0], &mut vector);
        assert!(vector.iter().zip([0.5, 0.25, 0.25]).all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-15));
        let mut pair = [0.0; 2];
        probabilities(&[3f64.ln()], &mut pair);
        assert!((pair[1] - 0.75).abs() < 1e-15 && (pair[0] - 0.25).abs() < 1e-15);
        probabilities(&[-1e300], &mut pair);
        assert_eq!(pair, [1.0, 0.0]);
    }
}
