//! `turncoat check`: every violation of every file.

use std::io::Write;

use crate::cli::CheckArgs;
use crate::error::Error;
use crate::scenario::Scenario;

pub(super) fn check(args: &CheckArgs) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    let mut wrong = Vec::new();
    for path in &args.scenarios {
        match Scenario::load(path, &args.overrides) {
            Ok(loaded) => {
                let scenario = &loaded.scenario;
                // Nobody reading is no reason to skip the other files.
                let _ = writeln!(
                    stdout,
                    "{}: ok ({}, {} parties, {} repeats, {} adversaries)",
                    path.display(),
                    scenario.name,
                    scenario.parties(),
                    scenario.repeats,
                    scenario.adversaries.len()
                );
                for warning in &loaded.warnings {
                    let _ = writeln!(stdout, "{}: note: {warning}", path.display());
                }
            }
            Err(errors) => wrong.push(errors.to_string()),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Usage(wrong.join("\n"))) }
}
