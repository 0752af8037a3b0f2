//! `turncoat run`: a scenario, or a sweep of them, from its file to its table.

use std::io::Write;
use std::path::Path;

use turncoat_learn::data::DataFolders;

use crate::cli::RunArgs;
use crate::error::Error;
use crate::experiment::{Runner, Watch};
use crate::report::folder::{OutputFolder, RESULTS};
use crate::scenario::{Loaded, Plan, Scenario, Sweep};
use crate::sweep::{self, Place};

const QUICKSTART: &str = include_str!("../../scenarios/quickstart.yaml");

pub(super) fn run(args: RunArgs) -> Result<(), Error> {
    match plan(args.scenario.as_deref(), &args.overrides)? {
        Plan::Single(loaded) => single(*loaded, &args),
        Plan::Sweep(sweep) => several(&sweep, &args),
    }
}

fn single(loaded: Loaded, args: &RunArgs) -> Result<(), Error> {
    let out = args.out.as_ref().map(|path| prepare(path, args.overwrite)).transpose()?;
    let resolved = loaded.resolved_yaml.clone();
    let watch = Watch { label: "", quiet: args.quiet };
    let finished = Runner::new(folders(args), args.jobs, false)?.run(loaded, out.clone(), watch)?;
    if let Some(folder) = &out {
        finished.keep(folder, &resolved)?;
    }
    let left = out.as_ref().map_or_else(
        || "add --out DIR to keep the report, the claims and the logs".into(),
        |folder| format!("report, results, claims and logs are in {}", folder.path().display()),
    );
    show(&finished.table, &left, args.quiet);
    Ok(())
}

fn several(sweep: &Sweep, args: &RunArgs) -> Result<(), Error> {
    let place = Place { out: args.out.as_deref(), overwrite: args.overwrite, quiet: args.quiet };
    let mut runner = Runner::new(folders(args), args.jobs, true)?;
    let table = sweep::execute(sweep, &mut runner, place)?;
    let left = args.out.as_ref().map_or_else(
        || "add --out DIR to keep the runs, and to go on from there when a sweep is stopped".into(),
        |path| {
            format!(
                "all results are in {}, one folder a run in runs/ beside it",
                path.join(RESULTS).display()
            )
        },
    );
    show(&table, &left, args.quiet);
    Ok(())
}

/// The folder of one run, which must not be that of a sweep.
fn prepare(path: &Path, overwrite: bool) -> Result<OutputFolder, Error> {
    if sweep::is_folder(path) {
        return Err(Error::Output(format!(
            "{} holds the runs of a sweep; choose another --out for this one",
            path.display()
        )));
    }
    OutputFolder::prepare(path, overwrite)
}

fn folders(args: &RunArgs) -> DataFolders {
    DataFolders {
        data_dir: args.data_dir.clone(),
        scenario_dir: args.scenario.as_deref().and_then(Path::parent).map(Path::to_path_buf),
    }
}

fn show(table: &str, left: &str, quiet: bool) {
    // A closed pipe takes what it wants of the table.
    let _ = write!(std::io::stdout().lock(), "{table}");
    if !quiet {
        let _ = writeln!(std::io::stderr(), "{left}");
    }
}

fn plan(scenario: Option<&Path>, overrides: &[String]) -> Result<Plan, Error> {
    Ok(match scenario {
        Some(path) => Plan::load(path, overrides)?,
        None => Plan::parse("quickstart.yaml", QUICKSTART, overrides)?,
    })
}

/// The one scenario of a file, or the quickstart.
pub(super) fn load(scenario: Option<&Path>, overrides: &[String]) -> Result<Loaded, Error> {
    Ok(match scenario {
        Some(path) => Scenario::load(path, overrides)?,
        None => Scenario::parse("quickstart.yaml", QUICKSTART, overrides)?,
    })
}
