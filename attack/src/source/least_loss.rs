//! `least_loss`: the owner is the candidate whose vector gives the true label the largest probability.
//!
//! The source inference attack of Hu et al. ("Source inference attacks in federated learning", 2021): a record is
//! credited to the party with the smallest cross-entropy loss on it, -ln p_j\[y\]. Ties ([`on_grid`]) go to a fair coin. Where the
//! vantage shows no single vectors, every candidate ties, and nothing is asked.
//!
//! A candidate that did not answer is no choice. Where none answered there is no claim.
//!
//! Score: p_j\[y\] of the claimed party less the largest of the others that answered, from 0 (a tie) to 1.

use turncoat_learn::{Answers, on_grid};

use crate::claim::{Claims, Question, SourceClaim};
use crate::error::AttackError;
use crate::inference::Inference;
use crate::tie_breaker::TieBreaker;
use crate::view::AdversaryView;

/// Parameters of `least_loss`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "least_loss")]
#[serde(deny_unknown_fields)]
pub struct LeastLoss {}

impl Inference for LeastLoss {
    fn question(&self) -> Question {
        Question::Source
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claim(view).map(Claims::Source)
    }
}

/// Claims an owner for every target that a candidate answered.
///
/// # Errors
/// What the federation refuses.
fn claim(view: &AdversaryView<'_>) -> Result<Vec<Option<SourceClaim>>, AttackError> {
    let targets = view.targets;
    let ties = TieBreaker::new(view.knowledge.seed, "least_loss");
    let answers = single_vectors(view)?;
    let claim = |(row, &label): (usize, &u32)| {
        let values = true_label_probabilities(answers.as_deref(), targets.candidates.len(), row, label);
        let tied = largest(&values);
        let place = ties.pick(targets.records.row(row), label, &tied)?;
        Some(SourceClaim { party: targets.candidates[place], score: margin(&values, place) })
    };
    Ok(targets.labels.iter().enumerate().map(claim).collect())
}

/// What each candidate answered to the targets, where single vectors are shown. Where they are not, nothing is asked.
///
/// # Errors
/// What the federation refuses.
pub(crate) fn single_vectors<'a>(
    view: &'a AdversaryView<'_>,
) -> Result<Option<Vec<&'a Answers>>, AttackError> {
    if !view.shows_single_vectors() {
        return Ok(None);
    }
    Ok(view.observation()?.of_parties(&view.targets.candidates))
}

/// p_j\[y\] of each candidate on the grid, where it answered; all zero where single vectors are not visible, so that all tie.
pub(crate) fn true_label_probabilities(
    answers: Option<&[&Answers]>,
    candidates: usize,
    row: usize,
    label: u32,
) -> Vec<Option<f64>> {
    match answers {
        Some(answers) => {
            let of = |answers: &&Answers| answers.row(row).map(|vector| on_grid(vector[label as usize]));
            answers.iter().map(of).collect()
        }
        None => vec![Some(0.0); candidates],
    }
}

/// The places of the largest values. What may not depend on rounding is on the grid before.
pub(crate) fn largest(values: &[Option<f64>]) -> Vec<usize> {
    let largest = values.iter().copied().flatten().fold(f64::NEG_INFINITY, f64::max);
    (0..values.len()).filter(|&place| values[place].is_some_and(|value| value >= largest)).collect()
}

/// How far the value at a place is above the largest of the others; 0 where there is none, there or elsewhere.
pub(crate) fn margin(values: &[Option<f64>], place: usize) -> f64 {
    let Some(own) = values[place] else { return 0.0 };
    let others = values.iter().enumerate().filter(|&(other, _)| other != place);
    others.filter_map(|(_, value)| Some(own - (*value)?)).reduce(f64::min).unwrap_or(0.0)
}
