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

type Table = csv::Writer<Vec<u8>>;

/// The text of both files.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BoundaryFiles {
    /// Answers on the grids.
    pub vectors: String,
    /// Training records.
    pub points: String,
}

/// Answers on the grids, row by row.
#[derive(Debug)]
pub struct Vectors {
    table: Table,
    classes: Vec<String>,
}

/// Training records, row by row.
#[derive(Debug)]
pub struct Points(Table);

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

impl Vectors {
    /// Begins the table.
    ///
    /// # Errors
    /// [`Error::Bug`]: writing to memory does not fail.
    pub fn new(features: &[String; 2], classes: &[String]) -> Result<Self, Error> {
        let mut table = Table::from_writer(Vec::new());
        let fixed = ["extent", "party", &features[0], &features[1], "predicted"].map(str::to_owned);
        let of_classes = classes.iter().map(|class| format!("p({class})"));
        table.write_record(fixed.into_iter().chain(of_classes)).map_err(|e| failed(&e))?;
        Ok(Self { table, classes: classes.to_vec() })
    }

    /// Adds one party's answer at one place, and the class that it predicts; `None` for the federation's mean.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn add(
        &mut self,
        extent: &str,
        party: Option<PartyId>,
        [x, y]: [f32; 2],
        predicted: usize,
        vector: ArrayView1<'_, f64>,
    ) -> Result<(), Error> {
        let predicted = self.classes.get(predicted).cloned().unwrap_or_default();
        let party = party.map_or_else(|| "average".into(), |party| party.get().to_string());
        let fixed = [extent.to_owned(), party, x.to_string(), y.to_string(), predicted];
        let probabilities = vector.iter().map(f64::to_string).collect::<Vec<_>>();
        self.table.write_record(fixed.into_iter().chain(probabilities)).map_err(|e| failed(&e))
    }

    /// The text.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn finish(self) -> Result<String, Error> {
        text(self.table)
    }
}

impl Points {
    /// Begins the table.
    ///
    /// # Errors
    /// [`Error::Bug`]: writing to memory does not fail.
    pub fn new(features: &[String; 2]) -> Result<Self, Error> {
        let mut table = Table::from_writer(Vec::new());
        table.write_record(["party", &features[0], &features[1], "class"]).map_err(|e| failed(&e))?;
        Ok(Self(table))
    }

    /// Adds a record.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn add(&mut self, party: PartyId, [x, y]: [f32; 2], class: &str) -> Result<(), Error> {
        let fields = [&party.get().to_string(), &x.to_string(), &y.to_string(), class];
        self.0.write_record(fields).map_err(|e| failed(&e))
    }

    /// The text.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn finish(self) -> Result<String, Error> {
        text(self.0)
    }
}

fn text(table: Table) -> Result<String, Error> {
    let bytes = table.into_inner().map_err(|e| failed(e.error()))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::unwritten("a table of boundaries", error)
}
