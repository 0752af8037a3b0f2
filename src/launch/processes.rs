//! A federation of operating-system processes of this same executable, on free loopback ports.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use futures::future::{join_all, try_join_all};
use turncoat_proto::{Address, Dialer};

use super::child::Supervised;
use super::federation::{Launched, Members};
use super::plan::Plan;
use crate::error::Error;

/// The processes of a federation: the coordinator first, then the parties, then the adversaries.
#[derive(Debug)]
pub(super) struct Processes {
    children: Vec<Supervised>,
    drain: Duration,
}

impl Processes {
    /// Starts the coordinator, then everybody else at the same time, and waits until all can be called.
    pub(super) async fn launch(plan: &Plan) -> Result<Launched, Error> {
        let mut coordinator = start(plan, "coordinator", coordinator_arguments(plan))?;
        let coordinator_address = coordinator.ready(plan.ready).await?;
        let mut children = vec![coordinator];
        for party in &plan.parties {
            let mut arguments = words(&["party", "--id", &party.id.get().to_string()]);
            arguments.extend(words(&["--coordinator", &coordinator_address]));
            push_file(&mut arguments, "--shard", &party.shard);
            arguments.extend(party.held.arguments());
            if let Some(model) = &party.model {
                push_file(&mut arguments, "--save-model", model);
            }
            children.push(start(plan, &party.id.to_string(), arguments)?);
        }
        for adversary in &plan.adversaries {
            let mut arguments = words(&["adversary", "--coordinator", &coordinator_address]);
            push_file(&mut arguments, "--brief", &adversary.brief_file);
            arguments.extend(adversary.held.arguments());
            children.push(start(plan, &adversary.name, arguments)?);
        }
        let others = try_join_all(children.iter_mut().skip(1).map(|child| child.ready(plan.ready))).await?;
        let address = |text: &str| -> Result<Address, Error> {
            text.parse().map_err(|e| Error::Bug(format!("a process said where it listens, but {e}")))
        };
        let adversaries =
            others[plan.parties.len()..].iter().map(|text| address(text)).collect::<Result<_, _>>()?;
        Ok(Launched {
            dialer: Dialer::tcp(),
            coordinator: address(&coordinator_address)?,
            adversaries,
            members: Members::Processes(Self {
                children,
                drain: Duration::from_millis(plan.deadlines.drain_ms),
            }),
        })
    }

    /// The first member that has ended although nobody asked it to, and why.
    pub(super) fn unexpected_end(&mut self) -> Option<String> {
        self.children.iter_mut().find_map(Supervised::unexpected_end)
    }

    /// Parties and adversaries first, then the coordinator, so that nobody calls into the void.
    pub(super) async fn stop(mut self) {
        let others = self.children.split_off(1);
        join_all(others.into_iter().map(|child| child.stop(self.drain))).await;
        join_all(self.children.into_iter().map(|child| child.stop(self.drain))).await;
    }
}

fn coordinator_arguments(plan: &Plan) -> Vec<OsString> {
    let parties = plan.parties.len().to_string();
    let mut arguments =
        words(&["coordinator", "--parties", &parties, "--disclosure", &plan.disclosure.to_string()]);
    arguments.extend(plan.coordinator.arguments());
    arguments
}

fn start(plan: &Plan, name: &str, mut arguments: Vec<OsString>) -> Result<Supervised, Error> {
    let deadlines = &plan.deadlines;
    arguments.push("--supervised".into());
    for (flag, ms) in [
        ("--connect-timeout-ms", deadlines.connect_ms),
        ("--join-timeout-ms", deadlines.join_ms),
        ("--fit-timeout-ms", deadlines.fit_ms),
        ("--predict-timeout-ms", deadlines.predict_ms),
        ("--drain-timeout-ms", deadlines.drain_ms),
    ] {
        arguments.extend(words(&[flag, &ms.to_string()]));
    }
    Supervised::start(&plan.executable, name, arguments, plan.logs.join(format!("{name}.log")))
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn push_file(arguments: &mut Vec<OsString>, flag: &str, file: &Path) {
    arguments.push(flag.into());
    arguments.push(file.into());
}
