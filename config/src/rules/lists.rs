//! Lists in which nothing may stand twice.

use turncoat_learn::{Learner, PartyId};

use super::held::Held;

impl Held<'_, '_, '_> {
    /// Holds the ids of attacks against each other and against the names of others. `attacks` are ids and names, at key paths below
    /// `path`.
    pub(super) fn ids(
        &mut self,
        path: &str,
        attacks: impl Iterator<Item = (String, &'static str)>,
        names: &[&str],
    ) {
        let mut before: Vec<String> = Vec::new();
        for (place, (id, name)) in attacks.enumerate() {
            let at = format!("{path}.{place}");
            if !self.sound(&[&at]) {
                continue;
            }
            if id != name && names.contains(&id.as_str()) {
                self.refuse(&format!("{at}.{name}.id"), "is the name of another attack");
            } else if before.contains(&id) {
                let rule =
                    "an attack of this id is there already; keep one, or give this one an `id` of its own";
                self.refuse_as(&at, id.clone(), rule);
            }
            before.push(id);
        }
    }

    /// Refuses a kind of learner that is there already: reports tell learners apart by their kind.
    pub(super) fn kinds(&mut self, path: &str, names: impl Iterator<Item = String>) {
        let mut before: Vec<String> = Vec::new();
        for (place, name) in names.enumerate() {
            let at = format!("{path}.{place}");
            if !self.sound(&[&at]) {
                continue;
            }
            if before.contains(&name) {
                let rule = "there already: results tell learners apart by their kind; give each variant a run of its own";
                self.refuse_as(&at, name.clone(), rule);
            }
            before.push(name);
        }
    }

    /// As [`kinds`](Self::kinds), of learners alone.
    pub(super) fn learners(&mut self, path: &str, learners: &[Learner]) {
        self.kinds(path, learners.iter().map(|learner| learner.name().to_owned()));
    }

    /// Holds entries that are each about one party against how many there are, and refuses one about a party that has its entry.
    pub(super) fn each_party_once(
        &mut self,
        path: &str,
        entries: impl Iterator<Item = PartyId>,
        parties: Option<u32>,
        twice: impl Fn(PartyId) -> String,
    ) {
        let mut before: Vec<PartyId> = Vec::new();
        for (place, party) in entries.enumerate() {
            let at = format!("{path}.{place}");
            if self.is_party(&format!("{at}.party"), party, parties) && self.sound(&[&at]) {
                if before.contains(&party) {
                    self.refuse_as(&at, party.to_string(), twice(party));
                } else {
                    before.push(party);
                }
            }
        }
    }
}
