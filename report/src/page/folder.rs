//! What a page is made from: the files of a run's folder and nothing else, so that a page made while running and one made years
//! later are the same.

use std::fs;
use std::path::Path;

use super::boundaries::Boundaries;
use super::claims::Claims;
use crate::error::Error;
use crate::files::folder::{REPORT, RESOLVED};
use crate::result::report::Report;

/// A finished run, read back.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// `report.json`.
    pub(crate) report: Report,
    /// `scenario.resolved.yaml`; none where it is missing.
    pub(crate) resolved: Option<String>,
    /// `claims.csv.gz`.
    pub(crate) claims: Claims,
    /// `boundaries.csv.gz`, where the scenario asks for boundaries.
    pub(crate) boundaries: Option<Boundaries>,
    /// Names of the folder's files, of those that a run may leave.
    pub(crate) files: Vec<&'static str>,
}

/// What a run may leave beside its page, and what each file is.
pub(crate) const FILES: [(&str, &str); 9] = [
    ("report.json", "every figure, for tools"),
    ("results.csv", "one row for each result"),
    ("claims.csv.gz", "every claim beside the truth, to be scored again"),
    ("attack_sets.csv.gz", "the attack sets D*, to be learned from again"),
    ("boundaries.csv.gz", "answers on the grids of the decision boundaries"),
    ("boundary_points.csv.gz", "the training records upon them"),
    ("vectors.npz", "the prediction vectors with the truth, for numpy"),
    ("vectors.csv.gz", "the prediction vectors with the truth, as a table"),
    ("table.txt", "the tables, as they were printed"),
];

impl Run {
    /// Reads a folder; the report may not be in it yet, so its text is given.
    ///
    /// # Errors
    /// [`Error::Altered`] of a file that is there and is malformed.
    pub(crate) fn read(folder: &Path, json: &str) -> Result<Self, Error> {
        let report = Report::parse(json).map_err(|e| Error::NoReport {
            path: folder.join(REPORT),
            aim: "show",
            source: e,
            mend: "",
        })?;
        let resolved = match fs::read_to_string(folder.join(RESOLVED)) {
            Ok(text) => Some(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => {
                return Err(Error::unreadable(&folder.join(RESOLVED), e));
            }
        };
        // The report is the last file of a run: where this is read, it is about to be there.
        let there = |name: &&str| *name == REPORT || folder.join(name).is_file();
        Ok(Self {
            report,
            resolved,
            claims: Claims::read(folder)?,
            boundaries: Boundaries::read(folder)?,
            files: FILES.iter().map(|(name, _)| *name).filter(there).collect(),
        })
    }

    /// The name of a class by its number: the number itself where a report of an older version has none.
    pub(crate) fn class(&self, number: usize) -> String {
        self.report.classes.get(number).cloned().unwrap_or_else(|| format!("class {number}"))
    }
}
