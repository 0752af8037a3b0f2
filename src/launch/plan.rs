//! What one repeat's federation is made of: who takes part, and the files each is handed.
//!
//! A party is handed its shard and its tokens, an adversary its brief and its tokens; no file holds what its reader
//! should not see. All lie in a private folder that [`Plan::clean_up`] removes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use turncoat_attack::Vantage;
use turncoat_learn::{PartyId, Seed, Shard};
use turncoat_proto::{Credentials, Deadlines, Disclosure};

use crate::adversary::{Brief, name_of, role_of, seed_of};
use crate::error::Error;
use crate::experiment::Experiment;
use crate::scenario::LaunchMode;

/// A federation to launch.
#[derive(Debug)]
pub struct Plan {
    pub(super) mode: LaunchMode,
    pub(super) executable: PathBuf,
    pub(super) logs: PathBuf,
    pub(super) disclosure: Disclosure,
    pub(super) deadlines: Deadlines,
    pub(super) ready: Duration,
    pub(super) credentials: Credentials,
    pub(super) coordinator_credentials: PathBuf,
    pub(super) parties: Vec<PartyPlan>,
    pub(super) adversaries: Vec<AdversaryPlan>,
    folder: PathBuf,
}

/// A party to launch.
#[derive(Debug)]
pub(super) struct PartyPlan {
    pub(super) id: PartyId,
    pub(super) shard: PathBuf,
    pub(super) credentials: PathBuf,
    /// Where it saves its model, if somebody of its own needs it.
    pub(super) model: Option<PathBuf>,
}

/// An adversary to launch.
#[derive(Debug)]
pub(super) struct AdversaryPlan {
    pub(super) name: String,
    pub(super) brief: Brief,
    pub(super) brief_file: PathBuf,
    pub(super) held: Credentials,
    pub(super) credentials: PathBuf,
}

impl Plan {
    /// Writes the files of a repeat.
    ///
    /// # Errors
    /// [`Error::Output`] when a file cannot be written.
    pub fn new(
        experiment: &Experiment,
        number: u32,
        seed: Seed,
        shards: Vec<Shard>,
        auxiliary: Option<Shard>,
    ) -> Result<Self, Error> {
        let scenario = experiment.scenario();
        let (folder, logs) = (experiment.workspace(number), experiment.logs(number));
        for path in [&folder, &logs] {
            fs::create_dir_all(path)
                .map_err(|e| Error::Output(format!("cannot make the folder {}: {e}", path.display())))?;
        }
        let credentials =
            Credentials::generate(scenario.parties()).map_err(|e| Error::Output(e.to_string()))?;
        let coordinator_credentials = folder.join("coordinator.credentials");
        save(&credentials.for_coordinator(), &coordinator_credentials)?;

        let mut parties = Vec::new();
        for (id, shard) in PartyId::first(scenario.parties()).zip(&shards) {
            let malicious = scenario.adversaries.iter().any(|entry| entry.vantage == Vantage::Party(id));
            let party = PartyPlan {
                id,
                shard: folder.join(format!("{id}.npz")),
                credentials: folder.join(format!("{id}.credentials")),
                model: malicious.then(|| folder.join(format!("{id}.model"))),
            };
            write_shard(shard, &party.shard)?;
            save(&credentials.for_party(id), &party.credentials)?;
            parties.push(party);
        }
        let auxiliary_file = folder.join("auxiliary.npz");
        if let Some(shard) = &auxiliary {
            write_shard(shard, &auxiliary_file)?;
        }
        let auxiliary = auxiliary.map(|_| auxiliary_file);
        let adversaries = scenario
            .adversaries
            .iter()
            .map(|entry| {
                let own = parties.iter().find(|party| entry.vantage == Vantage::Party(party.id));
                let brief = Brief {
                    stands: name_of(entry.vantage),
                    parties: scenario.parties(),
                    classes: experiment.data().classes(),
                    learner: scenario.federation.learner.clone(),
                    disclosure: scenario.federation.disclosure.to_string(),
                    attacks: entry.attacks.clone(),
                    shard: own.map(|party| party.shard.clone()),
                    model: own.and_then(|party| party.model.clone()),
                    auxiliary: auxiliary.clone(),
                    seed: seed_of(entry.vantage, seed).to_string(),
                };
                AdversaryPlan::new(brief, entry.vantage, &credentials, &folder)
            })
            .collect::<Result<_, _>>()?;

        let timeouts = &scenario.timeouts;
        Ok(Self {
            mode: scenario.launch.mode,
            executable: experiment.executable(),
            logs,
            disclosure: scenario.federation.disclosure,
            deadlines: Deadlines {
                connect_ms: timeouts.connect_ms,
                join_ms: timeouts.ready_ms,
                fit_ms: timeouts.fit_ms,
                predict_ms: timeouts.predict_ms,
                challenge_ms: timeouts.attack_ms,
                drain_ms: timeouts.drain_ms,
            },
            ready: Duration::from_millis(timeouts.ready_ms),
            credentials,
            coordinator_credentials,
            parties,
            adversaries,
            folder,
        })
    }

    /// Removes the repeat's files but its logs.
    pub fn clean_up(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl AdversaryPlan {
    fn new(brief: Brief, vantage: Vantage, all: &Credentials, folder: &Path) -> Result<Self, Error> {
        let name = format!("adversary-{}", name_of(vantage));
        let held = all.for_adversary(role_of(vantage)).map_err(|e| Error::Output(e.to_string()))?;
        let plan = Self {
            brief_file: folder.join(format!("{name}.json")),
            credentials: folder.join(format!("{name}.credentials")),
            name,
            brief,
            held,
        };
        plan.brief.write(&plan.brief_file)?;
        save(&plan.held, &plan.credentials)?;
        Ok(plan)
    }
}

fn save(credentials: &Credentials, path: &Path) -> Result<(), Error> {
    credentials.save(path).map_err(|e| Error::Output(e.to_string()))
}

fn write_shard(shard: &Shard, path: &Path) -> Result<(), Error> {
    shard.write(path).map_err(|e| Error::Output(e.to_string()))
}
