//! `turncoat check`: every violation of every file.

use std::collections::BTreeSet;
use std::io::Write;

use crate::cli::CheckArgs;
use crate::error::Error;
use crate::scenario::{Plan, Study, Sweep};

pub(super) fn check(args: &CheckArgs) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    let mut wrong = Vec::new();
    for path in &args.scenarios {
        match Plan::load(path, &args.overrides) {
            Ok(plan) => {
                let about = match &plan {
                    Plan::Single(loaded) => in_short(&loaded.study),
                    Plan::Sweep(sweep) => sweep_in_short(sweep),
                };
                // Nobody reading is no reason to skip the other files.
                let _ = writeln!(stdout, "{}: ok ({about})", path.display());
                let warnings: BTreeSet<&String> =
                    plan.experiments().flat_map(|loaded| &loaded.warnings).collect();
                for warning in warnings {
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

/// What a sound sweep is, in a line.
fn sweep_in_short(sweep: &Sweep) -> String {
    let name = sweep.runs.first().map_or("", |run| run.loaded.study.name());
    format!("{name}, a sweep of {} runs over {}", sweep.runs.len(), sweep.keys.join(", "))
}
