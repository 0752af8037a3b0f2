//! `vectors.npz` and `vectors.csv.gz`: the prediction vectors of a run beside the truth, in the form that other auditors score
//! again.
//!
//! Both files hold the same rows. Of a federation: repeat (from 1), record (row of the data set as it was prepared, from 0),
//! label (its class, from 0), member (0 or 1), owner (the party that trained on it, 0 for none), uniform and matched (whether
//! the record counts in that draw, which has as many members as non-members), then the vectors of the average and of each party.
//! Of single targets: repeat, fold (from 1), target (its place in the scenario, from 0), record, label, member, matched, and the
//! target's vector, of the record as the adversary knows it.
//!
//! In the archive each column is an array of i64, and each model one of f64, rows by classes: `average`, `party_1`, ..., or
//! `vectors` of single targets. In the table they are `average_p0`, ..., `party_1_p0`, ..., or `p0`, .... What a party did not
//! answer is NaN, and empty in the table. Neither file carries a time: the same run writes the same bytes.

use std::fmt::Write as _;
use std::io::{Seek, Write};

use ndarray::{Array1, ArrayView2, Axis, Slice};
use ndarray_npy::{NpzWriter, WriteNpzError};
use serde::{Deserialize, Serialize};

use super::folder::OutputFolder;
use super::gz_csv::GzCsv;
use crate::error::Error;

/// The archive for NumPy.
pub const VECTORS: &str = "vectors.npz";
/// The table.
pub const VECTORS_CSV: &str = "vectors.csv.gz";

/// Which columns there are.
#[derive(Clone, Debug)]
pub struct Layout {
    keys: &'static [&'static str],
    models: Vec<String>,
    classes: usize,
}

/// Some rows of both files.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorRows {
    keys: Vec<i64>,
    /// `None` for what was not answered.
    probabilities: Vec<Option<f64>>,
}

/// Both files, being written.
#[derive(Debug)]
pub struct VectorFiles {
    folder: OutputFolder,
    layout: Layout,
    table: GzCsv,
    all: VectorRows,
}

impl Layout {
    /// That of a federation.
    #[must_use]
    pub fn federation(parties: u32, classes: usize) -> Self {
        let models = (1..=parties).map(|party| format!("party_{party}"));
        let models = std::iter::once("average".to_owned()).chain(models).collect();
        Self {
            keys: &["repeat", "record", "label", "member", "owner", "uniform", "matched"],
            models,
            classes,
        }
    }

    /// That of single targets.
    #[must_use]
    pub fn single_target(classes: usize) -> Self {
        let models = vec![String::new()];
        Self { keys: &["repeat", "fold", "target", "record", "label", "member", "matched"], models, classes }
    }

    fn header(&self) -> String {
        let mut header = self.keys.join(",");
        for model in &self.models {
            let prefix = if model.is_empty() { String::new() } else { format!("{model}_") };
            (0..self.classes).for_each(|class| {
                let _ = write!(header, ",{prefix}p{class}");
            });
        }
        header
    }
}

/// Only how many there are.
impl std::fmt::Debug for VectorRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VectorRows({} probabilities)", self.probabilities.len())
    }
}

impl VectorRows {
    /// Adds a row: its keys, and the probabilities of each model in turn, in the order of the layout.
    pub fn add(
        &mut self,
        keys: impl IntoIterator<Item = i64>,
        probabilities: impl Iterator<Item = Option<f64>>,
    ) {
        self.keys.extend(keys);
        self.probabilities.extend(probabilities);
    }

    /// Adds rows behind these.
    pub fn append(&mut self, rows: Self) {
        self.keys.extend(rows.keys);
        self.probabilities.extend(rows.probabilities);
    }

    fn text(&self, layout: &Layout) -> String {
        let mut text = String::new();
        let values = self.probabilities.chunks(layout.models.len() * layout.classes);
        for (keys, values) in self.keys.chunks(layout.keys.len()).zip(values) {
            let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
            text.push_str(&keys.join(","));
            for value in values {
                let _ = match value {
                    Some(value) => write!(text, ",{value}"),
                    None => write!(text, ","),
                };
            }
            text.push('\n');
        }
        text
    }
}

impl VectorFiles {
    /// Begins both files in an output folder.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn begin(folder: &OutputFolder, layout: Layout) -> Result<Self, Error> {
        let table = GzCsv::begin(folder, VECTORS_CSV, &layout.header())?;
        Ok(Self { folder: folder.clone(), layout, table, all: VectorRows::default() })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn add(&mut self, rows: VectorRows) -> Result<(), Error> {
        self.table.add(&rows.text(&self.layout))?;
        // An array's length stands before its values, so the archive is written when all are there.
        self.all.append(rows);
        Ok(())
    }

