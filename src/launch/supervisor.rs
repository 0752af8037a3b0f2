//! Watches the parties' processes, and starts those again that crash because their scenario says so.
//!
//! Such a crash is no failure: its process is replaced by one that goes on with the saved model, or stays away. Any other end
//! of a process is kept for whoever asks why a call failed.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use turncoat_proto::Deadlines;

use super::child::Supervised;
use super::plan::{PartyPlan, Plan};
use super::processes::party_arguments;
use super::program::Program;
use crate::error::Error;
use crate::faults::CRASHED;
use crate::workspace::private_file;

/// Between two looks at the processes.
const LOOK: Duration = Duration::from_millis(5);

/// How processes of a federation are started.
#[derive(Clone, Debug)]
pub(super) struct Starter {
    executable: PathBuf,
    logs: PathBuf,
    private_logs: bool,
    deadlines: Deadlines,
}

impl Starter {
    pub(super) fn new(plan: &Plan) -> Self {
        let (executable, logs) = (plan.executable.clone(), plan.logs.clone());
        Self { executable, logs, private_logs: plan.private_logs, deadlines: plan.deadlines }
    }

    /// The program of a party.
    pub(super) fn program(&self, party: &PartyPlan) -> Program {
        match &party.program {
            Some(program) => program.guarded(&self.executable),
            None => self.role("party"),
        }
    }

    /// This executable in one of its roles.
    pub(super) fn role(&self, role: &str) -> Program {
        Program::role(&self.executable, role)
    }

    /// Starts a process of this executable, or of another, that logs to a file of the name `log`.
    ///
    /// # Errors
    /// [`Error::Federation`] when the process or its log file cannot be made.
    pub(super) fn start(
        &self,
        program: &Program,
        name: &str,
        log: &str,
        mut arguments: Vec<OsString>,
    ) -> Result<Supervised, Error> {
        arguments.push("--supervised".into());
        for (flag, ms) in [
            ("--connect-timeout-ms", self.deadlines.connect_ms),
            ("--join-timeout-ms", self.deadlines.join_ms),
            ("--fit-timeout-ms", self.deadlines.fit_ms),
            ("--predict-timeout-ms", self.deadlines.predict_ms),
            ("--drain-timeout-ms", self.deadlines.drain_ms),
        ] {
            arguments.extend([flag.into(), ms.to_string().into()]);
        }
        let log = self.logs.join(format!("{log}.log"));
        let file = if self.private_logs { private_file(&log) } else { File::create(&log) };
        let file = file.map_err(|e| Error::refused("write the log file", &log, &e))?;
        Supervised::start(program, name, arguments, log, file)
    }
}

/// The parties' processes. Dropped, they are ended.
#[derive(Debug)]
pub(super) struct Supervisor {
    parties: Arc<Mutex<Vec<Kept>>>,
    /// Runs only where a party comes back.
    watching: Option<JoinHandle<()>>,
}

/// One party.
#[derive(Debug)]
struct Kept {
    plan: PartyPlan,
    process: Supervised,
    restarts: u32,
    /// Why it could not be started again.
    lost: Option<String>,
}

impl Supervisor {
    /// Keeps an eye on these processes, one for each party.
    pub(super) fn watch(
        starter: Starter,
        plans: &[PartyPlan],
        processes: Vec<Supervised>,
        coordinator: &str,
    ) -> Self {
        let kept = plans.iter().zip(processes);
        let kept: Vec<Kept> = kept
            .map(|(plan, process)| Kept { plan: plan.clone(), process, restarts: 0, lost: None })
            .collect();
        let comes_back = kept.iter().any(Kept::comes_back);
        let parties = Arc::new(Mutex::new(kept));
        let watching = comes_back.then(|| {
            let (parties, coordinator) = (Arc::clone(&parties), coordinator.to_owned());
            tokio::spawn(async move {
                loop {
                    for party in locked(&parties).iter_mut() {
                        party.start_again(&starter, &coordinator);
                    }
                    tokio::time::sleep(LOOK).await;
                }
            })
        });
        Self { parties, watching }
    }

    /// The first party that has ended although nobody asked it to and its scenario did not say so, and why.
    pub(super) fn unexpected_end(&self) -> Option<String> {
        locked(&self.parties).iter_mut().find_map(Kept::unexpected_end)
    }

    /// The processes, which are not started again from now on.
    pub(super) fn take(self) -> Vec<Supervised> {
        if let Some(watching) = &self.watching {
            watching.abort();
        }
        std::mem::take(&mut *locked(&self.parties)).into_iter().map(|party| party.process).collect()
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        if let Some(watching) = &self.watching {
            watching.abort();
        }
    }
}

impl Kept {
    fn comes_back(&self) -> bool {
        self.plan.faults.as_ref().is_some_and(|plan| plan.faults.comes_back_after(self.restarts))
    }

    /// Restarts a party that has crashed as planned.
    fn start_again(&mut self, starter: &Starter, coordinator: &str) {
        if self.lost.is_some() || !self.comes_back() || self.process.exit_code() != Some(CRASHED) {
            return;
        }
        let next = self.restarts + 1;
        let name = self.plan.id.to_string();
        let log = format!("{name}-{next}");
        let arguments = party_arguments(&self.plan, coordinator, next);
        match starter.start(&starter.program(&self.plan), &name, &log, arguments) {
            Ok(process) => {
                tracing::debug!(party = %name, restarts = next, "started again");
                (self.process, self.restarts) = (process, next);
            }
            Err(error) => self.lost = Some(error.to_string()),
        }
    }

    fn unexpected_end(&mut self) -> Option<String> {
        if let Some(reason) = &self.lost {
            return Some(reason.clone());
        }
        let may_end = self.plan.faults.as_ref().is_some_and(|plan| plan.faults.may_end(self.restarts));
        if may_end && self.process.exit_code() == Some(CRASHED) {
            return None;
        }
        self.process.unexpected_end()
    }
}

fn locked(parties: &Mutex<Vec<Kept>>) -> MutexGuard<'_, Vec<Kept>> {
    // A process is replaced in one assignment, so the list is whole even if a thread died holding it.
    parties.lock().unwrap_or_else(PoisonError::into_inner)
}
