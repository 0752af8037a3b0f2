//! Repeats with Byzantine parties beside the same repeats with all of them honest.

use turncoat_learn::PartyId;
use turncoat_report::result::byzantine::{
    ByzantineFigures, ByzantineParty, Paired, PartyPaired, ResultPaired,
};

use super::service::{accounts, degraded};
use crate::adversary::name_of;
use crate::experiment::repeat::{Honest, Outcome, rows};
use crate::faults::Behaviour;
use crate::scenario::Scenario;

/// `None` where nobody is Byzantine.
pub(super) fn byzantine(scenario: &Scenario, outcomes: &[Outcome]) -> Option<ByzantineFigures> {
    if scenario.byzantine.is_empty() {
        return None;
    }
    let byzantine = scenario.byzantine.iter().map(|byzantine| {
        let (class, by) = match byzantine.behaviour {
            Behaviour::LabelFlip => (None, None),
            Behaviour::Constant { class } => (Some(class), None),
            Behaviour::Amplified { by } => (None, Some(by)),
        };
        ByzantineParty { id: byzantine.party.get(), how: byzantine.behaviour.name().into(), class, by }
    });
    let by_party = PartyId::first(scenario.parties()).map(|id| PartyPaired {
        id: id.get(),
        test_accuracy: paired(
            outcomes,
            |honest| honest.parties[id.index()],
            |byzantine| byzantine.parties[id.index()].test_accuracy,
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
                |byzantine| byzantine.results[place].precision,
            ),
            accuracy: paired(
                outcomes,
                |honest| honest.results[place].accuracy,
                |byzantine| byzantine.results[place].accuracy,
            ),
        }
    });
    Some(ByzantineFigures {
        parties: byzantine.collect(),
        train_accuracy: paired(
            outcomes,
            |honest| honest.train_accuracy,
            |byzantine| byzantine.train_accuracy,
        ),
        test_accuracy: paired(outcomes, |honest| honest.test_accuracy, |byzantine| byzantine.test_accuracy),
        by_party: by_party.collect(),
        results: results.collect(),
        degraded: degraded(accounts(outcomes, true)),
    })
}

/// One figure in the repeats' order.
fn paired(
    outcomes: &[Outcome],
    honest: impl Fn(&Honest) -> Option<f64>,
    with_byzantine: impl Fn(&Outcome) -> Option<f64>,
) -> Paired {
    let of = |outcome: &Outcome| {
        (outcome.honest.as_ref().and_then(|found| honest(found)), with_byzantine(outcome))
    };
    Paired::of(outcomes.iter().map(of))
}
