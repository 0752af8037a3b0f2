//! The executable: parses, dispatches, and maps errors to the documented exit codes.

#![forbid(unsafe_code)]

use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;
use turncoat::cli::{Cli, Command};
use turncoat::commands;
use turncoat::error::Error;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log(&cli);
    let outcome = catch_unwind(AssertUnwindSafe(|| commands::dispatch(cli.command)));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            // Nobody reading standard error changes nothing about the exit code.
            let _ = match &error {
                Error::Degraded(_) => writeln!(std::io::stderr(), "{error}"),
                _ => writeln!(std::io::stderr(), "error: {error}"),
            };
            error.into()
        }
        Err(_) => {
            let _ = writeln!(
                std::io::stderr(),
                "error: this is a bug of turncoat; please report the message above"
            );
            ExitCode::from(70)
        }
    }
}

/// Services say what they do, commands only what must be looked at; -v and TURNCOAT_LOG override.
fn log(cli: &Cli) {
    let service = matches!(cli.command, Command::Coordinator(_) | Command::Party(_) | Command::Adversary(_));
    let level = match (cli.verbose, service) {
        (0, false) => "warn",
        (0, true) => "info",
        (1, _) => "turncoat=debug,turncoat_party=debug,turncoat_coordinator=debug,turncoat_proto=debug,info",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("TURNCOAT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .init();
}
