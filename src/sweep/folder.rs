//! The folder of a sweep:
//!
//! ```text
//! DIR/sweep.resolved.yaml      the scenario with its sweep: itself a sweep of the same runs
//! DIR/results.csv              every result of every finished run
//! DIR/report.html              the page to look at, with links to those of the runs, and its charts in DIR/pictures/
//! DIR/table.txt                the table as it is printed, once all runs are finished
//! DIR/runs/0123456789abcdef/   one folder a run, as `turncoat run` leaves it, and run.sha256, its whole identity
//! ```
//!
//! A folder of a run holds a finished run if its report, which is written last, and its identity are there and agree with
//! the scenario. One process at a time works in a sweep's folder.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use turncoat_report::files::folder::{OutputFolder, REPORT, RESULTS, TABLE, not_a_file};
use turncoat_report::files::lock::FolderLock;
use turncoat_report::finished::Finished;
use turncoat_report::page;
use turncoat_report::result::report::Report;
use turncoat_report::sweep::folder::{RESOLVED, RUNS, is_folder};
use turncoat_report::sweep::results::Rows;

use crate::checkpoint;
use crate::cli::Format;
use crate::error::Error;
use crate::identity::RunId;
use crate::kernel::kernel;
use crate::scenario::{Loaded, Plan, Sweep};

const IDENTITY: &str = "run.sha256";

/// A finished run, as it is needed for the results of all.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) report: Report,
    pub(super) rows: Rows,
    /// The text of the report, where it will be shown.
    pub(super) json: Option<String>,
}

impl Kept {
    /// # Errors
    /// [`Error::Bug`]: what turncoat has written it can read.
    pub(super) fn of(finished: &Finished, format: Format) -> Result<Self, Error> {
        let report = Report::parse(&finished.json)
            .map_err(|e| Error::Bug(format!("the report of a run cannot be read back: {e}")))?;
        Ok(Self { report, rows: Rows::parse(&finished.csv)?, json: shown(&finished.json, format) })
    }
}

/// What is kept of a report's text: all of it, or nothing, as a sweep may have thousands of runs.
fn shown(json: &str, format: Format) -> Option<String> {
    (format == Format::Json).then(|| json.to_owned())
}

/// The folder of a sweep, held by this process alone.
#[derive(Debug)]
pub(super) struct SweepFolder {
    path: PathBuf,
    _lock: FolderLock,
}

impl SweepFolder {
    /// Makes the folder, or takes up the one that is there; `overwrite` clears what it holds of a sweep.
    ///
    /// # Errors
    /// [`Error::Output`] when it holds a run of one scenario or, unless it may be overwritten, runs that this sweep has not;
    /// when it is in use, or cannot be written to.
    pub(super) fn open(path: &Path, sweep: &Sweep, overwrite: bool) -> Result<Self, Error> {
        if path.join(REPORT).exists() {
            return Err(Error::Output(format!(
                "{} holds a finished run of one scenario; choose another --out for the sweep",
                path.display()
            )));
        }
        if checkpoint::kept(path) > 0 {
            return Err(Error::Output(format!(
                "{0} holds an unfinished run of one scenario; go on with it with `turncoat run --resume {0}`, or choose \
                 another --out for the sweep",
                path.display()
            )));
        }
        let failed = |source: io::Error| Error::refused("make the output folder", path, &source);
        not_a_file(path)?;
        fs::create_dir_all(path.join(RUNS)).map_err(failed)?;
        let folder = Self { path: path.into(), _lock: FolderLock::take(path)? };
        if overwrite && is_folder(path) {
            // Whoever reads all of runs/ must not find runs of two sweeps there.
            fs::remove_dir_all(path.join(RUNS)).map_err(failed)?;
            fs::create_dir_all(path.join(RUNS)).map_err(failed)?;
        } else {
            keeps_what_is_there(path, sweep)?;
        }
        match fs::remove_file(path.join(TABLE)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        OutputFolder::at(path).write(RESOLVED, sweep.resolved_yaml.as_bytes())?;
        Ok(folder)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn run(&self, id: &RunId) -> PathBuf {
        self.path.join(RUNS).join(id.folder())
    }

    /// What an earlier sweep left of a run, if it has finished it. Whatever cannot be read or belongs to another run is not
    /// finished: it is run again.
    pub(super) fn finished(&self, id: &RunId, loaded: &Loaded, format: Format) -> Option<Kept> {
        let folder = self.run(id);
        let identity = fs::read_to_string(folder.join(IDENTITY)).ok()?;
        let text = fs::read_to_string(folder.join(REPORT)).ok()?;
        let report = Report::parse(&text).ok()?;
        let rows = Rows::parse(&fs::read(folder.join(RESULTS)).ok()?).ok()?;
        let agrees = identity.trim_end() == id.whole()
            && report.scenario.sha256 == loaded.sha256
            && report.version == env!("CARGO_PKG_VERSION")
            && report.kernel == kernel()
            && report.results.len() == rows.count();
        agrees.then(|| Kept { report, rows, json: shown(&text, format) })
    }

    /// The folder of a run that is about to begin, or to go on where it was stopped.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub(super) fn begin(&self, id: &RunId) -> Result<OutputFolder, Error> {
        Ok(OutputFolder::take_up(&self.run(id))?)
    }

    /// Marks a run as finished.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub(super) fn keep(
        &self,
        id: &RunId,
        folder: &OutputFolder,
        finished: &Finished,
        resolved_yaml: &str,
    ) -> Result<(), Error> {
        folder.write(IDENTITY, format!("{}\n", id.whole()).as_bytes())?;
        finished.keep(folder, resolved_yaml)?;
        // Nothing looks at them any more.
        let _ = checkpoint::remove(folder.path());
        Ok(())
    }

