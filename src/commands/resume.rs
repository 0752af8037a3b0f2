//! `turncoat run --resume`: an unfinished run or sweep, from its folder alone to its table.

use std::path::Path;

use turncoat_learn::data::DataFolders;
use turncoat_report::files::folder::{OutputFolder, REPORT, RESOLVED, RESULTS, TABLE, report};
use turncoat_report::result::report::Report;
use turncoat_report::sweep::folder as swept;
use turncoat_report::sweep::json::json_of_folder;

use super::run::{Manner, Work, consented, several, single};
use crate::checkpoint::{self, Origin};
use crate::cli::{Format, RunArgs};
use crate::error::Error;
use crate::scenario::Plan;
use crate::sweep;
use crate::terminal;

/// Goes on with what is in a folder.
pub(super) fn resume(path: &Path, args: &RunArgs, manner: Manner) -> Result<(), Error> {
    let clash = [
        (args.scenario.is_some(), "a scenario file"),
        (!args.overrides.is_empty(), "--set"),
        (args.out.is_some(), "--out"),
    ];
    if let Some((_, what)) = clash.iter().find(|(given, _)| *given) {
        return Err(Error::Usage(format!(
            "--resume goes on with the scenario that {} was begun with, so {what} cannot go with it; leave {what} out, or \
             start another run with --out",
            path.display()
        )));
    }
    if swept::is_folder(path) {
        return resume_sweep(path, args, manner);
    }
    if let Some(report) = report(path)? {
        // Killed between its report and its tidying up.
        let _ = checkpoint::remove(path);
        finished(path, "run", manner, || match manner.format {
            Format::Table => read(path, TABLE),
            Format::Json => read(path, REPORT),
        })?;
        return as_it_ended(&report);
    }
    if !path.join(RESOLVED).exists() {
        let kept = checkpoint::kept(path);
        return Err(Error::Output(if kept > 0 {
            format!(
                "{} is not there, and without it what is finished in {} is of no known scenario; put it back, or start the \
                 run again with --overwrite",
                path.join(RESOLVED).display(),
                path.display()
            )
        } else {
            format!(
                "{0} holds no run that could be resumed; begin one with `turncoat run FILE --out {0}`",
                path.display()
            )
        }));
    }
    let out = OutputFolder::take_up(path)?;
    let resolved = path.join(RESOLVED);
    let Plan::Single(loaded) = Plan::load(&resolved, &[])? else {
        return Err(Error::Output(format!(
            "{} has become a sweep since the run was begun; put it back as it was, or start the run again with --overwrite",
            resolved.display()
        )));
    };
    consented(&loaded, manner)?;
    let folders = folders(path, &loaded.run_sha256, args)?;
    single(*loaded, Some(out), folders, manner)
}

fn resume_sweep(path: &Path, args: &RunArgs, manner: Manner) -> Result<(), Error> {
    // Without its table it was stopped; where a run has lost its report, that run is carried out again.
    if let Ok(runs) = swept::finished_runs(path) {
        finished(path, "sweep", manner, || match manner.format {
            Format::Table => read(path, TABLE),
            Format::Json => Ok(json_of_folder(path)?),
        })?;
        return runs
            .iter()
            .filter_map(|(run, _)| report(run).transpose())
            .try_for_each(|report| as_it_ended(&report?));
    }
    let resolved = path.join(swept::RESOLVED);
    let Plan::Sweep(sweep) = Plan::load(&resolved, &[])? else {
        return Err(Error::Output(format!(
            "{} is no sweep any more; put it back as it was",
            resolved.display()
        )));
    };
    let folders = folders(path, &sweep::identity(&sweep), args)?;
    several(&sweep, &Work { out: Some(path), folders, overwrite: false }, manner)
}

/// Where the run looked for its files.
fn folders(path: &Path, scenario: &str, args: &RunArgs) -> Result<DataFolders, Error> {
    Ok(match Origin::find(path, scenario)? {
        Some(origin) => origin.folders(args.data_dir.clone()),
        None => DataFolders { data_dir: args.data_dir.clone(), scenario_dir: None },
    })
}

/// A run that was degraded is so however often it is looked at.
fn as_it_ended(report: &Report) -> Result<(), Error> {
    if report.is_degraded() {
        return Err(Error::Degraded("queries were answered by fewer parties than all, or refused".into()));
    }
    Ok(())
}

/// Says that nothing is left to do, and shows again what was shown when it ended.
fn finished(
    path: &Path,
    what: &str,
    manner: Manner,
    shown: impl FnOnce() -> Result<String, Error>,
) -> Result<(), Error> {
    let text = shown().map_err(|e| {
        Error::Output(format!(
            "the {what} in {} is finished, but it cannot be shown again: {e}; its figures are in {}",
            path.display(),
            path.join(RESULTS).display()
        ))
    })?;
    match manner.format {
        Format::Table => terminal::print(&text)?,
        Format::Json => terminal::print_document(&text)?,
    }
    terminal::note(manner.quiet, &format!("the {what} in {} was already finished", path.display()));
    Ok(())
}

fn read(folder: &Path, file: &str) -> Result<String, Error> {
    let path = folder.join(file);
    std::fs::read_to_string(&path).map_err(|e| Error::refused("read", &path, &e))
}
