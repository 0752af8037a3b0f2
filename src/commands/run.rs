//! `turncoat run`: a scenario, or a sweep of them, from its file to its table.

use std::io::Write;
use std::path::Path;

use turncoat_learn::data::DataFolders;

use super::resume::resume;
use crate::checkpoint::{self, Origin};
use crate::cli::RunArgs;
use crate::error::Error;
use crate::experiment::{Runner, Watch};
use crate::report::folder::{OutputFolder, RESOLVED, RESULTS};
use crate::scenario::{Loaded, Plan, Scenario, Sweep};
use crate::sweep::{self, Place};

const QUICKSTART: &str = include_str!("../../scenarios/quickstart.yaml");

pub(super) fn run(args: RunArgs) -> Result<(), Error> {
    if let Some(folder) = &args.resume {
        return resume(folder, &args);
    }
    match plan(args.scenario.as_deref(), &args.overrides)? {
        Plan::Single(loaded) => {
            consented(&loaded, &args)?;
            let folders = folders(&args);
            let out = args.out.as_ref().map(|path| prepare(path, args.overwrite)).transpose()?;
            if let Some(out) = &out {
                // What a resumed run needs, before anything else: first where to look, then what for.
                Origin::of(&folders).keep(out.path(), &checkpoint::scenario(&loaded))?;
                out.write(RESOLVED, loaded.resolved_yaml.as_bytes())?;
            }
            single(*loaded, out, folders, &args)
        }
        Plan::Sweep(sweep) => {
            let work = Work { out: args.out.as_deref(), folders: folders(&args), overwrite: args.overwrite };
            several(&sweep, &work, &args)
        }
    }
}

/// Runs one scenario; its folder is there, and may hold parts of the run that are finished.
pub(super) fn single(
    loaded: Loaded,
    out: Option<OutputFolder>,
    folders: DataFolders,
    args: &RunArgs,
) -> Result<(), Error> {
    let resolved = loaded.resolved_yaml.clone();
    let watch = Watch { label: "", quiet: args.quiet };
    let mut runner = Runner::new(folders, args.jobs, false)?;
    let finished = runner.run(loaded, out.clone(), watch).and_then(|finished| {
        out.as_ref().map(|folder| finished.keep(folder, &resolved)).transpose()?;
        Ok(finished)
    });
    if let (Err(error), Some(folder), false) = (&finished, &out, args.quiet) {
        how_to_go_on(error, folder.path());
    }
    let left = out.as_ref().map_or_else(
        || "add --out DIR to keep the report, the claims and the logs".into(),
        |folder| format!("report, results, claims and logs are in {}", folder.path().display()),
    );
    let finished = finished?;
    show(&finished.table, &left, args.quiet);
    finished.degradation.map_or(Ok(()), |what| Err(Error::Degraded(what)))
}

/// Where a sweep's files are.
pub(super) struct Work<'a> {
    pub(super) out: Option<&'a Path>,
    pub(super) folders: DataFolders,
    pub(super) overwrite: bool,
}

pub(super) fn several(sweep: &Sweep, work: &Work<'_>, args: &RunArgs) -> Result<(), Error> {
    for run in &sweep.runs {
        consented(&run.loaded, args)?;
    }
    let origin = Origin::of(&work.folders);
    let place = Place { out: work.out, overwrite: work.overwrite, quiet: args.quiet, origin: &origin };
    let mut runner = Runner::new(work.folders.clone(), args.jobs, true)?;
    let sweep::Executed { table, degraded } = sweep::execute(sweep, &mut runner, place)?;
    let left = work.out.map_or_else(
        || "add --out DIR to keep the runs, and to go on from there when a sweep is stopped".into(),
        |path| {
            format!(
                "all results are in {}, one folder a run in runs/ beside it",
                path.join(RESULTS).display()
            )
        },
    );
    show(&table, &left, args.quiet);
    if degraded > 0 {
        return Err(Error::Degraded(format!(
            "in {degraded} of {} runs queries were answered by fewer parties than all, or refused",
            sweep.runs.len()
        )));
    }
    Ok(())
}

/// A scenario is a text that people hand each other: it starts no program that its reader has not agreed to.
pub(super) fn consented(loaded: &Loaded, args: &RunArgs) -> Result<(), Error> {
    let commands = loaded.study.federation().map_or(&[][..], |scenario| &scenario.federation.commands);
    if commands.is_empty() || args.allow_commands {
        return Ok(());
    }
    let each: Vec<String> =
        commands.iter().map(|served| format!("{} by `{}`", served.party, served.command.join(" "))).collect();
    Err(Error::Usage(format!(
        "the scenario starts programs of its own: {}; read them, and add --allow-commands if they are to run",
        each.join(", ")
    )))
}

/// Tells whoever watches how a run that was stopped, or that has something to go on from, is resumed.
fn how_to_go_on(error: &Error, path: &Path) {
    let kept = checkpoint::kept(path) > 0;
    if kept || matches!(error, Error::Interrupted { .. }) {
        let what = if kept { "what is finished is kept" } else { "nothing was finished yet" };
        // Nobody reading changes nothing.
        let _ = writeln!(
            std::io::stderr(),
            "{what}; `turncoat run --resume {}` goes on from there",
            path.display()
        );
    }
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
