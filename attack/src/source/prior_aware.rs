//! `prior_aware`: least loss, with ties broken by what the parties' answers say about their class shares.
//!
//! Full trees answer 0 or 1, so the parties tie on many records, and the skew of the shards breaks such ties well. The
//! adversary's estimate of the share of class c at party j is the mean over its probes of p_j\[c\]: a model trained on
//! skewed data answers the frequent classes more often (label distribution read from outputs). A member uses the
//! probes of its own shard; an adversary without a shard uses its auxiliary records.
//!
//! Candidates of the largest p_j\[y\] ([`on_grid`]) are tied; the largest estimated share of y wins; equal shares
//! go to a fair coin. Where the vantage shows no single vectors, nothing can be estimated and every candidate ties.
//!
//! A candidate that did not answer is no choice; where none answered there is no claim. Shares are estimated from the probes
//! that a candidate answered. Where a tied candidate answered none, its share is not known, and the tie goes to the coin.
//!
//! Score: the margin in p_j\[y\], as in `least_loss`, plus [`GRID`] times the margin in the estimated share.

use ndarray::{ArrayView2, Axis, Slice};
use turncoat_learn::{Answers, GRID, on_grid};

use crate::claim::{Claims, Question, SourceClaim};
use crate::error::AttackError;
use crate::inference::{Held, Inference, Needs};
use crate::source::least_loss::{largest, margin, single_vectors, true_label_probabilities};
use crate::tie_breaker::TieBreaker;
use crate::view::{AdversaryView, Probes};

/// Parameters of `prior_aware`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "prior_aware")]
#[serde(deny_unknown_fields)]
pub struct PriorAware {}

impl Inference for PriorAware {
    fn question(&self) -> Question {
        Question::Source
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claim(view).map(Claims::Source)
    }

    fn asks_about<'a>(
        &self,
        view: &'a AdversaryView<'_>,
    ) -> Result<Option<ArrayView2<'a, f32>>, AttackError> {
        Ok(view.probes()?.map(probed))
    }

    /// Without single vectors to read class shares from, it is `least_loss`.
    fn needs(&self) -> Needs<'_> {
        Needs { held: Held::WithVectors, ..Needs::default() }
    }
}

/// Claims an owner for every target that a candidate answered.
///
/// # Errors
/// [`AttackError::TooFewRecords`] when single vectors are visible and the adversary has no record to probe with;
/// [`AttackError::Oracle`] when the probes are not answered.
fn claim(view: &AdversaryView<'_>) -> Result<Vec<Option<SourceClaim>>, AttackError> {
    let targets = view.targets;
    let ties = TieBreaker::new(view.knowledge.seed, "prior_aware");
    let answers = single_vectors(view)?;
    let shares = match &answers {
        Some(_) => {
            let probes = view.probes()?.ok_or_else(no_probe)?;
            estimated_shares(probes, view)?
        }
        None => vec![None; targets.candidates.len()],
    };
    let claim = |(row, &label): (usize, &u32)| {
        let values = true_label_probabilities(answers.as_deref(), targets.candidates.len(), row, label);
        let share_of =
            |shares: &Option<Vec<f64>>| shares.as_ref().map(|shares| on_grid(shares[label as usize]));
        let mut tied = largest(&values);
        let mut share = vec![None; shares.len()];
        if tied.iter().all(|&place| shares[place].is_some()) {
            for (place, share) in share.iter_mut().enumerate() {
                *share = values[place].and_then(|_| share_of(&shares[place]));
            }
            let of_tied: Vec<Option<f64>> = tied.iter().map(|&place| share[place]).collect();
            tied = largest(&of_tied).into_iter().map(|place| tied[place]).collect();
        }
        let place = ties.pick(targets.records.row(row), label, &tied)?;
        let score = margin(&values, place) + GRID * margin(&share, place);
        Some(SourceClaim { party: targets.candidates[place], score })
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

/// The probes that are asked about: a member's own shard, or all that an adversary without one holds.
fn probed(probes: &Probes) -> ArrayView2<'_, f32> {
    let rows = if probes.own > 0 { probes.own } else { probes.labels.len() };
    probes.records.slice_axis(Axis(0), Slice::from(..rows))
}

/// The estimated class shares of each candidate, `[candidates][classes]`; `None` of who answered no probe.
fn estimated_shares(probes: &Probes, view: &AdversaryView<'_>) -> Result<Vec<Option<Vec<f64>>>, AttackError> {
    let observation = view.observe(probed(probes))?;
    let answers = observation.of_parties(&view.targets.candidates).ok_or_else(|| {
        AttackError::Oracle("the answers to the probes lack a candidate that is one for the targets".into())
    })?;
    Ok(answers.into_iter().map(mean_answer).collect())
}

/// The mean of the vectors there are, in class order.
fn mean_answer(answers: &Answers) -> Option<Vec<f64>> {
    let mut mean = vec![0.0; answers.classes()];
    let mut answered = 0_usize;
    for vector in (0..answers.len()).filter_map(|row| answers.row(row)) {
        answered += 1;
        for (sum, value) in mean.iter_mut().zip(vector) {
            *sum += value;
        }
    }
    mean.iter_mut().for_each(|sum| *sum /= answered as f64);
    (answered > 0).then_some(mean)
}
