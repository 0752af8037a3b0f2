//! From a parsed command line to the command.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

use super::{
    ask, certs, check, compare, credentials, data, guard, manual, new, report, roles, run, scenarios,
};
use crate::cli::Command;
use crate::error::Error;
use crate::terminal;
use crate::visible;

/// Carries out a command; `quiet` leaves out whatever is neither a result nor a warning nor an error.
///
/// # Errors
/// The command's [`Error`], which carries its exit code.
pub fn dispatch(command: Command, quiet: bool) -> Result<(), Error> {
    match command {
        Command::Run(args) => run::run(&args, quiet),
        Command::Check(args) => check::check(&args),
        Command::Report(args) => report::report(&args, quiet),
        Command::Compare(args) => compare::compare(&args),
        Command::New(args) => new::new(&args, quiet),
        Command::Scenarios(command) => scenarios::scenarios(&command),
        Command::Data(command) => data::data(&command, quiet),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::man(&args, quiet),
        Command::Certs(command) => certs::certs(&command, quiet),
        Command::Credentials(args) => credentials::credentials(&args, quiet),
        Command::Coordinator(args) => roles::coordinator(args, quiet),
        Command::Party(args) => roles::party(args, quiet),
        Command::Adversary(args) => roles::adversary(args, quiet),
        Command::Ask(args) => ask::ask(args),
        Command::Guard(args) => guard::guard(&args),
    }
}

/// Says what the command line itself was answered with: help and versions are results, everything else is a mistake.
#[must_use]
pub fn answered(answer: &clap::Error) -> ExitCode {
    // What was typed, or stands in the environment, is shown again.
    let acts = |text: &OsStr| visible::acts_up(&text.to_string_lossy());
    let plain = env::args_os().any(|word| acts(&word)) || env::vars_os().any(|(_, value)| acts(&value));
    let shown = answer.render();
    let written = match (answer.use_stderr(), plain) {
        (_, false) => terminal::arrived(answer.print().and_then(|()| io::stdout().flush())),
        (true, true) => {
            terminal::note(false, &shown.to_string());
            Ok(())
        }
        (false, true) => terminal::print(&shown.to_string()),
    };
    if answer.use_stderr() {
        return ExitCode::from(2);
    }
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error);
            error.into()
        }
    }
}

/// Serves to the end; what is still computing then is not waited for.
pub(super) fn serve(service: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    let runtime = small_runtime()?;
    let served = runtime.block_on(service);
    runtime.shutdown_background();
    served
}

/// A runtime of two threads for a service or a client: it waits more than it works.
pub(super) fn small_runtime() -> Result<Runtime, Error> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Error::Federation(format!("cannot start the threads of a service: {e}")))
}
