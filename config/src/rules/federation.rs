//! What must hold between the parts of a scenario of a federation.

use serde_json::Value;
use turncoat_attack::Vantage;
use turncoat_learn::PartyId;

use super::held::Held;
use crate::fault::Fault;
use crate::federation::{FederationExport, Scenario};
use crate::settings::{Boundaries, LaunchMode};
use crate::yaml::Value as Written;
use crate::{nearest, yaml};

impl Held<'_, '_, '_> {
    /// Holds a whole scenario against its rules, and completes it by what they decide. `value` is what was read of it.
    pub(super) fn federation(&mut self, scenario: &mut Scenario, value: &Value) {
        let parties = self.sound(&["federation.parties"]).then(|| scenario.parties());
        let federation = &scenario.federation;
        self.each_party_once(
            "federation.commands",
            federation.commands.iter().map(|served| served.party),
            parties,
            |party| format!("{party} has a command already"),
        );
        let at_least = "federation.require.at_least";
        let refused = federation.quorum.refused(parties.unwrap_or(u32::MAX));
        if let Some(rule) = refused.filter(|_| self.sound(&[at_least])) {
            self.refuse(at_least, rule);
        }
        if let Some(boundaries) = &scenario.boundaries {
            self.boundaries(boundaries, scenario.repeats);
        }
        self.adversaries(scenario, parties);
        if let Some(parties) = parties {
            self.enough_parties(scenario, parties);
        }
        let given = value["auxiliary"]["records"].as_u64().map(|records| records as usize);
        let auxiliary = self.auxiliary(scenario, given);
        self.faults(&scenario.faults, parties);
        self.each_party_once(
            "byzantine",
            scenario.byzantine.iter().map(|byzantine| byzantine.party),
            parties,
            |_| "is named already; name each party once".into(),
        );
        self.commands(scenario);
        let bounded =
            scenario.limits.queries_per_client.is_some() || scenario.limits.queries_in_all.is_some();
        if bounded
            && scenario.export.contains(&FederationExport::Vectors)
            && self.sound(&["export", "limits"])
        {
            let rule =
                "asks every party about every record, which no budget of queries (limits) is meant for";
            self.refuse("export", rule);
        }
        scenario.auxiliary.records = auxiliary;
        if let Some(boundaries) = &mut scenario.boundaries {
            boundaries.tidy();
        }
        for fault in &mut scenario.faults {
            if let Fault::Partition { parties, .. } = fault {
                parties.sort_unstable();
                parties.dedup();
            }
        }
    }

    fn boundaries(&mut self, requested: &Boundaries, repeats: u32) {
        if self.sound(&["boundaries.repeat", "repeats"]) && requested.repeat > repeats {
            self.refuse("boundaries.repeat", format!("must be a whole number from 1 to {repeats}"));
        }
        if !self.sound(&["boundaries.features"]) {
            return;
        }
        if requested.features[0] == requested.features[1] {
            return self.refuse("boundaries.features", "must name two different features");
        }
        let Written::Map(entries) = self.root.deepest("boundaries.region").value else { return };
        for (entry, (feature, ends)) in entries.iter().zip(&requested.region) {
            let path = yaml::join("boundaries.region", feature);
            if !requested.features.contains(feature) {
                let near = nearest(feature, requested.features.iter().map(String::as_str));
                let rule = match near {
                    Some(_) => "unknown key".to_owned(),
                    None => format!("unknown key; allowed here: {}", requested.features.join(", ")),
                };
                self.notes.note(entry.spot, &path, None, rule, near);
            } else if ends.is_some_and(|ends| ends.0[0] >= ends.0[1]) && self.sound(&[&path]) {
                self.notes.note(
                    entry.node.spot,
                    &path,
                    Some("a list".into()),
                    "must be two numbers, the lower first",
                    None,
                );
            }
        }
    }

    /// Refuses what a program of somebody else's cannot be asked for: to live in this process, to hand its model to an adversary, to
    /// fail or to send false answers.
    fn commands(&mut self, scenario: &Scenario) {
        let commands = &scenario.federation.commands;
        let Some(first) = commands.first().filter(|_| self.sound(&["federation"])) else { return };
        if scenario.launch.mode == LaunchMode::InProcess && self.sound(&["launch"]) {
            let rule =
                format!("must be processes: {} is a program of its own (federation.commands)", first.party);
            self.refuse("launch.mode", rule);
        }
        let served = |party: PartyId| commands.iter().any(|command| command.party == party);
        for (place, adversary) in scenario.adversaries.iter().enumerate() {
            if let Vantage::Party(party) = adversary.vantage
                && served(party)
                && self.sound(&["adversaries"])
            {
                let rule = format!(
                    "{party} is served by a command, and an adversary needs the model of the party that it is; let another party be \
                     malicious"
                );
                self.refuse(&format!("adversaries.{place}"), rule);
            }
        }
        let reported = "must not name a party that is served by a command: it fails and misbehaves as its own program does";
        let faults = scenario.faults.iter().map(Fault::parties).enumerate();
        let faults = faults.map(|(place, parties)| ("faults", place, parties));
        let byzantine = scenario.byzantine.iter().map(|byzantine| vec![byzantine.party]).enumerate();
        let byzantine = byzantine.map(|(place, parties)| ("byzantine", place, parties));
        for (list, place, parties) in faults.chain(byzantine) {
            if parties.into_iter().any(served) && self.sound(&[&format!("{list}.{place}")]) {
                self.refuse(&format!("{list}.{place}"), reported);
            }
        }
    }
}
