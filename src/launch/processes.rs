//! A federation of operating-system processes, on free loopback ports: of this same executable, but for parties that a scenario
//! has commands for.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use futures::future::{join_all, try_join_all};
use turncoat_net::{Address, Dialer};

use super::child::Supervised;
use super::federation::{Launched, Members};
use super::plan::{PartyPlan, Plan};
use super::supervisor::{Starter, Supervisor};
use crate::error::Error;

/// The processes of a federation: the coordinator, the adversaries, and the parties, some of which may end and come back.
#[derive(Debug)]
pub(super) struct Processes {
    coordinator: Supervised,
    adversaries: Vec<Supervised>,
    parties: Supervisor,
    drain: Duration,
}

impl Processes {
    /// Starts the coordinator, then everybody else at the same time, and waits until all can be called.
    pub(super) async fn launch(plan: &Plan) -> Result<Launched, Error> {
        let starter = Starter::new(plan);
        let hub = starter.role("coordinator");
        let mut coordinator =
            starter.start(&hub, "coordinator", "coordinator", coordinator_arguments(plan))?;
        let coordinator_address = coordinator.ready(plan.ready).await?;
        let mut parties = Vec::new();
        for party in &plan.parties {
            let name = party.id.to_string();
            let arguments = party_arguments(party, &coordinator_address, 0);
            parties.push(starter.start(&starter.program(party), &name, &name, arguments)?);
        }
        let mut adversaries = Vec::new();
        for adversary in &plan.adversaries {
            let mut arguments = words(&["--coordinator", &coordinator_address]);
            push_file(&mut arguments, "--spec", &adversary.spec_file);
            arguments.extend(adversary.held.arguments());
            let program = starter.role("adversary");
            adversaries.push(starter.start(&program, &adversary.name, &adversary.name, arguments)?);
        }
        let others = parties.iter_mut().chain(&mut adversaries);
        let others = try_join_all(others.map(|child| child.ready(plan.ready))).await?;
        let address = |text: &str| -> Result<Address, Error> {
            text.parse().map_err(|e| Error::Bug(format!("a process said where it listens, but {e}")))
        };
        let addresses =
            others[plan.parties.len()..].iter().map(|text| address(text)).collect::<Result<_, _>>()?;
        Ok(Launched {
            dialer: Dialer::tcp(),
            coordinator: address(&coordinator_address)?,
            adversaries: addresses,
            members: Members::Processes(Box::new(Self {
                coordinator,
                adversaries,
                parties: Supervisor::watch(starter, &plan.parties, parties, &coordinator_address),
                drain: Duration::from_millis(plan.deadlines.drain_ms),
            })),
        })
    }

    /// The first member that has ended although nobody asked it to, and why.
    pub(super) fn unexpected_end(&mut self) -> Option<String> {
        self.coordinator
            .unexpected_end()
            .or_else(|| self.parties.unexpected_end())
            .or_else(|| self.adversaries.iter_mut().find_map(Supervised::unexpected_end))
    }

    /// Parties and adversaries first, then the coordinator, so that nobody calls into the void.
    pub(super) async fn stop(self) {
        let others = self.parties.take().into_iter().chain(self.adversaries);
        join_all(others.map(|child| child.stop(self.drain))).await;
        self.coordinator.stop(self.drain).await;
    }
}

/// How a party that was restarted so often is started.
pub(super) fn party_arguments(party: &PartyPlan, coordinator: &str, restarts: u32) -> Vec<OsString> {
    let mut arguments = words(&["--id", &party.id.get().to_string(), "--coordinator", coordinator]);
    push_file(&mut arguments, "--shard", &party.shard);
    arguments.extend(party.held.arguments());
    if let Some(model) = &party.model {
        push_file(&mut arguments, "--save-model", model);
        if restarts > 0 {
            push_file(&mut arguments, "--resume", model);
        }
    }
    if let Some(faults) = &party.faults {
        push_file(&mut arguments, "--faults", &faults.file);
        arguments.extend(words(&["--restarts", &restarts.to_string()]));
    }
    arguments
}

fn coordinator_arguments(plan: &Plan) -> Vec<OsString> {
    let (limits, retry) = (&plan.limits, &plan.retry);
    let mut arguments = words(&["--parties", &plan.parties.len().to_string()]);
    arguments.extend(words(&["--disclosure", &plan.disclosure.to_string()]));
    arguments.extend(words(&["--require", &plan.quorum.to_string()]));
    if !plan.release.is_empty() {
        let list = serde_json::to_string(&plan.release).expect("parameters are numbers and words");
        arguments.extend(words(&["--release", &list]));
    }
    for (flag, bound) in [
        ("--queries-per-client", limits.queries_per_client),
        ("--queries-in-all", limits.queries_in_all),
        ("--records-per-call", limits.records_per_call.map(u64::from)),
        ("--message-bytes", Some(limits.message_bytes)),
        ("--concurrent-calls", Some(limits.concurrent_calls.into())),
        ("--keep-alive-ms", Some(limits.keep_alive_ms)),
        ("--request-ms", Some(limits.request_ms)),
        ("--stalled-ms", Some(limits.stalled_ms)),
        ("--rejoin-ms", Some(retry.rejoin_ms)),
    ] {
        if let Some(bound) = bound {
            arguments.extend(words(&[flag, &bound.to_string()]));
        }
    }
    arguments.extend(plan.coordinator.arguments());
    arguments
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn push_file(arguments: &mut Vec<OsString>, flag: &str, file: &Path) {
    arguments.push(flag.into());
    arguments.push(file.into());
}
