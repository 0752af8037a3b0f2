//! What one repeat's federation is made of: who takes part, and the files each is handed.
//!
//! A party is handed its shard and its certificate, an adversary its spec and its certificate (or tokens); no file holds what its reader
//! should not see. All lie in a private folder that [`Plan::clean_up`] removes. In one process shards are handed over without a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use turncoat_attack::Vantage;
use turncoat_learn::defence::Defence;
use turncoat_learn::{PartyId, Seed, Shard};
use turncoat_proto::{Deadlines, Disclosure, Identity, Limits, Quorum, Retry, Subject};

use super::contract;
use crate::adversary::{AdversarySpec, InMemory, name_of, role_of, seed_of};
use crate::error::Error;
use crate::faults::PartyFaults;
use crate::scenario::{LaunchMode, Scenario};
use crate::workspace::private_folder;

use super::identities::{Held, Identities};
use super::program::Program;

/// What one pass through a repeat launches its federation from.
#[derive(Debug)]
pub struct LaunchContext<'a> {
    /// The federation, its adversaries and its faults.
    pub scenario: &'a Scenario,
    /// Where the scenario lies, if it is a file.
    pub scenario_dir: Option<&'a Path>,
    /// This program, which the processes run.
    pub executable: PathBuf,
    /// The private folder of the pass.
    pub folder: PathBuf,
    /// Where its processes log.
    pub logs: PathBuf,
    /// Whether nobody but their owner may read the logs.
    pub private_logs: bool,
    /// Number of classes.
    pub classes: usize,
    /// The key of the repeat's random draws.
    pub seed: Seed,
    /// Whether Byzantine parties misbehave in this pass.
    pub with_byzantine: bool,
}

/// A federation to launch.
#[derive(Debug)]
pub struct Plan {
    pub(super) mode: LaunchMode,
    pub(super) executable: PathBuf,
    pub(super) logs: PathBuf,
    /// Whether nobody but their owner may read them.
    pub(super) private_logs: bool,
    pub(super) disclosure: Disclosure,
    pub(super) deadlines: Deadlines,
    pub(super) ready: Duration,
    pub(super) quorum: Quorum,
    /// What stands before the average.
    pub(super) release: Vec<Defence>,
    pub(super) limits: Limits,
    pub(super) retry: Retry,
    /// Whether the operator, as everybody else, waits for one answer before it asks the next question.
    pub(super) one_at_a_time: bool,
    pub(super) operator: Identity,
    pub(super) coordinator: Held,
    pub(super) parties: Vec<PartyPlan>,
    pub(super) adversaries: Vec<AdversaryPlan>,
    folder: PathBuf,
}

/// A party to launch.
#[derive(Clone, Debug)]
pub(super) struct PartyPlan {
    pub(super) id: PartyId,
    pub(super) shard: PathBuf,
    /// What stands in that file, where none is written.
    pub(super) records: Option<Arc<Shard>>,
    pub(super) held: Held,
    /// Where it saves its model, if somebody of its own needs it, or it itself when it comes back.
    pub(super) model: Option<PathBuf>,
    /// Its faults.
    pub(super) faults: Option<FaultsPlan>,
    /// The program that serves it, if it is not this one.
    pub(super) program: Option<Program>,
}

/// The faults of a party, and the file that says so.
#[derive(Clone, Debug)]
pub(super) struct FaultsPlan {
    pub(super) faults: PartyFaults,
    pub(super) file: PathBuf,
}

/// An adversary to launch.
#[derive(Debug)]
pub(super) struct AdversaryPlan {
    pub(super) name: String,
    pub(super) spec: AdversarySpec,
    pub(super) spec_file: PathBuf,
    pub(super) stands: Subject,
    pub(super) held: Held,
    /// Who puts the questions to it.
    pub(super) challenger: Identity,
}

