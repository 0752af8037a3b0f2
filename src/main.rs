//! The executable: parses, dispatches, and maps errors to the documented exit codes.

#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use turncoat::cli::Cli;
use turncoat::{commands, environment, logs};

fn main() -> ExitCode {
    environment::without_empty_variables();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(reported) => return commands::answered(&reported),
    };
    let _kept = logs::start(&cli);
    let outcome = catch_unwind(AssertUnwindSafe(|| commands::dispatch(cli.command, cli.quiet)));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            logs::failed(&error);
            error.into()
        }
        Err(_) => {
            logs::broken();
            ExitCode::from(70)
        }
    }
}
