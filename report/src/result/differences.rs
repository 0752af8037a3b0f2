//! Paired differences: what an attack has over its prior-only baseline, and an insider over an outsider, repeat by repeat.
//!
//! They share their repeats (the same partition, the same records), so a difference varies less than either figure, and its interval
//! says what two intervals beside each other cannot. The outsider's counterpart of an insider's attack is the outsider's attack of
//! the same id, so that the difference is what the vantage is worth. Where the outsider does not run it, the counterpart is the
//! most accurate one of its attacks, chosen crosswise: in the odd repeats that which is best in the even ones, and the reverse, so
//! that nothing is chosen on the repeat that it is held against. Both are asked about the same candidates and draw of non-members,
//! or there is no counterpart.

use serde::{Deserialize, Serialize};
use turncoat_attack::Summary;

use super::attack::{PriorOnly, ResultFigures};

/// Differences of one result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Differences {
    /// What was subtracted: the outsider's attack or attacks; absent for the prior-only baseline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attacks: Vec<String>,
    /// Of the accuracies.
    pub accuracy: Summary,
    /// Of the precisions.
    pub precision: Summary,
}

impl Differences {
    /// Over the prior-only baseline.
    #[must_use]
    pub fn over_prior(accuracy: &Summary, precision: &Summary, prior: &PriorOnly) -> Self {
        Self {
            attacks: Vec::new(),
            accuracy: accuracy.less(&prior.accuracy),
            precision: precision.less(&prior.precision),
        }
    }

    /// Of each result over its outsider's counterpart, in their order.
    #[must_use]
    pub fn over_outsider(results: &[ResultFigures]) -> Vec<Option<Self>> {
        results.iter().map(|result| over_outsider(result, results)).collect()
    }
}

fn over_outsider(insider: &ResultFigures, results: &[ResultFigures]) -> Option<Differences> {
    if insider.is_of("outsider") {
        return None;
    }
    let same = |result: &&ResultFigures| {
        (&result.question, &result.non_members, &result.candidates)
            == (&insider.question, &insider.non_members, &insider.candidates)
    };
    let outsiders: Vec<&ResultFigures> =
        results.iter().filter(|result| result.is_of("outsider") && same(result)).collect();
    let same = outsiders.iter().find(|result| result.id() == insider.id());
    let [of_even, of_odd] = match same {
        Some(same) => [*same, *same],
        None => [best_of(&outsiders, 1)?, best_of(&outsiders, 0)?],
    };
    let counterpart = |figure: fn(&ResultFigures) -> &Summary| {
        let figures = [of_even, of_odd].map(|result| &figure(result).by_repeat);
        let repeats = figures[0].len();
        figure(insider).less(&Summary::new(
            (0..repeats).map(|repeat| figures[repeat % 2].get(repeat).copied().flatten()).collect(),
        ))
    };
    let mut attacks = vec![of_even.id().to_owned(), of_odd.id().to_owned()];
    attacks.dedup();
    Some(Differences {
        attacks,
        accuracy: counterpart(|result| &result.accuracy),
        precision: counterpart(|result| &result.precision),
    })
}

/// The most accurate over every other repeat from the given one on, of equals the first.
fn best_of<'a>(results: &[&'a ResultFigures], from: usize) -> Option<&'a ResultFigures> {
    let mean = |result: &ResultFigures| {
        Summary::new(result.accuracy.by_repeat.iter().skip(from).step_by(2).copied().collect()).mean
    };
    let ranked = results.iter().map(|&result| (result, mean(result)));
    ranked.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(result, _)| result)
}

#[cfg(test)]
mod tests;
