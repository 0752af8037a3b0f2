//! From the features of all parties for a class to their shares of it: a conditional logit (McFadden, 1974).
//!
//! Party j's share of class c is the softmax of w . s_j(c) over the parties. The weights minimise the mean negative
//! log-likelihood of the records of shadow federations, times the number of their classes, plus
//! [`PULL`]/2 times the sum over features of V_k (w_k - prior_k)^2, with V_k the variance of the feature's difference between
//! two parties: a problem that does not depend on the scale of a feature, is convex, and is solved by Newton's method. A
//! feature that never differs keeps its prior weight.

use crate::source::shadow_federation::linear::{dot, solve};
use crate::source::shadow_federation::transductive::features::{ClassFeatures, FEATURES};
use crate::source::shadow_federation::transductive::totals::softmax;

/// Weights before any shadow federation was observed: of the mean answer, and of the records that a party alone gets right.
const PRIOR_WEIGHTS: ClassFeatures = [0.5, 0.0, 0.0, 0.5, 0.0];

/// Pull towards the prior weights, in classes of shadow federations.
const PULL: f64 = 3.0;

/// Added to the variance of a feature.
const LEAST_VARIANCE: f64 = 1e-3;

/// Newton's steps end here, or when a step changes no weight by more than [`TOLERANCE`].
const STEPS: usize = 50;
const TOLERANCE: f64 = 1e-9;
/// A longer step than this is cut: far from the answer, the curvature promises too much.
const LONGEST_STEP: f64 = 2.0;

/// A class of a shadow federation: the features and the records of each party.
#[derive(Clone, Debug)]
pub(super) struct ClassCount {
    pub(super) features: Vec<ClassFeatures>,
    pub(super) counts: Vec<f64>,
}

/// The fitted weights.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShareLogit {
    weights: ClassFeatures,
}

impl ShareLogit {
    pub(super) fn fit(classes: &[ClassCount]) -> Self {
        let records: f64 = classes.iter().flat_map(|class| &class.counts).sum();
        let unit = classes.len() as f64 / records.max(1.0);
        let pulls = variances(classes).map(|variance| PULL * (variance + LEAST_VARIANCE));
        let mut weights = PRIOR_WEIGHTS;
        for _ in 0..STEPS {
            let mut gradient = [0.0; FEATURES];
            let mut curvature = [[0.0; FEATURES]; FEATURES];
            for feature in 0..FEATURES {
                gradient[feature] = pulls[feature] * (PRIOR_WEIGHTS[feature] - weights[feature]);
                curvature[feature][feature] = pulls[feature];
            }
            for ClassCount { features, counts } in classes {
                let shares =
                    softmax(&features.iter().map(|features| dot(&weights, features)).collect::<Vec<_>>());
                let mean = mean(features, &shares);
                let all: f64 = counts.iter().sum();
                for ((features, share), count) in features.iter().zip(&shares).zip(counts) {
                    for row in 0..FEATURES {
                        let off = unit * (features[row] - mean[row]);
                        gradient[row] += (count - all * share) * off;
                        for column in 0..FEATURES {
                            curvature[row][column] += all * share * off * (features[column] - mean[column]);
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
    pub(super) fn strength(&self, features: &ClassFeatures) -> f64 {
        dot(&self.weights, features)
    }
}

/// The variance of each feature's difference between two parties of a shadow federation: twice that within it.
fn variances(classes: &[ClassCount]) -> ClassFeatures {
    let mut squares = [0.0; FEATURES];
    let mut free = 0.0;
    for ClassCount { features, .. } in classes {
        let parties = features.len() as f64;
        let mean = mean(features, &vec![1.0 / parties; features.len()]);
        for features in features {
            for (square, (feature, mean)) in squares.iter_mut().zip(features.iter().zip(&mean)) {
                *square += (feature - mean).powi(2);
            }
        }
        free += parties - 1.0;
    }
    squares.map(|square| 2.0 * square / free.max(1.0))
}

fn mean(features: &[ClassFeatures], shares: &[f64]) -> ClassFeatures {
    std::array::from_fn(|feature| {
        features.iter().zip(shares).map(|(features, share)| share * features[feature]).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_follows_one_sign_is_learned() {
        // The odds of two parties are exp(2 * difference of the first feature); the third feature is noise.
        let class = |i: i32| {
            let feature = f64::from(i % 9 - 4) / 4.0;
            let noise = f64::from(i % 5);
            let share = 1.0 / (1.0 + (-2.0 * feature).exp());
            ClassCount {
                features: vec![[feature, 0.0, noise, 0.0, 0.0], [0.0; FEATURES]],
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
