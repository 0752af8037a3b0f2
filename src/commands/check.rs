//! `turncoat check`: every violation of every file, and whether the data that they name is there and is what they say.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use turncoat_learn::data::{DataFolders, DataSource, PurchaseSource};

use crate::cli::{CheckArgs, Format};
use crate::error::Error;
use crate::experiment::DataCache;
use crate::scenario::{Cost, Origin, Plan, ScenarioErrors, Study, Sweep, Violation, Work};
use crate::shipped;
use crate::terminal;
use crate::words::counted;

/// Minutes of one core from which on a person is told what a study takes; programs are told always.
const TOLD_FROM: f64 = 1.0;

/// What is said of one file.
#[derive(Serialize)]
struct Checked {
    file: String,
    ok: bool,
    /// What a sound scenario is, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// What its targets are called.
    #[serde(skip)]
    targets: &'static str,
    /// What it takes: the models that are trained, and the records they are trained on, over all runs of a sweep.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<Cost>,
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
    let (mut wrong, mut lacking) = (Vec::new(), Vec::new());
    for path in &args.scenarios {
        let text = shipped::text_of(Some(path));
        let folder = text.as_ref().ok().and_then(|text| text.folder.clone());
        match text.and_then(|text| text.plan(&args.overrides)) {
            Ok(plan) => {
                let folders = DataFolders { data_dir: args.data_dir.clone(), scenario_dir: folder };
                if let Err(error) = fits_its_data(&plan, folders, args.no_data) {
                    let list = if error.code() == 2 { &mut wrong } else { &mut lacking };
                    list.push(format!("{}: {error}", path.display()));
                    checked.push(Checked { error: Some(error.to_string()), ..no_good(path) });
                    continue;
                }
                let reported = sound(path, &plan);
                if args.format == Format::Table {
                    terminal::print(&in_words(&reported))?;
                }
                checked.push(reported);
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
    if !lacking.is_empty() {
        lacking.push("`turncoat check --no-data` looks for no data".into());
    }
    // A scenario that is wrong is to be mended before data is looked for.
    let kind = if wrong.is_empty() { Error::Data } else { Error::Usage };
    match (checked.iter().filter(|reported| !reported.ok).count(), args.format) {
        (0, _) => Ok(()),
        (_, Format::Table) => Err(kind([wrong, lacking].concat().join("\n"))),
        (n, Format::Json) => Err(kind(format!(
            "{n} of {} files cannot be used; standard output says why",
            args.scenarios.len()
        ))),
    }
}

/// Reads the files that a scenario names, as a run would, and looks for the public data sets that it names. With `no_data`, only data
/// that takes no file is held against the scenario.
fn fits_its_data(plan: &Plan, folders: DataFolders, no_data: bool) -> Result<(), Error> {
    let mut data_cache = DataCache::new(folders, true);
    let mut seen = Vec::new();
    for loaded in plan.experiments() {
        let study = &loaded.study;
        let what = (study.data(), study.preprocess());
        if no_data && study.data().reads_files() || seen.contains(&what) && !study.names_class_weights() {
            continue;
        }
        seen.push(what);
        match study.data() {
            DataSource::Csv(_) | DataSource::Idx(_) | DataSource::Purchase(PurchaseSource::Path(_)) => {
                data_cache.prepared(study)?;
            }
            named if named.reads_files() => named.find(data_cache.folders())?,
            // Data that takes no file is there, and says whether weights of classes fit it.
            _ if study.names_class_weights() => {
                data_cache.prepared(study)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn sound(path: &Path, plan: &Plan) -> Checked {
    let about = match plan {
        Plan::Single(loaded) => in_short(&loaded.study),
        Plan::Sweep(sweep) => sweep_in_short(sweep),
    };
    let federations = plan.experiments().any(|loaded| loaded.study.federation().is_some());
    Checked {
        file: path.display().to_string(),
        ok: true,
        about: Some(about),
        targets: if federations { "parties" } else { "targets" },
        cost: plan.experiments().map(|loaded| Cost::of(&loaded.study)).reduce(Cost::and),
        notes: plan.experiments().flat_map(crate::warnings::of).collect(),
        error: None,
        violations: Vec::new(),
    }
}

/// Of a file that cannot be used, for a reason that is still to be told.
fn no_good(path: &Path) -> Checked {
    Checked {
        file: path.display().to_string(),
        ok: false,
        about: None,
        targets: "",
        cost: None,
        notes: BTreeSet::new(),
        error: None,
        violations: Vec::new(),
    }
}

fn unsound(path: &Path, errors: &ScenarioErrors) -> Checked {
    let (error, violations) = match errors {
        ScenarioErrors::Violations(violations) => (None, violations.iter().map(row).collect()),
        other => (Some(other.to_string()), Vec::new()),
    };
    Checked { error, violations, ..no_good(path) }
}

fn row(violation: &Violation) -> ViolationRow {
    let (file, line, column, set) = match &violation.origin {
        Origin::File { file, line, column } => (Some(file.clone()), Some(*line), Some(*column), None),
        Origin::Override(text) => (None, None, None, Some(text.clone())),
    };
    let Violation { key_path, value, rule, nearest, .. } = violation.clone();
    ViolationRow { file, line, column, set, key_path, value, rule, nearest }
}

fn in_words(reported: &Checked) -> String {
    let mut text = format!("{}: ok ({})\n", reported.file, reported.about.as_deref().unwrap_or_default());
    if let Some(cost) = reported.cost.filter(|cost| cost.minutes() >= TOLD_FROM) {
        let of = |who: &str, Work { models, records }: Work| {
            format!("{who} train {models} models on {records} records")
        };
        let (targets, shadows) = (of(reported.targets, cost.targets), of("adversaries", cost.shadows));
        let minutes = cost.minutes();
        text.push_str(&format!(
            "{}: {targets}, {shadows}: some {minutes:.0} minutes of one core\n",
            reported.file
        ));
    }
    for note in &reported.notes {
        text.push_str(&format!("{}: note: {note}\n", reported.file));
    }
    text
}

/// What a sound scenario is, in a line.
fn in_short(study: &Study) -> String {
    match study {
        Study::Federation(scenario) => format!(
            "{}, {}, {}, {}",
            scenario.name,
            counted(scenario.parties(), "party", "parties"),
            counted(scenario.repeats, "repeat", "repeats"),
            counted(scenario.adversaries.len(), "adversary", "adversaries")
        ),
        Study::SingleTarget(study) => format!(
            "{}, {}, {} of {}, {}",
            study.name,
            counted(study.target.learners.len(), "target", "targets"),
            counted(study.repeats, "repeat", "repeats"),
            counted(study.folds, "fold", "folds"),
            counted(study.cells().len(), "result", "results")
        ),
    }
}

/// What a sound sweep is, in a line.
fn sweep_in_short(sweep: &Sweep) -> String {
    let name = sweep.runs.first().map_or("", |run| run.loaded.study.name());
    format!("{name}, a sweep of {} over {}", counted(sweep.runs.len(), "run", "runs"), sweep.keys.join(", "))
}
