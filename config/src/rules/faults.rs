//! What must hold of faults: which parties they affect, and in which order.

use turncoat_learn::PartyId;

use super::held::Held;
use crate::fault::Fault;

impl Held<'_, '_, '_> {
    /// Holds the list of faults against how many parties there are, where that is known, and each fault against those before it.
    pub(super) fn faults(&mut self, faults: &[Fault], parties: Option<u32>) {
        for (place, fault) in faults.iter().enumerate() {
            let at = format!("faults.{place}");
            let below = |key: &str| format!("{at}.{}.{key}", fault.name());
            match fault {
                Fault::Partition { parties: cut_off, from, to } => {
                    for (of, party) in cut_off.iter().enumerate() {
                        self.is_party(&below(&format!("parties.{of}")), *party, parties);
                    }
                    if from > to && self.sound(&[&below("from"), &below("to")]) {
                        self.refuse(&below("to"), format!("must not be before `from`, query {from}"));
                    }
                }
                _ => {
                    for party in fault.parties() {
                        self.is_party(&below("party"), party, parties);
                    }
                }
            }
            if !self.sound(&[&at]) {
                continue;
            }
            // Faults that could not be read say nothing of what happened before.
            let before: Vec<&Fault> = (0..place)
                .filter(|before| {
                    let at = format!("faults.{before}");
                    self.broken.present(&at) && !self.is_broken_below(&at, &faults[*before])
                })
                .map(|before| &faults[before])
                .collect();
            if let Some(rule) = out_of_order(&before, fault) {
                // It stands in the list all the same.
                let spot = self.root.deepest(&at).spot;
                self.notes.note(spot, &at, Some(fault.name().into()), rule, None);
            }
        }
    }

    /// Whether any part of a fault is stood in for.
    fn is_broken_below(&self, at: &str, fault: &Fault) -> bool {
        !self.broken.sound(&format!("{at}.{}", fault.name()))
    }
}

/// Why a crash or a restart cannot follow on what happened to the party before it in the list.
fn out_of_order(before: &[&Fault], fault: &Fault) -> Option<String> {
    let of = |who: PartyId| {
        before.iter().rev().find(
            |other| matches!(other, Fault::Crash { party, .. } | Fault::Restart { party, .. } if *party == who),
        )
    };
    match fault {
        Fault::Restart { party, at } => match (of(*party), at) {
            (Some(Fault::Crash { at: crash, .. }), Some(back)) if back <= crash => {
                Some(format!("{party} crashes at query {crash} only: `at` must be after it, or be left out"))
            }
            (Some(Fault::Crash { .. }), _) => None,
            _ => Some(format!("{party} has not crashed yet: put a `crash` of it before")),
        },
        Fault::Crash { party, at } => match of(*party) {
            Some(Fault::Crash { at: crash, .. }) => {
                Some(format!("{party} has crashed at query {crash} already: put a `restart` of it between"))
            }
            Some(Fault::Restart { at: Some(back), .. }) if at < back => {
                Some(format!("{party} is back at query {back} only: `at` must not be before it"))
            }
            Some(Fault::Restart { at: None, .. }) => {
                let last = before.iter().rev().find_map(|other| match other {
                    Fault::Crash { party: who, at } if who == party => Some(*at),
                    _ => None,
                });
                last.filter(|last| at <= last)
                    .map(|last| format!("{party} has crashed at query {last} already: `at` must be after it"))
            }
            _ => None,
        },
        _ => None,
    }
}
