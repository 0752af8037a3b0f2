//! `turncoat guard`, started by `run` around a program that a scenario names: it ends the program, and whatever that has started, once
//! whoever started the guard is gone. A program of ours sees to that itself; one of others may not notice, or may leave children.

use std::os::unix::process::{ExitStatusExt, parent_id};
use std::process::{Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Signal, getpid, kill_process};

use crate::cli::GuardArgs;
use crate::error::Error;
use crate::leftovers::kill_group;

/// Between two looks at the program and at the parent.
const LOOK: Duration = Duration::from_millis(25);
/// How long a program may take to see that its standard input has closed.
const ORDERLY: Duration = Duration::from_millis(500);

pub(super) fn guard(args: &GuardArgs) -> Result<(), Error> {
    let parent = parent_id();
    let (program, arguments) =
        args.command.split_first().expect("the command line asks for one word at least");
    // In the group of this process, which is led by it.
    let failed = |e| Error::Federation(format!("cannot start {}: {e}", program.display()));
    let mut program = Command::new(program).args(arguments).spawn().map_err(failed)?;
    let mut orphaned: Option<Instant> = None;
    loop {
        let ended = program.try_wait().map_err(failed)?;
        // Looked at after the program: one that ends because the parent has died leaves its children to be ended here.
        if orphaned.is_none() && parent_id() != parent {
            orphaned = Some(Instant::now());
        }
        if let Some(status) = ended {
            if orphaned.is_some() {
                kill_group(std::process::id());
            }
            end_alike(status);
        }
        if orphaned.is_some_and(|since| since.elapsed() > ORDERLY) {
            kill_group(std::process::id());
        }
        sleep(LOOK);
    }
}

/// Ends as the program did, so that whoever waits for the guard sees what became of the program.
fn end_alike(status: ExitStatus) -> ! {
    if let Some(signal) = status.signal().and_then(Signal::from_named_raw) {
        let _ = kill_process(getpid(), signal);
    }
    std::process::exit(status.code().unwrap_or(1));
}
