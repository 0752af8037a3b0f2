//! A finished run as it is kept and shown: the texts of its files, and its tables.

use super::folder::{OutputFolder, REPORT, RESOLVED, RESULTS, TABLE};
use super::json::Report;
use super::{csv, table};
use crate::checkpoint;
use crate::error::Error;
use crate::page;
use crate::visible;

/// The texts that a report becomes.
#[derive(Clone, Debug)]
pub struct Finished {
    /// `report.json`.
    pub json: String,
    /// `results.csv`.
    pub csv: Vec<u8>,
    /// For the terminal.
    pub table: String,
    /// That something was answered without a party or refused, where that is so.
    pub degradation: Option<String>,
}

impl Finished {
    /// Writes a report down.
    ///
    /// # Errors
    /// [`Error::Bug`]: writing to memory does not fail.
    pub fn new(report: &Report) -> Result<Self, Error> {
        let json =
            report.to_json().map_err(|e| Error::Bug(format!("{REPORT} cannot be written down: {e}")))?;
        Ok(Self {
            json,
            csv: csv::to_csv(report)?,
            table: visible::text(&table::render(report)).into_owned(),
            degradation: report.degradation(),
        })
    }

    /// Puts the files of a finished run into its folder, the report last: it marks the run as finished, and what was kept
    /// of its parts is no longer needed.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn keep(&self, folder: &OutputFolder, resolved_yaml: &str) -> Result<(), Error> {
        folder.write(RESOLVED, resolved_yaml.as_bytes())?;
        folder.write(RESULTS, &self.csv)?;
        folder.write(TABLE, self.table.as_bytes())?;
        page::of_run(folder, &self.json)?;
        folder.write(REPORT, self.json.as_bytes())?;
        // Nothing looks at them any more; that they could not be removed is no reason to call the run a failure.
        let _ = checkpoint::remove(folder.path());
        Ok(())
    }
}
