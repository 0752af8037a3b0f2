//! `turncoat check`: every violation of every file.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::cli::{CheckArgs, Format};
use crate::error::Error;
use crate::scenario::{Origin, Plan, ScenarioErrors, Study, Sweep, Violation};
use crate::shipped;
use crate::terminal;

/// What is said of one file.
#[derive(Serialize)]
struct Checked {
    file: String,
    ok: bool,
    /// What a sound scenario is, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// What a reader should look at before trusting its figures.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    notes: BTreeSet<String>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<ViolationRow>,
}

/// One violation, of a place in the file or of a `--set`.
#[derive(Serialize)]
struct ViolationRow {
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    set: Option<String>,
    key_path: String,
    value: Option<String>,
    rule: String,
    nearest: Option<String>,
}

pub(super) fn check(args: &CheckArgs) -> Result<(), Error> {
    let mut checked = Vec::new();
    let mut wrong = Vec::new();
    for path in &args.scenarios {
        match shipped::text_of(Some(path)).and_then(|text| text.plan(&args.overrides)) {
            Ok(plan) => {
                let told = sound(path, &plan);
                if args.format == Format::Table {
                    terminal::print(&in_words(&told))?;
                }
                checked.push(told);
            }
            Err(errors) => {
                checked.push(unsound(path, &errors));
                wrong.push(errors.to_string());
            }
        }
    }
    if args.format == Format::Json {
        terminal::print_json(&checked)?;
    }
    match (wrong.len(), args.format) {
        (0, _) => Ok(()),
        (_, Format::Table) => Err(Error::Usage(wrong.join("\n"))),
        (n, Format::Json) => Err(Error::Usage(format!(
            "{n} of {} files cannot be used; standard output says why",
            args.scenarios.len()
        ))),
    }
}

fn sound(path: &Path, plan: &Plan) -> Checked {
    let about = match plan {
        Plan::Single(loaded) => in_short(&loaded.study),
        Plan::Sweep(sweep) => sweep_in_short(sweep),
    };
    Checked {
        file: path.display().to_string(),
        ok: true,
        about: Some(about),
        notes: plan.experiments().flat_map(|loaded| loaded.warnings.iter().cloned()).collect(),
        error: None,
        violations: Vec::new(),
    }
}

fn unsound(path: &Path, errors: &ScenarioErrors) -> Checked {
    let (error, violations) = match errors {
        ScenarioErrors::Violations(violations) => (None, violations.iter().map(row).collect()),
        other => (Some(other.to_string()), Vec::new()),
    };
    Checked {
        file: path.display().to_string(),
        ok: false,
        about: None,
        notes: BTreeSet::new(),
        error,
        violations,
    }
}

fn row(violation: &Violation) -> ViolationRow {
    let (file, line, column, set) = match &violation.origin {
        Origin::File { file, line, column } => (Some(file.clone()), Some(*line), Some(*column), None),
        Origin::Override(text) => (None, None, None, Some(text.clone())),
    };
    let Violation { key_path, value, rule, nearest, .. } = violation.clone();
    ViolationRow { file, line, column, set, key_path, value, rule, nearest }
}

fn in_words(told: &Checked) -> String {
    let mut text = format!("{}: ok ({})\n", told.file, told.about.as_deref().unwrap_or_default());
    for note in &told.notes {
        text.push_str(&format!("{}: note: {note}\n", told.file));
    }
    text
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
