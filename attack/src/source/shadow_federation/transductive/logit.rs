//! From the signs of all parties for a class to their shares of it: a conditional logit (McFadden, 1974).
//!
//! Party j's share of class c is the softmax of w . s_j(c) over the parties. The weights minimise the mean negative
//! log-likelihood of the records dealt in shadow federations, times the number of their classes, plus
//! [`PULL`]/2 times the sum over signs of V_k (w_k - prior_k)^2, with V_k the variance of the sign's difference between
//! two parties: a problem that does not depend on the scale of a sign, is convex, and is solved by Newton's method. A
//! sign that never differs keeps its prior weight.

use crate::source::shadow_federation::linear::{dot, solve};
use crate::source::shadow_federation::transductive::signs::{SIGNS, Signs};
use crate::source::shadow_federation::transductive::totals::softmax;

/// Weights before any shadow federation was seen: of the mean answer, and of the records that a party alone gets right.
const PRIOR_WEIGHTS: Signs = [0.5, 0.0, 0.0, 0.5, 0.0];

/// Pull towards the prior weights, in classes of shadow federations.
const PULL: f64 = 3.0;

/// Added to the variance of a sign.
const LEAST_VARIANCE: f64 = 1e-3;

/// Newton's steps end here, or when a step changes no weight by more than [`TOLERANCE`].
const STEPS: usize = 50;
const TOLERANCE: f64 = 1e-9;
/// A longer step than this is cut: far from the answer, the curvature promises too much.
const LONGEST_STEP: f64 = 2.0;

/// A class of a shadow federation: the signs and the records of each party.
#[derive(Clone, Debug)]
pub(super) struct DealtClass {
    pub(super) signs: Vec<Signs>,
    pub(super) counts: Vec<f64>,
}

/// The fitted weights.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShareLogit {
    weights: Signs,
}

impl ShareLogit {
    pub(super) fn fit(classes: &[DealtClass]) -> Self {
        let records: f64 = classes.iter().flat_map(|class| &class.counts).sum();
        let unit = classes.len() as f64 / records.max(1.0);
        let pulls = variances(classes).map(|variance| PULL * (variance + LEAST_VARIANCE));
        let mut weights = PRIOR_WEIGHTS;
        for _ in 0..STEPS {
            let mut gradient = [0.0; SIGNS];
            let mut curvature = [[0.0; SIGNS]; SIGNS];
            for sign in 0..SIGNS {
                gradient[sign] = pulls[sign] * (PRIOR_WEIGHTS[sign] - weights[sign]);
                curvature[sign][sign] = pulls[sign];
            }
            for DealtClass { signs, counts } in classes {
                let shares = softmax(&signs.iter().map(|signs| dot(&weights, signs)).collect::<Vec<_>>());
                let mean = mean(signs, &shares);
                let all: f64 = counts.iter().sum();
                for ((signs, share), count) in signs.iter().zip(&shares).zip(counts) {
                    for row in 0..SIGNS {
                        let off = unit * (signs[row] - mean[row]);
                        gradient[row] += (count - all * share) * off;
                        for column in 0..SIGNS {
                            curvature[row][column] += all * share * off * (signs[column] - mean[column]);
                        }
                    }
                }
            }
            let Some(step) = solve(&curvature, &gradient) else { break };
            let longest = step.iter().fold(0.0, |longest: f64, part| longest.max(part.abs()));
            let cut = (LONGEST_STEP / longest).min(1.0);
            for (weight, part) in weights.iter_mut().zip(step) {
                *weight += cut * part;
            }
            if longest <= TOLERANCE {
                break;
            }
        }
        Self { weights }
    }

    /// The log of a party's share, up to a constant.
    pub(super) fn strength(&self, signs: &Signs) -> f64 {
        dot(&self.weights, signs)
    }
}

/// The variance of each sign's difference between two parties of a shadow federation: twice that within it.
fn variances(classes: &[DealtClass]) -> Signs {
    let mut squares = [0.0; SIGNS];
    let mut free = 0.0;
    for DealtClass { signs, .. } in classes {
        let parties = signs.len() as f64;
        let mean = mean(signs, &vec![1.0 / parties; signs.len()]);
        for signs in signs {
            for (square, (sign, mean)) in squares.iter_mut().zip(signs.iter().zip(&mean)) {
                *square += (sign - mean).powi(2);
            }
        }
        free += parties - 1.0;
    }
    squares.map(|square| 2.0 * square / free.max(1.0))
}

fn mean(signs: &[Signs], shares: &[f64]) -> Signs {
    std::array::from_fn(|sign| signs.iter().zip(shares).map(|(signs, share)| share * signs[sign]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_follows_one_sign_is_learned() {
        // The odds of two parties are exp(2 * difference of the first sign); the third sign is noise.
        let class = |i: i32| {
            let sign = f64::from(i % 9 - 4) / 4.0;
            let noise = f64::from(i % 5);
            let share = 1.0 / (1.0 + (-2.0 * sign).exp());
            DealtClass {
                signs: vec![[sign, 0.0, noise, 0.0, 0.0], [0.0; SIGNS]],
                counts: vec![1_000.0 * share, 1_000.0 * (1.0 - share)],
            }
        };
        let model = ShareLogit::fit(&(0..4_500).map(class).collect::<Vec<_>>());
        assert!((model.weights[0] - 2.0).abs() < 0.02, "{model:?}");
        assert!(model.weights[2].abs() < 0.01, "{model:?}");
        assert_eq!(model.weights[3], PRIOR_WEIGHTS[3]);
    }

    #[test]
    fn without_shadows_the_prior_stands() {
        assert_eq!(ShareLogit::fit(&[]).weights, PRIOR_WEIGHTS);
    }
}