impl Plan {
    /// Writes the files of one pass through a repeat.
    ///
    /// # Errors
    /// [`Error::Output`] when a file cannot be written.
    pub fn new(
        context: LaunchContext<'_>,
        shards: Vec<Shard>,
        auxiliary: Option<Shard>,
    ) -> Result<Self, Error> {
        let LaunchContext { scenario, folder, logs, private_logs, seed, .. } = context;
        let made = private_folder(&folder).map_err(|e| (&folder, e)).and_then(|()| {
            let made = if private_logs { private_folder(&logs) } else { fs::create_dir_all(&logs) };
            made.map_err(|e| (&logs, e))
        });
        made.map_err(|(path, e)| Error::refused("make the folder", path, &e))?;
        let identities = Identities::new(scenario.launch.tls, scenario.parties())?;

        let in_process = scenario.launch.mode == LaunchMode::InProcess;
        let mut parties = Vec::new();
        for (id, shard) in PartyId::first(scenario.parties()).zip(shards) {
            let malicious = scenario.adversaries.iter().any(|entry| entry.vantage == Vantage::Party(id));
            let served = scenario.federation.commands.iter().find(|served| served.party == id);
            let keeps_model = (malicious || scenario.restarts()) && served.is_none();
            let faults =
                PartyFaults::of(id, &scenario.faults, &scenario.byzantine, context.with_byzantine, seed);
            let faults = faults
                .map(|faults| FaultsPlan::write(faults, folder.join(format!("{id}.faults.json"))))
                .transpose()?;
            let file = folder.join(format!("{id}.npz"));
            let party = PartyPlan {
                id,
                records: handed_over(shard, &file, in_process)?,
                shard: file,
                held: identities.party(id, &folder)?,
                model: keeps_model.then(|| folder.join(format!("{id}.model"))),
                faults,
                program: served.map(|served| Program::of(&served.command, context.scenario_dir)),
            };
            parties.push(party);
        }
        let auxiliary_file = auxiliary.is_some().then(|| folder.join("auxiliary.npz"));
        let auxiliary = match (auxiliary, &auxiliary_file) {
            (Some(shard), Some(file)) => handed_over(shard, file, in_process)?,
            _ => None,
        };
        let adversaries = scenario
            .adversaries
            .iter()
            .map(|entry| {
                let own = parties.iter().find(|party| entry.vantage == Vantage::Party(party.id));
                let spec = AdversarySpec {
                    stands: name_of(entry.vantage),
                    parties: scenario.parties(),
                    classes: context.classes,
                    learner: scenario.federation.learner.clone(),
                    disclosure: contract::disclosure(scenario.federation.disclosure).to_string(),
                    release: scenario.federation.release.clone(),
                    attacks: entry.attacks.clone(),
                    shard: own.map(|party| party.shard.clone()),
                    model: own.and_then(|party| party.model.clone()),
                    auxiliary: auxiliary_file.clone(),
                    in_memory: InMemory {
                        shard: own.and_then(|party| party.records.clone()),
                        auxiliary: auxiliary.clone(),
                    },
                    seed: seed_of(entry.vantage, seed).to_string(),
                    behaviour: own.and_then(|party| party.faults.as_ref()?.faults.behaviour()),
                    one_at_a_time: scenario.counts_queries(),
                };
                AdversaryPlan::new(spec, entry.vantage, &identities, &folder)
            })
            .collect::<Result<_, _>>()?;

        let timeouts = &scenario.timeouts;
        Ok(Self {
            mode: scenario.launch.mode,
            executable: context.executable,
            logs,
            private_logs,
            disclosure: contract::disclosure(scenario.federation.disclosure),
            deadlines: Deadlines {
                connect_ms: timeouts.connect_ms,
                join_ms: timeouts.ready_ms,
                fit_ms: timeouts.fit_ms,
                predict_ms: timeouts.predict_ms,
                challenge_ms: timeouts.attack_ms,
                drain_ms: timeouts.drain_ms,
            },
            ready: Duration::from_millis(timeouts.ready_ms),
            quorum: contract::quorum(scenario.federation.quorum),
            release: scenario.federation.release.clone(),
            limits: contract::limits(scenario.limits),
            retry: Retry {
                // A party that nobody starts again is not waited for.
                rejoin_ms: if scenario.restarts() { timeouts.rejoin_ms } else { 0 },
                ..Retry::default()
            },
            one_at_a_time: scenario.counts_queries(),
            operator: identities.operator()?,
            coordinator: identities.coordinator(&folder)?,
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

impl FaultsPlan {
    /// Every party reads its plan from the file, so that it is the same to the last bit wherever the party lives.
    fn write(faults: PartyFaults, file: PathBuf) -> Result<Self, Error> {
        faults.write(&file)?;
        Ok(Self { faults, file })
    }
}

impl AdversaryPlan {
    fn new(
        spec: AdversarySpec,
        vantage: Vantage,
        identities: &Identities,
        folder: &Path,
    ) -> Result<Self, Error> {
        let (name, role) = (format!("adversary-{}", name_of(vantage)), role_of(vantage));
        let (held, challenger) = identities.adversary(role, folder, &name)?;
        let spec_file = folder.join(format!("{name}.json"));
        spec.write(&spec_file)?;
        Ok(Self { name, spec, spec_file, stands: Subject::of(role), held, challenger })
    }
}

/// The shard itself within one process; otherwise it is written to the file.
fn handed_over(shard: Shard, file: &Path, in_process: bool) -> Result<Option<Arc<Shard>>, Error> {
    if in_process {
        return Ok(Some(Arc::new(shard)));
    }
    shard.write(file)?;
    Ok(None)
}
