//! From a parsed command line to the command.

use tokio::runtime::{Builder, Runtime};

use super::{ask, certs, check, compare, credentials, data, report, roles, run};
use crate::cli::{Command, DataCommand};
use crate::error::Error;

/// Carries out a command.
///
/// # Errors
/// The command's [`Error`], which carries its exit code.
pub fn dispatch(command: Command) -> Result<(), Error> {
    match command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::check(&args),
        Command::Report(args) => report::report(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Data(DataCommand::Describe(args)) => data::describe(&args),
        Command::Certs(command) => certs::certs(&command),
        Command::Credentials(args) => credentials::credentials(&args),
        Command::Coordinator(args) => roles::coordinator(args),
        Command::Party(args) => roles::party(args),
        Command::Adversary(args) => roles::adversary(args),
        Command::Ask(args) => ask::ask(args),
    }
}

/// A runtime of two threads for a service or a client: it waits more than it works.
pub(super) fn small_runtime() -> Result<Runtime, Error> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Error::Federation(format!("cannot start the threads of a service: {e}")))
}
