//! `boundaries.csv.gz` and `boundary_points.csv.gz`: the decision boundaries of each party over two features, and the training
//! records that made them (Truex et al., Figure 10).
//!
//! - boundaries: extent (`whole` data or `region`), party (its number, or `average` for the federation's mean), a column for
//!   each of the two features under its name, predicted (the class of the largest probability, the first of equals), and
//!   `p(CLASS)` for each class. Rows go by extent, second feature, first feature, party.
//! - boundary_points: party, the two features, class; each party's training records in the region (in the whole where none is
//!   given), in the order of the data set.

use ndarray::ArrayView1;
use turncoat_learn::PartyId;

use super::folder::OutputFolder;
use super::gz_csv::GzCsv;
use crate::error::Error;

/// The names of the files.
pub const BOUNDARIES: &str = "boundaries.csv.gz";
/// The training records beside them.
pub const BOUNDARY_POINTS: &str = "boundary_points.csv.gz";

/// The text of both files.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BoundaryFiles {
    /// Answers on the grids.
    pub vectors: String,
    /// Training records.
    pub points: String,
}

/// One of them, row by row.
#[derive(Debug)]
pub struct BoundaryTable(csv::Writer<Vec<u8>>);

impl BoundaryFiles {
    /// Writes both.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn write(&self, folder: &OutputFolder) -> Result<(), Error> {
        for (name, text) in [(BOUNDARIES, &self.vectors), (BOUNDARY_POINTS, &self.points)] {
            let (header, rows) = text.split_once('\n').unwrap_or_default();
            let mut file = GzCsv::begin(folder, name, header)?;
            file.add(rows)?;
            file.finish()?;
        }
        Ok(())
    }
}

impl BoundaryTable {
    /// Begins that of responses.
    ///
    /// # Errors
    /// [`Error::Bug`]: writing to memory does not fail.
    pub fn vectors(features: &[String; 2], classes: &[String]) -> Result<Self, Error> {
        let fixed = ["extent", "party", &features[0], &features[1], "predicted"].map(str::to_owned);
        Self::begin(fixed.into_iter().chain(classes.iter().map(|class| format!("p({class})"))))
    }

    /// Begins that of training records.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn points(features: &[String; 2]) -> Result<Self, Error> {
        Self::begin(["party", &features[0], &features[1], "class"].map(str::to_owned))
    }

    /// Adds one party's response at one place, and the class that it predicts; `None` for the federation's mean.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn vector(
        &mut self,
        extent: &str,
        party: Option<PartyId>,
        [x, y]: [f32; 2],
        predicted: &str,
        vector: ArrayView1<'_, f64>,
    ) -> Result<(), Error> {
        let party = party.map_or_else(|| "average".into(), |party| party.get().to_string());
        let fixed = [extent.to_owned(), party, x.to_string(), y.to_string(), predicted.to_owned()];
        self.row(fixed.into_iter().chain(vector.iter().map(f64::to_string)))
    }

    /// Adds a training record.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn point(&mut self, party: PartyId, [x, y]: [f32; 2], class: &str) -> Result<(), Error> {
        self.row([party.get().to_string(), x.to_string(), y.to_string(), class.to_owned()])
    }

    /// The text.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn finish(self) -> Result<String, Error> {
        let bytes = self.0.into_inner().map_err(|e| failed(e.error()))?;
        String::from_utf8(bytes).map_err(|e| failed(&e))
    }

    fn begin(columns: impl IntoIterator<Item = String>) -> Result<Self, Error> {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.row(columns)?;
        Ok(table)
    }

    fn row(&mut self, fields: impl IntoIterator<Item = String>) -> Result<(), Error> {
        self.0.write_record(fields).map_err(|e| failed(&e))
    }
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::unwritten("a table of boundaries", error)
}
