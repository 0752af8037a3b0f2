//! The odds that each of several parties owns a record: a conditional logit (McFadden, 1974) with a known part.
//!
//! Party j's strength is ln q_j\[y\] + w . e_j, with e_j the evidence of membership in its answer: ln(p_j\[y\] + 0.01) and
//! the entropy of p_j (in units of ln K); the odds of ownership are the exponentials of the strengths. The share enters
//! with weight one, as a prior does in Bayes' rule; w is what shadow federations teach, by penalised maximum likelihood.
//!
//! How often a party guesses the label of a record it never saw is left out, although it weighs against the
//! share in Bayes' rule: shadow parties are smaller than real ones and guess worse, and worst at their rare classes, so
//! what they teach about it does not carry over (on Valued Shoppers with 50 classes it costs four points).
//!
//! Strengths treat all parties alike, and comparing two at a time teaches the odds among any number.

use ndarray::ArrayView1;

use crate::source::shadow_federation::linear::{dot, solve};

/// ln(p\[y\] + 0.01), and the entropy of p over ln K.
pub(super) type Evidence = [f64; 2];

/// Weights before any shadow federation was seen: the likelihood of the label, as in `least_loss`.
const PRIOR_WEIGHTS: Evidence = [1.0, 0.0];

/// Penalty on half the squared distance to the prior weights, in log-likelihood.
const PULL: f64 = 1.0;

/// Newton's steps end here, or when a step changes no weight by more than [`TOLERANCE`].
const STEPS: usize = 50;
const TOLERANCE: f64 = 1e-9;
/// A longer step than this is cut: far from the answer, the curvature promises too much.
const LONGEST_STEP: f64 = 2.0;

/// What one answer says about membership.
pub(super) fn evidence(vector: ArrayView1<'_, f64>, label: u32) -> Evidence {
    let entropy: f64 = vector.iter().filter(|&&p| p > 0.0).map(|&p| -p * p.ln()).sum();
    let scale = (vector.len().max(2) as f64).ln();
    [(vector[label as usize] + 0.01).ln(), entropy / scale]
}

/// A record of a shadow federation of two: what both parties' answers say, owner first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison {
    /// ln q\[y\] of the owner less that of the other.
    pub(super) log_share_ratio: f64,
    /// The owner's evidence less the other's.
    pub(super) evidence: Evidence,
}

/// The fitted weights.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnerModel {
    weights: Evidence,
}

impl OwnerModel {
    /// Fits by Newton's method: minimises sum of ln(1 + exp(-(r + w . e))) + PULL/2 |w - prior|^2, which is convex.
    pub(super) fn fit(comparisons: &[Comparison]) -> Self {
        let mut weights = PRIOR_WEIGHTS;
        for _ in 0..STEPS {
            let mut gradient = [0.0; 2];
            let mut curvature = [[0.0; 2]; 2];
            for place in 0..2 {
                gradient[place] = PULL * (PRIOR_WEIGHTS[place] - weights[place]);
                curvature[place][place] = PULL;
            }
            for comparison in comparisons {
                let strength = comparison.log_share_ratio + dot(&weights, &comparison.evidence);
                let missed = 1.0 / (1.0 + strength.exp());
                let doubt = missed * (1.0 - missed);
                for (row, line) in curvature.iter_mut().enumerate() {
                    gradient[row] += missed * comparison.evidence[row];
                    for (entry, part) in line.iter_mut().zip(&comparison.evidence) {
                        *entry += doubt * comparison.evidence[row] * part;
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

    /// The strength of a candidate.
    pub(super) fn strength(&self, log_share: f64, evidence: &Evidence) -> f64 {
        log_share + dot(&self.weights, evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn evidence_by_hand() {
        let [likelihood, entropy] = evidence(array![1.0, 0.0].view(), 0);
        assert!((likelihood - 1.01_f64.ln()).abs() < 1e-12 && entropy == 0.0);
        let [likelihood, entropy] = evidence(array![0.5, 0.5].view(), 1);
        assert!((likelihood - 0.51_f64.ln()).abs() < 1e-12 && (entropy - 1.0).abs() < 1e-12);
    }

    #[test]
    fn weights_are_the_log_odds_of_the_comparisons() {
        // Evidence of one unit is right three times in four: w = ln 3, up to the pull.
        let comparison = |sign: f64| Comparison { log_share_ratio: 0.0, evidence: [sign, 0.0] };
        let comparisons: Vec<Comparison> =
            (0..40_000).map(|i| comparison(if i % 4 == 0 { -1.0 } else { 1.0 })).collect();
        let model = OwnerModel::fit(&comparisons);
        assert!((model.weights[0] - 3.0_f64.ln()).abs() < 1e-3, "{model:?}");
        assert!(model.weights[1].abs() < 1e-12);
    }

    #[test]
    fn what_the_shares_explain_is_not_learned_twice() {
        // The shares say ln 3 already, and are right three times in four.
        let comparison =
            |sign: f64| Comparison { log_share_ratio: sign * 3.0_f64.ln(), evidence: [sign, 0.0] };
        let comparisons: Vec<Comparison> =
            (0..40_000).map(|i| comparison(if i % 4 == 0 { -1.0 } else { 1.0 })).collect();
        assert!(OwnerModel::fit(&comparisons).weights[0].abs() < 1e-3);
    }

    #[test]
    fn without_comparisons_the_label_decides() {
        assert_eq!(OwnerModel::fit(&[]).weights, PRIOR_WEIGHTS);
        let certain = vec![Comparison { log_share_ratio: 0.0, evidence: [4.0, 0.0] }; 1_000];
        let weight = OwnerModel::fit(&certain).weights[0];
        assert!(weight.is_finite() && weight > 1.0);
    }
}
