//! What must hold of adversaries and their attacks: each once, and with somebody to ask about and something to learn from.

use turncoat_attack::{Attack, Question, ShadowFederation, Vantage};

use super::held::Held;
use crate::federation::{Adversary, Scenario};
use crate::yaml::Spot;

/// Shadow federations that are drawn from the targets: a matrix with a row for each is inverted, several times a class.
const MOST_TRANSDUCTIVE: u32 = 1_000;

/// Where the attacks of an adversary stand.
fn attacks_of(place: usize, adversary: &Adversary) -> String {
    let word = match adversary.vantage {
        Vantage::Party(_) => "party",
        Vantage::Aggregator => "aggregator",
        Vantage::Outsider => "outsider",
    };
    format!("adversaries.{place}.{word}.attacks")
}

impl Held<'_, '_, '_> {
    /// Holds every adversary against the others and the federation; `parties` where that is known.
    pub(super) fn adversaries(&mut self, scenario: &Scenario, parties: Option<u32>) {
        let mut before: Vec<(Vantage, Spot)> = Vec::new();
        for (place, adversary) in scenario.adversaries.iter().enumerate() {
            let at = format!("adversaries.{place}");
            let attacks = attacks_of(place, adversary);
            self.ids(
                &attacks,
                adversary.attacks.iter().map(|named| (named.id.clone(), named.attack.name())),
                Attack::NAMES,
            );
            self.transductive(&attacks, adversary);
            let called = match adversary.vantage {
                Vantage::Party(party) => {
                    if !self.is_party(&format!("{at}.party.id"), party, parties) {
                        continue;
                    }
                    party.to_string()
                }
                Vantage::Aggregator => "aggregator".into(),
                Vantage::Outsider => "outsider".into(),
            };
            if !self.broken.present(&at) {
                continue;
            }
            match before.iter().find(|(vantage, _)| *vantage == adversary.vantage) {
                Some((_, first)) => {
                    let rule = match first {
                        Spot::File(line, _) => {
                            format!("there already, on line {line}; name each adversary once")
                        }
                        Spot::Override(_) => "there already; name each adversary once".into(),
                    };
                    self.refuse_as(&at, called, rule);
                }
                None => before.push((adversary.vantage, self.root.deepest(&at).spot)),
            }
        }
    }

    fn transductive(&mut self, attacks: &str, adversary: &Adversary) {
        for (place, named) in adversary.attacks.iter().enumerate() {
            if let Attack::ShadowFederation(ShadowFederation { shadows, transductive: true, .. }) =
                named.attack
                && shadows > MOST_TRANSDUCTIVE
                && self.sound(&[&format!("{attacks}.{place}")])
            {
                let rule = format!(
                    "at most {MOST_TRANSDUCTIVE} with `transductive: true`: what n shadow federations teach takes n^3 steps for each class"
                );
                self.refuse(&format!("{attacks}.{place}.shadow_federation.shadows"), rule);
            }
        }
    }

    /// A question without at least two answers, or without a party to ask about, is not worth asking.
    pub(super) fn enough_parties(&mut self, scenario: &Scenario, parties: u32) {
        for (adversary, place) in scenario.adversaries.iter().zip(0..) {
            if !self.sound(&[&format!("adversaries.{place}.party.id")]) {
                continue;
            }
            let inside = matches!(adversary.vantage, Vantage::Party(_));
            for (attack, of) in adversary.attacks.iter().zip(0..) {
                let (needed, why) = match (attack.attack.question(), inside) {
                    (Question::Source, true) => (3, "whose record it is, among the parties but itself"),
                    (Question::Source, false) => (2, "whose record it is"),
                    (Question::Membership, true) => (2, "about the records of the other parties"),
                    (Question::Membership, false) => (1, ""),
                };
                let at = format!("{}.{of}", attacks_of(place, adversary));
                if parties < needed && self.sound(&[&at]) {
                    let rule = format!("asks {why}: that needs federation.parties of at least {needed}");
                    self.refuse(&at, rule);
                }
            }
        }
    }

    /// How many auxiliary records there are: as many as are asked for; where nothing is said, as many as a party gets on average, if an
    /// adversary without records of its own runs an attack that learns from records; else none.
    pub(super) fn auxiliary(&mut self, scenario: &Scenario, given: Option<usize>) -> usize {
        let mut needed = false;
        for (adversary, place) in scenario.adversaries.iter().zip(0..) {
            for (attack, of) in adversary.attacks.iter().zip(0..) {
                let at = format!("{}.{of}", attacks_of(place, adversary));
                let holds_records = matches!(adversary.vantage, Vantage::Party(_));
                if holds_records
                    || !attack.attack.needs().held.auxiliary(adversary.vantage)
                    || !self.sound(&[&at])
                {
                    continue;
                }
                needed = true;
                if given == Some(0) && self.sound(&["auxiliary"]) {
                    let rule = format!(
                        "learns from records, and the {} holds none: auxiliary.records must be at least 1",
                        if adversary.vantage == Vantage::Aggregator { "aggregator" } else { "outsider" }
                    );
                    self.refuse(&at, rule);
                }
            }
        }
        let partition = &scenario.federation.partition;
        given.unwrap_or(if needed { (partition.records() / partition.parties() as usize).max(1) } else { 0 })
    }
}
