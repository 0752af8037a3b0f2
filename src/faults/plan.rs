//! The faults of one party in one repeat: the file that its process is handed, and nothing of anybody else's.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use turncoat_learn::{PartyId, Seed};

use crate::error::Error;
use crate::workspace::write_private;
use turncoat_config::fault::Behaviour;
use turncoat_config::fault::{Byzantine, Corruption, Fault};

/// One party's share of a scenario's faults and Byzantine parties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyFaults {
    /// The key of its draws: of the scenario's seed, the repeat and the party.
    pub(super) seed: String,
    /// Its crashes, in order: at most one is ahead, that of the number of restarts.
    pub(super) crashes: Vec<Crash>,
    /// Its other faults, in the order of the scenario.
    pub(super) troubles: Vec<Trouble>,
    /// What it says instead of its model's answers.
    pub(super) behaviour: Option<Behaviour>,
}

/// An end, and what comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Crash {
    /// The query that it does not live to answer.
    pub(super) at: u64,
    /// Whether it is started again.
    pub(super) restart: Option<Restart>,
}

/// A return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Restart {
    /// The first query that is answered again; `None` for at once.
    pub(super) at: Option<u64>,
}

/// Faults of single calls.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Trouble {
    /// Its place among the scenario's faults, a part of the key of its draws.
    pub(super) place: u64,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Delay { ms: u64, fraction: f64 },
    Drop { fraction: f64 },
    Corrupt { how: Corruption, fraction: f64 },
    Partition { from: u64, to: u64 },
}

impl PartyFaults {
    /// The faults of this party in the repeat of that seed; `None` for none. `with_byzantine` says whether Byzantine
    /// parties misbehave.
    #[must_use]
    pub fn of(
        party: PartyId,
        faults: &[Fault],
        byzantine: &[Byzantine],
        with_byzantine: bool,
        repeat: Seed,
    ) -> Option<Self> {
        let behaviour = byzantine
            .iter()
            .find(|byzantine| with_byzantine && byzantine.party == party)
            .map(|byzantine| byzantine.behaviour);
        let (mut crashes, mut troubles) = (Vec::<Crash>::new(), Vec::new());
        for (place, fault) in faults.iter().enumerate() {
            let what = match fault {
                Fault::Crash { party: who, at } if *who == party => {
                    crashes.push(Crash { at: *at, restart: None });
                    continue;
                }
                Fault::Restart { party: who, at } if *who == party => {
                    if let Some(crash) = crashes.last_mut() {
                        crash.restart = Some(Restart { at: *at });
                    }
                    continue;
                }
                Fault::Delay { party: who, ms, fraction } if *who == party => {
                    What::Delay { ms: *ms, fraction: *fraction }
                }
                Fault::Drop { party: who, fraction } if *who == party => What::Drop { fraction: *fraction },
                Fault::Corrupt { party: who, how, fraction } if *who == party => {
                    What::Corrupt { how: *how, fraction: *fraction }
                }
                Fault::Partition { parties, from, to } if parties.contains(&party) => {
                    What::Partition { from: *from, to: *to }
                }
                _ => continue,
            };
            troubles.push(Trouble { place: place as u64, what });
        }
        let seed = repeat.child("faults", u64::from(party.get())).to_string();
        let nothing = crashes.is_empty() && troubles.is_empty() && behaviour.is_none();
        (!nothing).then_some(Self { seed, crashes, troubles, behaviour })
    }

    /// What it says instead of its model's answers.
    #[must_use]
    pub fn behaviour(&self) -> Option<Behaviour> {
        self.behaviour
    }

    /// Whether a party that was restarted so often ends by itself and is to be restarted.
    #[must_use]
    pub fn comes_back_after(&self, restarts: u32) -> bool {
        self.crashes.get(restarts as usize).is_some_and(|crash| crash.restart.is_some())
    }

    /// Whether a party that was restarted so often may end by itself.
    #[must_use]
    pub fn may_end(&self, restarts: u32) -> bool {
        self.crashes.len() > restarts as usize
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// [`Error::Usage`] naming the file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Usage(format!("the faults {}: {reason}", path.display()));
        let text = fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
        let plan: Self = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        plan.key().map_err(wrong)?;
        Ok(plan)
    }

    /// Writes a plan.
    ///
    /// # Errors
    /// [`Error::Environment`] naming the file.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::Bug(format!("{} cannot be written down: {e}", path.display())))?;
        write_private(path, &text)
    }

    /// The key of all draws.
    pub(super) fn key(&self) -> Result<Seed, String> {
        self.seed.parse().map_err(|e| format!("seed: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(number: u32) -> PartyId {
        PartyId::new(number).unwrap()
    }

    #[test]
    fn each_party_is_handed_its_own_share() {
        let faults = [
            Fault::Crash { party: party(2), at: 5 },
            Fault::Delay { party: party(1), ms: 3, fraction: 0.1 },
            Fault::Restart { party: party(2), at: None },
            Fault::Partition { parties: vec![party(1), party(2)], from: 3, to: 4 },
            Fault::Crash { party: party(2), at: 9 },
        ];
        let byzantine = [Byzantine { party: party(3), behaviour: Behaviour::LabelFlip }];
        let of = |number, too| PartyFaults::of(party(number), &faults, &byzantine, too, Seed::root(1));
        let second = of(2, true).unwrap();
        assert_eq!(
            second.crashes,
            [Crash { at: 5, restart: Some(Restart { at: None }) }, Crash { at: 9, restart: None }]
        );
        assert_eq!(second.troubles, [Trouble { place: 3, what: What::Partition { from: 3, to: 4 } }]);
        assert!(second.comes_back_after(0) && !second.comes_back_after(1));
        assert!(second.may_end(1) && !second.may_end(2));
        assert_eq!(of(1, true).unwrap().troubles[0].place, 1);
        assert_eq!(of(3, true).unwrap().behaviour, Some(Behaviour::LabelFlip));
        assert_eq!(of(3, false), None);
        assert_eq!(of(4, true), None);
    }

    #[test]
    fn a_plan_survives_its_file_and_a_wrong_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("faults.json");
        let faults = [
            Fault::Crash { party: party(1), at: 5 },
            Fault::Restart { party: party(1), at: Some(8) },
            Fault::Drop { party: party(1), fraction: 0.01 },
            Fault::Corrupt { party: party(1), how: Corruption::WrongLength, fraction: 1.0 },
        ];
        let byzantine = [Byzantine { party: party(1), behaviour: Behaviour::Amplified { by: 4.0 } }];
        let plan = PartyFaults::of(party(1), &faults, &byzantine, true, Seed::root(1)).unwrap();
        plan.write(&path).unwrap();
        assert_eq!(PartyFaults::read(&path).unwrap(), plan);
        fs::write(&path, "{\"seed\": \"x\", \"crashes\": [], \"troubles\": [], \"behaviour\": null}")
            .unwrap();
        assert!(PartyFaults::read(&path).unwrap_err().to_string().contains("64 hexadecimal digits"));
    }
}
