//! Repeats with lies beside the same repeats without.

use turncoat_learn::PartyId;
use turncoat_report::result::byzantine::{ByzantineFigures, Liar, Paired, PartyPaired, ResultPaired};

use super::service::{accounts, degraded};
use crate::adversary::name_of;
use crate::experiment::repeat::{Honest, Outcome, rows};
use crate::faults::Lie;
use crate::scenario::Scenario;

/// `None` where nobody lies.
pub(super) fn byzantine(scenario: &Scenario, outcomes: &[Outcome]) -> Option<ByzantineFigures> {
    if scenario.byzantine.is_empty() {
        return None;
    }
    let liars = scenario.byzantine.iter().map(|liar| {
        let (class, by) = match liar.lie {
            Lie::LabelFlip => (None, None),
            Lie::Constant { class } => (Some(class), None),
            Lie::Amplified { by } => (None, Some(by)),
        };
        Liar { id: liar.party.get(), how: liar.lie.name().into(), class, by }
    });
    let by_party = PartyId::first(scenario.parties()).map(|id| PartyPaired {
        id: id.get(),
        test_accuracy: paired(
            outcomes,
            |honest| honest.parties[id.index()],
            |lying| lying.parties[id.index()].test_accuracy,
        ),
    });
    let results = rows(scenario).into_iter().enumerate().map(|(place, row)| {
        let adversary = &scenario.adversaries[row.adversary];
        let named = &adversary.attacks[row.attack];
        ResultPaired {
            adversary: name_of(adversary.vantage),
            question: named.attack.question().name().into(),
            id: Some(named.id.clone()),
            attack: named.attack.name().into(),
            non_members: row.draw().map(String::from),
            precision: paired(
                outcomes,
                |honest| honest.results[place].precision,
                |lying| lying.results[place].precision,
            ),
            accuracy: paired(
                outcomes,
                |honest| honest.results[place].accuracy,
                |lying| lying.results[place].accuracy,
            ),
        }
    });
    Some(ByzantineFigures {
        parties: liars.collect(),
        train_accuracy: paired(outcomes, |honest| honest.train_accuracy, |lying| lying.train_accuracy),
        test_accuracy: paired(outcomes, |honest| honest.test_accuracy, |lying| lying.test_accuracy),
        by_party: by_party.collect(),
        results: results.collect(),
        degraded: degraded(accounts(outcomes, true)),
    })
}

/// One figure in the repeats' order.
fn paired(
    outcomes: &[Outcome],
    honest: impl Fn(&Honest) -> Option<f64>,
    lying: impl Fn(&Outcome) -> Option<f64>,
) -> Paired {
    let of = |outcome: &Outcome| (outcome.honest.as_ref().and_then(|found| honest(found)), lying(outcome));
    Paired::of(outcomes.iter().map(of))
}
