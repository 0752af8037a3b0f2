//! The folder of a sweep read back: which runs are in it.

use std::path::{Path, PathBuf};

use super::results::RUN;
use crate::error::Error;
use crate::files::folder::{REPORT, RESULTS, TABLE};

/// The file that marks a folder as a sweep's.
pub const RESOLVED: &str = "sweep.resolved.yaml";
/// The folder that holds the folders of runs.
pub const RUNS: &str = "runs";
/// Whether a folder is a sweep's.
pub fn is_folder(path: &Path) -> bool {
    path.join(RESOLVED).exists()
}

/// A run's folder with its swept values.
pub type Run = (PathBuf, Vec<(String, String)>);

/// The runs of a sweep's folder that have a row in results.csv, in that order.
///
/// # Errors
/// [`Error::Table`] when it cannot be read.
pub fn runs_of(folder: &Path) -> Result<Vec<Run>, Error> {
    let path = folder.join(RESULTS);
    let failed = |e: csv::Error| Error::table(path.display().to_string(), e);
    let mut reader = csv::Reader::from_path(&path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let Some(place) = header.iter().position(|column| column == RUN) else {
        let what = format!("a sweep's results have a column `{RUN}`");
        return Err(Error::table(path.display().to_string(), what));
    };
    let mut runs: Vec<Run> = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let swept = header.iter().zip(&row).take(place);
        let swept = swept.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let run = (folder.join(RUNS).join(&row[place]), swept);
        // The results of a run follow each other.
        if runs.last() != Some(&run) {
            runs.push(run);
        }
    }
    Ok(runs)
}

/// The runs of a finished sweep with their swept values: its table is there, which is written last, and so is every report.
///
/// # Errors
/// [`Error::UnfinishedSweep`] when it is not finished, with how to go on; [`Error::Table`] when its results cannot be read.
pub fn finished_runs(path: &Path) -> Result<Vec<Run>, Error> {
    let unfinished = |what: String| Error::UnfinishedSweep { path: path.into(), what };
    if !path.join(TABLE).exists() {
        return Err(unfinished(format!("it has no {TABLE}")));
    }
    let runs = runs_of(path)?;
    match runs.iter().find(|(run, _)| !run.join(REPORT).is_file()) {
        Some((run, _)) => Err(unfinished(format!("{} is not there", run.join(REPORT).display()))),
        None => Ok(runs),
    }
}
