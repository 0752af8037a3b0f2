//! From scores to claims: the score from which on a record is claimed a member.

use super::Scorer;
use crate::error::AttackError;
use crate::shadow::Shadows;

/// How the threshold of a membership attack is found. It is a step of its own: every attack that scores records can have any.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Threshold {
    /// This score.
    Fixed(f64),
    /// The score with the best balanced accuracy on shadows (the mean of the shares of members at or above it and of non-members below
    /// it), the lowest among equals.
    Shadows,
    /// The least score that no more than this share of the shadows' non-members reach, from 0 to 1: what bounds the false positive
    /// rate as far as shadows are like the target. Where even the largest score is reached by more, nothing is claimed.
    FalsePositiveRate(f64),
}

impl Threshold {
    /// The threshold of a scorer that an attack has learned from these shadows.
    pub(super) fn value(
        self,
        attack: &'static str,
        scorer: &dyn Scorer,
        shadows: Option<&Shadows<'_>>,
    ) -> Result<f64, AttackError> {
        if let Self::Fixed(score) = self {
            return Ok(score);
        }
        let mut scored = Vec::new();
        for (evidence, members) in shadows.ok_or(AttackError::NoShadows { attack })?.evidence() {
            let scores = scorer.scores(&evidence)?.into_iter().enumerate();
            scored.extend(scores.filter_map(|(place, score)| Some((score?, place < members))));
        }
        Ok(match self {
            Self::FalsePositiveRate(rate) => of_false_positives(scored, rate),
            _ => best_threshold(scored),
        })
    }
}

/// The least score that at most that share of non-members reach.
fn of_false_positives(scored: Vec<(f64, bool)>, rate: f64) -> f64 {
    let mut others: Vec<f64> =
        scored.into_iter().filter(|(_, member)| !member).map(|(score, _)| score).collect();
    others.sort_by(|a, b| b.total_cmp(a));
    let allowed = (rate * others.len() as f64).floor() as usize;
    match others.get(allowed) {
        // Just above the first score that may not be claimed.
        Some(score) => score.next_up(),
        None => f64::NEG_INFINITY,
    }
}

/// The score such that claiming everything at or above it has the best balanced accuracy, the lowest among equals.
/// Zero without records.
fn best_threshold(mut scored: Vec<(f64, bool)>) -> f64 {
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
    fn at_most_so_many_non_members_are_claimed() {
        let scored = [(0.9, false), (0.8, true), (0.7, false), (0.7, false), (0.1, false)];
        let claimed = |rate| {
            let threshold = of_false_positives(scored.to_vec(), rate);
            scored.iter().filter(|(score, member)| !member && *score >= threshold).count()
        };
        assert_eq!([0.0, 0.24, 0.25, 0.5, 0.75, 1.0].map(claimed), [0, 0, 1, 1, 3, 4]);
        assert_eq!(of_false_positives(Vec::new(), 0.1), f64::NEG_INFINITY);
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