    /// Marks the sweep as finished: all its runs are.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub(super) fn finish(&self, table: &str) -> Result<(), Error> {
        let folder = OutputFolder::at(&self.path);
        page::of_sweep(&folder)?;
        // The table last: it marks a finished sweep.
        folder.write(TABLE, table.as_bytes())?;
        // Nothing looks at it any more.
        let _ = checkpoint::remove(&self.path);
        Ok(())
    }

    /// Replaces the results of all.
    ///
    /// # Errors
    /// [`Error::Output`]; the old ones stay then.
    pub(super) fn write_results(&self, csv: &[u8]) -> Result<(), Error> {
        Ok(OutputFolder::at(&self.path).write(RESULTS, csv)?)
    }
}

/// What is finished, or partly finished, in a sweep's folder stays in its results: a sweep may go on, keep more files of its runs
/// or have more runs, but another sweep is kept apart.
fn keeps_what_is_there(path: &Path, sweep: &Sweep) -> Result<(), Error> {
    let worked_on = |run: &PathBuf| run.join(REPORT).exists() || checkpoint::kept(run) > 0;
    let runs = fs::read_dir(path.join(RUNS)).into_iter().flatten().flatten().map(|entry| entry.path());
    let begun = runs.filter(worked_on).count();
    if !is_folder(path) || begun == 0 {
        return Ok(());
    }
    let new: BTreeSet<&str> = sweep.runs.iter().map(|run| run.loaded.sha256.as_str()).collect();
    let lost = match Plan::load(&path.join(RESOLVED), &[]) {
        Ok(Plan::Sweep(old)) => {
            old.runs.iter().filter(|run| !new.contains(run.loaded.sha256.as_str())).count()
        }
        // Nobody knows what it was.
        _ => begun,
    };
    if lost == 0 {
        return Ok(());
    }
    let what = if path.join(TABLE).exists() { "a finished" } else { "an unfinished" };
    Err(Error::Output(format!(
        "{0} holds {what} sweep of other runs, {lost} of which this one has not; choose another --out, or add --overwrite to \
         replace it",
        path.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_works_in_a_folder_and_a_finished_run_is_not_buried() {
        let place = tempfile::tempdir().unwrap();
        let sweep = |text: &str| Sweep { keys: Vec::new(), runs: Vec::new(), resolved_yaml: text.into() };
        let open = |text: &str| SweepFolder::open(place.path(), &sweep(text), false);
        let folder = open("a: 1\n").unwrap();
        let refused = open("a: 1\n").unwrap_err().to_string();
        assert!(refused.contains("another turncoat is at work"), "{refused}");
        drop(folder);
        open("a: 2\n").expect("nothing in it was begun");
        assert_eq!(fs::read_to_string(place.path().join(RESOLVED)).unwrap(), "a: 2\n");
        fs::write(place.path().join(REPORT), "{}").unwrap();
        let refused = open("a: 1\n").unwrap_err().to_string();
        assert!(refused.contains("holds a finished run of one scenario"), "{refused}");
    }
}