    /// Puts the files under their names.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn finish(self) -> Result<(), Error> {
        self.table.finish()?;
        let mut bytes = std::io::Cursor::new(Vec::new());
        archive(&self.layout, &self.all, &mut bytes)
            .map_err(|e| Error::Bug(format!("{VECTORS} cannot be put together: {e}")))?;
        self.folder.write(VECTORS, bytes.get_ref())
    }
}

fn archive(layout: &Layout, rows: &VectorRows, into: impl Write + Seek) -> Result<(), WriteNpzError> {
    let count = rows.keys.len() / layout.keys.len();
    let shape = |error: ndarray::ShapeError| std::io::Error::other(error);
    let keys = ArrayView2::from_shape((count, layout.keys.len()), &rows.keys)
        .map_err(|error| WriteNpzError::Npy(shape(error).into()))?;
    let mut npz = NpzWriter::new(into);
    for (column, name) in layout.keys.iter().enumerate() {
        npz.add_array(*name, &keys.index_axis(Axis(1), column))?;
    }
    let values: Array1<f64> = rows.probabilities.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let width = layout.models.len() * layout.classes;
    let values = values.to_shape((count, width)).map_err(|error| WriteNpzError::Npy(shape(error).into()))?;
    for (place, name) in layout.models.iter().enumerate() {
        let columns = Slice::from(place * layout.classes..(place + 1) * layout.classes);
        let name = if name.is_empty() { "vectors" } else { name };
        npz.add_array(name, &values.slice_axis(Axis(1), columns).as_standard_layout())?;
    }
    npz.finish().map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use ndarray::{Array1, Array2, array};
    use ndarray_npy::NpzReader;

    use super::*;

    fn files() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), false).unwrap();
        let mut files = VectorFiles::begin(&folder, Layout::federation(2, 2)).unwrap();
        let mut first = VectorRows::default();
        let answers = [0.75, 0.25, 0.5, 0.5, 1.0, 0.0];
        first.add([1, 7, 0, 1, 2, 1, 1], answers.into_iter().map(Some));
        files.add(first).unwrap();
        let mut second = VectorRows::default();
        second
            .add([2, 9, 1, 0, 0, 1, 0], [Some(0.1), Some(0.9), None, None, Some(0.1), Some(0.9)].into_iter());
        files.add(second).unwrap();
        files.finish().unwrap();
        place
    }

    #[test]
    fn both_files_hold_the_same_rows() {
        let place = files();
        let mut table = String::new();
        let file = std::fs::File::open(place.path().join(VECTORS_CSV)).unwrap();
        flate2::read::GzDecoder::new(file).read_to_string(&mut table).unwrap();
        assert_eq!(
            table,
            "repeat,record,label,member,owner,uniform,matched,average_p0,average_p1,party_1_p0,party_1_p1,party_2_p0,party_2_p1\n\
             1,7,0,1,2,1,1,0.75,0.25,0.5,0.5,1,0\n2,9,1,0,0,1,0,0.1,0.9,,,0.1,0.9\n"
        );
        let mut npz = NpzReader::new(std::fs::File::open(place.path().join(VECTORS)).unwrap()).unwrap();
        let column: Array1<i64> = npz.by_name("owner").unwrap();
        assert_eq!(column, array![2, 0]);
        let average: Array2<f64> = npz.by_name("average").unwrap();
        assert_eq!(average, array![[0.75, 0.25], [0.1, 0.9]]);
        let missing: Array2<f64> = npz.by_name("party_1").unwrap();
        assert_eq!(missing.row(0), array![0.5, 0.5]);
        assert!(missing.row(1).iter().all(|value| value.is_nan()));
        assert_eq!(npz.names().unwrap().len(), 7 + 3);
    }

    #[test]
    fn the_same_rows_are_the_same_bytes() {
        let read = |name| std::fs::read(files().path().join(name)).unwrap();
        assert_eq!(read(VECTORS), read(VECTORS));
        assert_eq!(read(VECTORS_CSV), read(VECTORS_CSV));
    }

    #[test]
    fn a_single_target_has_one_model() {
        let layout = Layout::single_target(3);
        assert_eq!(layout.header(), "repeat,fold,target,record,label,member,matched,p0,p1,p2");
    }
}
