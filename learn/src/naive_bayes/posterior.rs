//! From joint log likelihoods to probabilities.

/// Replaces the joint log likelihoods of a record, one a class, by probabilities: e^l over the sum of all, relative to the largest
/// (log-sum-exp). Likelihoods are finite or minus infinity. Where all are minus infinity, no class explains the record better
/// than another, and the answer is uniform.
pub(super) fn normalise(likelihoods: &mut [f64]) {
    let largest = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        likelihoods.fill(1.0 / likelihoods.len() as f64);
        return;
    }
    for likelihood in likelihoods.iter_mut() {
        let below = *likelihood - largest;
        // e^-746 is nothing in f64; the call is spared.
        *likelihood = if below > -746.0 { below.exp() } else { 0.0 };
    }
    let total: f64 = likelihoods.iter().sum();
    likelihoods.iter_mut().for_each(|probability| *probability /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let answer = |mut likelihoods: Vec<f64>| {
            normalise(&mut likelihoods);
            likelihoods
        };
        let close = |a: Vec<f64>, b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-13);
        assert!(close(answer(vec![0.0, 3f64.ln()]), &[0.25, 0.75]));
        assert!(close(answer(vec![-1024.0, -1024.0 + 3f64.ln()]), &[0.25, 0.75]));
        assert_eq!(answer(vec![-1e200, -1e201]), [1.0, 0.0]);
        assert_eq!(answer(vec![-1e200, -1e200]), [0.5, 0.5]);
        assert_eq!(answer(vec![f64::NEG_INFINITY, -5.0]), [0.0, 1.0]);
        assert_eq!(answer(vec![f64::NEG_INFINITY; 4]), [0.25; 4]);
        assert_eq!(answer(vec![-3.0]), [1.0]);
    }
}
