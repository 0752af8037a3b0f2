//! `prior_aware`: least loss, with ties broken by what the parties' answers say about their class shares.
//!
//! Full trees answer 0 or 1, so the parties tie on many records, and the skew of the shards breaks such ties well. The
//! adversary's estimate of the share of class c at party j is the mean over its probes of p_j\[c\]: a model trained on
//! skewed data answers the frequent classes more often (label distribution read from outputs). A member uses the
//! probes of its own shard; an adversary without a shard uses its auxiliary records.
//!
//! Candidates within [`NEAR_TIE`] of the largest p_j\[y\] are tied; the largest estimated share of y wins; equal shares
//! go to a fair coin. Where the vantage shows no single vectors, nothing can be estimated and every candidate ties.
//!
//! Score: the margin in p_j\[y\], as in `least_loss`, plus [`NEAR_TIE`] times the margin in the estimated share.

use turncoat_learn::PredictionVectors;

use crate::claim::SourceClaim;
use crate::coin::Coin;
use crate::error::AttackError;
use crate::source::least_loss::{margin, true_label_probabilities};
use crate::view::{AdversaryView, Probes};

/// Probabilities no further apart than this are tied: it is far below the step of any leaf's class fractions, and far
/// above rounding.
pub(crate) const NEAR_TIE: f64 = 1e-9;

/// Claims an owner for every target.
///
/// # Errors
/// [`AttackError::TooFewRecords`] when single vectors are visible and the adversary has no record to probe with;
/// [`AttackError::Oracle`] when the probes are not answered.
pub(crate) fn claim(view: &AdversaryView<'_>) -> Result<Vec<SourceClaim>, AttackError> {
    let targets = view.targets;
    let coin = Coin::new(view.knowledge.seed, "prior_aware");
    let vectors = view.observation.of_parties(&targets.candidates);
    let shares = match &vectors {
        Some(_) => {
            let probes = view.probes()?.ok_or_else(no_probe)?;
            estimated_shares(probes, view)?
        }
        None => vec![vec![0.0; view.knowledge.classes]; targets.candidates.len()],
    };
    let claim = |(row, &label): (usize, &u32)| {
        let values = true_label_probabilities(vectors.as_deref(), targets.candidates.len(), row, label);
        let share: Vec<f64> = shares.iter().map(|shares| shares[label as usize]).collect();
        let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let near: Vec<usize> =
            (0..values.len()).filter(|&place| values[place] >= largest - NEAR_TIE).collect();
        let largest_share = near.iter().map(|&place| share[place]).fold(f64::NEG_INFINITY, f64::max);
        let tied: Vec<usize> = near.into_iter().filter(|&place| share[place] >= largest_share).collect();
        let place = coin.pick(targets.records.row(row), label, &tied);
        let score = margin(&values, place) + NEAR_TIE * margin(&share, place);
        SourceClaim { party: targets.candidates[place], score }
    };
    Ok(targets.labels.iter().enumerate().map(claim).collect())
}

fn no_probe() -> AttackError {
    AttackError::TooFewRecords {
        attack: "prior_aware",
        needs: "at least one record to ask the parties about".into(),
        has: "none".into(),
    }
}

/// The estimated class shares of each candidate, `[candidates][classes]`.
fn estimated_shares(probes: &Probes, view: &AdversaryView<'_>) -> Result<Vec<Vec<f64>>, AttackError> {
    let rows = if probes.own > 0 { probes.own } else { probes.labels.len() };
    let answers = probes.observation.of_parties(&view.targets.candidates).ok_or_else(|| {
        AttackError::Oracle("the answers to the probes lack a candidate that answered on the targets".into())
    })?;
    Ok(answers.into_iter().map(|answers| mean_answer(answers, rows)).collect())
}

/// The mean of the first `rows` vectors, in class order.
fn mean_answer(answers: &PredictionVectors, rows: usize) -> Vec<f64> {
    let rows = rows.min(answers.len());
    let mut mean = vec![0.0; answers.classes()];
    for row in 0..rows {
        for (sum, value) in mean.iter_mut().zip(answers.row(row)) {
            *sum += value;
        }
    }
    mean.iter_mut().for_each(|sum| *sum /= rows.max(1) as f64);
    mean
}
