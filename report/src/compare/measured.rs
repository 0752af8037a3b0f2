//! What was measured, from the reports of one run, of a sweep, or of all runs below a folder.
//!
//! A folder with a report is one run. A folder of a sweep is the runs that its results.csv names, in that order, with
//! their swept values. Any other folder is what its subfolders are, in the order of their names.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::files::folder::{REPORT, report};
use crate::result::attack::ResultFigures;
use crate::result::figure::Figure;
use crate::result::single_target::Deviations;
use crate::sweep::folder::{finished_runs, is_folder};

/// How deep below a folder reports are looked for.
const MAX_DEPTH: usize = 4;

/// One result of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The scenario's name.
    pub scenario: String,
    /// Swept keys with their values; none for a run of its own.
    pub swept: Vec<(String, String)>,
    /// The result, or the deviations of the whole grid, whose other fields are absent.
    pub result: ResultFigures,
    /// Of the whole grid: its deviations.
    pub deviations: Option<Deviations>,
}

impl Measured {
    /// A figure by its name, where it exists.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<Figure> {
        let Some(deviation) = name.strip_prefix("deviation_") else { return self.result.figure(name) };
        let mut named = self.deviations.iter().flat_map(Deviations::named);
        named.find(|(name, _)| *name == deviation).map(|(_, mean)| Figure { mean, ci95: None })
    }

    /// How many claims of a repeat that figure rests on; none of what rests on none, as guessing does.
    #[must_use]
    pub fn claims(&self, name: &str) -> Option<f64> {
        self.result.claims(name).filter(|_| name != "chance")
    }
}

/// All results below a folder.
///
/// # Errors
/// When there is no report, or one cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Measured>, Error> {
    let mut measured = Vec::new();
    let found = below(folder, 0, &mut measured)?;
    if found == 0 {
        return Err(Error::NoResults(folder.into()));
    }
    Ok(measured)
}

/// Adds what is there, and counts the reports.
fn below(folder: &Path, depth: usize, measured: &mut Vec<Measured>) -> Result<usize, Error> {
    if folder.join(REPORT).is_file() {
        add(folder, &[], measured)?;
        return Ok(1);
    }
    if is_folder(folder) {
        let runs = finished_runs(folder)?;
        for (run, swept) in &runs {
            add(run, swept, measured)?;
        }
        return Ok(runs.len());
    }
    if depth == MAX_DEPTH {
        return Ok(0);
    }
    let cannot = |source| Error::NoFolder { path: folder.into(), source };
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    let mut found = 0;
    for path in &folders {
        found += below(path, depth + 1, measured)?;
    }
    Ok(found)
}

/// Adds the results of one run.
fn add(folder: &Path, swept: &[(String, String)], measured: &mut Vec<Measured>) -> Result<(), Error> {
    let report = report(folder)?.ok_or_else(|| Error::Gone(folder.join(REPORT)))?;
    let one = |result| Measured {
        scenario: report.scenario.name.clone(),
        swept: swept.to_vec(),
        result,
        deviations: None,
    };
    measured.extend(report.results.iter().cloned().map(one));
    if report.deviations.is_some() {
        measured.push(Measured { deviations: report.deviations, ..one(ResultFigures::default()) });
    }
    Ok(())
}
