//! `turncoat check`: every violation of every file.

use std::io::Write;

use crate::cli::CheckArgs;
use crate::error::Error;
use crate::scenario::{Scenario, Study};

pub(super) fn check(args: &CheckArgs) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    let mut wrong = Vec::new();
    for path in &args.scenarios {
        match Scenario::load(path, &args.overrides) {
            Ok(loaded) => {
                // Nobody reading is no reason to skip the other files.
                let _ = writeln!(stdout, "{}: ok ({})", path.display(), in_short(&loaded.study));
                for warning in &loaded.warnings {
                    let _ = writeln!(stdout, "{}: note: {warning}", path.display());
                }
            }
            Err(errors) => wrong.push(errors.to_string()),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Usage(wrong.join("\n"))) }
}

/// What a sound scenario is, in a line.
fn in_short(study: &Study) -> String {
    match study {
        Study::Federation(scenario) => format!(
            "{}, {} parties, {} repeats, {} adversaries",
            scenario.name,
            scenario.parties(),
            scenario.repeats,
            scenario.adversaries.len()
        ),
        Study::SingleTarget(study) => format!(
            "{}, {} targets, {} repeats of {} folds, {} results",
            study.name,
            study.target.learners.len(),
            study.repeats,
            study.folds,
            study.cells().len()
        ),
    }
}
