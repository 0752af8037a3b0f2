//! `least_loss`: the owner is the candidate whose vector gives the true label the largest probability.
//!
//! The source inference attack of Hu et al. ("Source inference attacks in federated learning", 2021): a record is
//! credited to the party with the smallest cross-entropy loss on it, -ln p_j\[y\]. Ties go to a fair coin. Where the
//! vantage shows no single vectors, every candidate ties.
//!
//! Score: p_j\[y\] of the claimed party less the largest of the others, from 0 (a tie) to 1.

use turncoat_learn::PredictionVectors;

use crate::claim::SourceClaim;
use crate::coin::Coin;
use crate::view::AdversaryView;

/// Claims an owner for every target.
pub(crate) fn claim(view: &AdversaryView<'_>) -> Vec<SourceClaim> {
    let targets = view.targets;
    let coin = Coin::new(view.knowledge.seed, "least_loss");
    let vectors = view.observation.of_parties(&targets.candidates);
    targets
        .labels
        .iter()
        .enumerate()
        .map(|(row, &label)| {
            let values = true_label_probabilities(vectors.as_deref(), targets.candidates.len(), row, label);
            let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let tied: Vec<usize> = (0..values.len()).filter(|&place| values[place] >= largest).collect();
            let place = coin.pick(targets.records.row(row), label, &tied);
            SourceClaim { party: targets.candidates[place], score: margin(&values, place) }
        })
        .collect()
}

/// p_j\[y\] of each candidate; all zero where single vectors are not visible, so that all tie.
pub(crate) fn true_label_probabilities(
    vectors: Option<&[&PredictionVectors]>,
    candidates: usize,
    row: usize,
    label: u32,
) -> Vec<f64> {
    match vectors {
        Some(vectors) => vectors.iter().map(|batch| batch.row(row)[label as usize]).collect(),
        None => vec![0.0; candidates],
    }
}

/// How far the value at a place is above the largest of the others; 0 when there is no other.
pub(crate) fn margin(values: &[f64], place: usize) -> f64 {
    let others = values.iter().enumerate().filter(|&(other, _)| other != place);
    others.map(|(_, &value)| values[place] - value).reduce(f64::min).unwrap_or(0.0)
}
