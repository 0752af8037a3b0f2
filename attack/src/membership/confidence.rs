//! `confidence`: a record is in iff the true label's probability reaches a threshold.
//!
//! Confidence thresholding (Salem et al., 2019; Hu et al.'s survey, section 3.2), the threshold learned where the
//! adversary knows the truth: on a shadow federation of its own. The threshold is the score with the best balanced
//! accuracy (the mean of the shares of members at or above it and of non-members below it), the lowest among equals.
//!
//! Score: p\[y\] for an outsider, of the residual for a member that is shown p only, and the largest p_j\[y\] of the
//! candidates for an insider, on the grid on which all attacks compare probabilities ([`turncoat_learn::on_grid`]).
//!
//! Of several candidates those that answered count. Without any answer on a record there is no claim on it.

use crate::claim::{Claims, MembershipClaim, Question};
use crate::error::AttackError;
use crate::inference::{Inference, Setting, Training};
use crate::membership::shadow::{Workshop, shadow_federation};
use crate::membership::sight::Sight;
use crate::view::{AdversaryView, Vantage};

/// The skew of the shadow shards: uniform on the simplex, as in Truex et al., section 4.7.
const CONCENTRATION: f64 = 1.0;

/// Parameters of `confidence`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidence {}

impl Inference for Confidence {
    fn question(&self) -> Question {
        Question::Membership
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claim(view).map(Claims::Membership)
    }

    fn needs_records(&self, _vantage: Vantage) -> bool {
        true
    }

    fn training(&self, setting: &Setting) -> Training {
        shadow_federation(setting)
    }
}

/// Claims in or out for every target.
///
/// # Errors
/// [`AttackError::TooFewRecords`] without records to learn the threshold on; otherwise what a model or the
/// federation refuses.
fn claim(view: &AdversaryView<'_>) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
    let shadow = Workshop::new("confidence", view, None)?
        .train(CONCENTRATION, view.knowledge.seed.child("confidence", 0))?;
    let sight = shadow.sight();
    let score = |(row, &label): (usize, &u32)| Some((sight.confidence(row, label)?, row < shadow.members));
    let scored: Vec<(f64, bool)> = shadow.labels.iter().enumerate().filter_map(score).collect();
    let threshold = best_threshold(scored);

    let sight = Sight::of(view.observation()?, &view.targets.candidates);
    let claim = |(row, &label): (usize, &u32)| {
        let score = sight.confidence(row, label)?;
        Some(MembershipClaim { member: score >= threshold, score })
    };
    Ok(view.targets.labels.iter().enumerate().map(claim).collect())
}

/// The score such that claiming everything at or above it has the best balanced accuracy, the lowest among equals.
/// Zero without records.
pub(crate) fn best_threshold(mut scored: Vec<(f64, bool)>) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let members = scored.iter().filter(|(_, member)| *member).count().max(1) as i128;
    let others = scored.iter().filter(|(_, member)| !*member).count().max(1) as i128;
    // Going up from the lowest score: members below the threshold are lost, non-members below it are won. Twice the
    // balanced accuracy is 1 + won/others - lost/members; compared as integers, so that equals are equal.
    let (mut lost, mut won) = (0_i128, 0_i128);
    let mut best = (0.0, i128::MIN);
    let mut place = 0;
    while place < scored.len() {
        let score = scored[place].0;
        let value = won * members - lost * others;
        if value > best.1 {
            best = (score, value);
        }
        while place < scored.len() && scored[place].0 <= score {
            if scored[place].1 {
                lost += 1
            } else {
                won += 1
            }
            place += 1;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_is_the_best_one() {
        // At or above 0.5: both members, one of three others: (1 + 2/3) / 2. No other threshold does as well.
        let scored = vec![(0.5, true), (0.9, true), (0.1, false), (0.2, false), (0.7, false)];
        assert_eq!(best_threshold(scored), 0.5);
    }

    #[test]
    fn the_lowest_among_equals_is_taken() {
        // 0.2: (1 + 1/2) / 2; 0.8: (1/2 + 1) / 2.
        let scored = vec![(0.8, true), (0.2, true), (0.1, false), (0.2, false)];
        assert_eq!(best_threshold(scored), 0.2);
        // A score that says nothing: all thresholds are worth a coin, and there is only one.
        assert_eq!(best_threshold(vec![(0.5, true), (0.5, false)]), 0.5);
        assert_eq!(best_threshold(Vec::new()), 0.0);
    }
}
