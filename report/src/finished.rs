//! A finished run as it is kept and shown: the texts of its files, and its tables.

use turncoat_learn::visible;

use crate::error::Error;
use crate::files::csv;
use crate::files::folder::{OutputFolder, REPORT, RESOLVED, RESULTS, TABLE};
use crate::page;
use crate::result::report::Report;
use crate::table;

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
        let json = report.to_json().map_err(|e| Error::unwritten(REPORT, &e))?;
        Ok(Self {
            json,
            csv: csv::to_csv(report)?,
            table: visible::text(&table::run::render(report)).into_owned(),
            degradation: report.degradation(),
        })
    }

    /// Puts the files of a finished run into its folder, the report last: it marks the run as finished.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn keep(&self, folder: &OutputFolder, resolved_yaml: &str) -> Result<(), Error> {
        folder.write(RESOLVED, resolved_yaml.as_bytes())?;
        folder.write(RESULTS, &self.csv)?;
        folder.write(TABLE, self.table.as_bytes())?;
        page::of_run(folder, &self.json)?;
        folder.write(REPORT, self.json.as_bytes())
    }
}
