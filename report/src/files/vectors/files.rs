//! The archive and the table, put together from the spools of all repeats.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use super::layout::Layout;
use super::npz::{Kind, NpzStream};
use super::spool::Spool;
use super::{VECTORS, VECTORS_CSV};
use crate::error::Error;
use crate::files::folder::OutputFolder;
use crate::files::gz_csv::GzCsv;

/// Both files, of which nothing is written before all rows are known.
#[derive(Debug)]
pub struct VectorFiles {
    folder: OutputFolder,
    /// Where the spools are.
    spooled: PathBuf,
    layout: Layout,
    spools: Vec<Spool>,
}

impl VectorFiles {
    /// Both files in an output folder, from spools in another.
    #[must_use]
    pub fn new(folder: &OutputFolder, spooled: PathBuf, layout: Layout) -> Self {
        Self { folder: folder.clone(), spooled, layout, spools: Vec::new() }
    }

    /// Adds the rows of a spool behind those that are there.
    pub fn add(&mut self, spool: Spool) {
        self.spools.push(spool);
    }

    /// Writes both files.
    ///
    /// # Errors
    /// When a spool cannot be read or a file cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        let mut table = GzCsv::begin(&self.folder, VECTORS_CSV, &self.layout.header())?;
        self.table(&mut table).map_err(|source| table.failed(&source))?;
        table.finish()?;
        let mut archive = self.folder.begin(VECTORS)?;
        self.archive(&mut archive).map_err(|source| archive.failed(&source))?;
        archive.finish()
    }

    fn table(&self, into: &mut impl Write) -> io::Result<()> {
        let mut line = String::new();
        for spool in &self.spools {
            spool.open(&self.spooled)?.each_row(&self.layout, |keys, probabilities| {
                line.clear();
                for (place, key) in keys.iter().enumerate() {
                    let _ = if place == 0 { write!(line, "{key}") } else { write!(line, ",{key}") };
                }
                for value in probabilities {
                    let _ = if value.is_nan() { write!(line, ",") } else { write!(line, ",{value}") };
                }
                line.push('\n');
                into.write_all(line.as_bytes())
            })?;
        }
        Ok(())
    }

    fn archive(&self, into: impl Write + io::Seek) -> io::Result<()> {
        let rows: usize = self.spools.iter().map(Spool::rows).sum();
        let classes = self.layout.classes;
        let mut npz = NpzStream::new(into);
        let keys = self.layout.keys.iter().enumerate();
        let keys = keys.map(|(column, name)| (*name, Kind::I64, vec![rows], column, 1));
        let models = self.layout.models.iter().enumerate().map(|(place, name)| {
            let name = if name.is_empty() { "vectors" } else { name };
            (name, Kind::F64, vec![rows, classes], self.layout.keys.len() + place * classes, classes)
        });
        for (name, kind, shape, before, width) in keys.chain(models) {
            npz.begin(name, kind, &shape)?;
            for spool in &self.spools {
                spool.open(&self.spooled)?.column(&self.layout, before, width, |bytes| npz.add(bytes))?;
            }
        }
        npz.finish().map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use ndarray::{Array1, Array2, array};
    use ndarray_npy::NpzReader;

    use super::super::spool::SpoolWriter;
    use super::*;

    fn files() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), false, false).unwrap();
        let layout = Layout::federation(2, 2);
        let mut files = VectorFiles::new(&folder, place.path().into(), layout.clone());
        let mut first = SpoolWriter::begin(&folder, "vectors-001".into(), &layout).unwrap();
        let answers = [0.75, 0.25, 0.5, 0.5, 1.0, 0.0];
        first.add([1, 7, 0, 1, 2, 1, 1], answers.into_iter().map(Some)).unwrap();
        files.add(first.finish().unwrap());
        let mut second = SpoolWriter::begin(&folder, "vectors-002".into(), &layout).unwrap();
        let answers = [Some(0.1), Some(0.9), None, None, Some(0.1), Some(0.9)];
        second.add([2, 9, 1, 0, 0, 1, 0], answers.into_iter()).unwrap();
        files.add(second.finish().unwrap());
        files.finish().unwrap();
        place
    }

    fn table(place: &std::path::Path) -> String {
        let mut table = String::new();
        let file = std::fs::File::open(place.join(VECTORS_CSV)).unwrap();
        flate2::read::GzDecoder::new(file).read_to_string(&mut table).unwrap();
        table
    }

    fn archive(place: &std::path::Path) -> NpzReader<std::fs::File> {
        NpzReader::new(std::fs::File::open(place.join(VECTORS)).unwrap()).unwrap()
    }

    #[test]
    fn both_files_hold_the_same_rows() {
        let place = files();
        assert_eq!(
            table(place.path()),
            "repeat,record,label,member,owner,uniform,matched,average_p0,average_p1,party_1_p0,party_1_p1,party_2_p0,party_2_p1\n\
             1,7,0,1,2,1,1,0.75,0.25,0.5,0.5,1,0\n2,9,1,0,0,1,0,0.1,0.9,,,0.1,0.9\n"
        );
        let mut npz = archive(place.path());
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

    /// Rows that take several blocks, the last of them not full.
    #[test]
    fn blocks_come_back_in_their_order() {
        let (parties, classes, rows) = (60, 200, 100);
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), false, false).unwrap();
        let layout = Layout::federation(parties, classes);
        let value = |row: usize, place: usize| ((row * 31 + place) % 97) as f64 / 97.0;
        let mut files = VectorFiles::new(&folder, place.path().into(), layout.clone());
        for (number, rows) in [(1, 0..rows), (2, rows..rows + 3)] {
            let mut spool = SpoolWriter::begin(&folder, format!("vectors-{number}"), &layout).unwrap();
            for row in rows {
                let keys = [number, row as i64, 0, 0, 0, 1, 0];
                spool.add(keys, (0..layout.width()).map(|place| Some(value(row, place)))).unwrap();
            }
            let spool = spool.finish().unwrap();
            spool.verify(place.path()).unwrap();
            files.add(spool);
        }
        files.finish().unwrap();
        let mut npz = archive(place.path());
        let records: Array1<i64> = npz.by_name("record").unwrap();
        assert!(records.iter().copied().eq(0..rows as i64 + 3));
        for (model, name) in [(0, "average"), (1, "party_1"), (60, "party_60")] {
            let vectors: Array2<f64> = npz.by_name(name).unwrap();
            let expected = Array2::from_shape_fn((rows + 3, classes), |(row, class)| {
                value(row, model * classes + class)
            });
            assert!(vectors == expected, "{name}");
        }
        let table = table(place.path());
        let last: Vec<f64> =
            table.lines().last().unwrap().split(',').map(|value| value.parse().unwrap()).collect();
        assert_eq!(last[..3], [2.0, rows as f64 + 2.0, 0.0]);
        assert!(last[7..].iter().enumerate().all(|(place, &found)| found == value(rows + 2, place)));
    }

    #[test]
    fn a_spool_that_was_touched_is_found() {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), false, false).unwrap();
        let layout = Layout::single_target(2);
        let mut spool = SpoolWriter::begin(&folder, "vectors-001".into(), &layout).unwrap();
        spool.add([1; 7], [Some(0.5), Some(0.5)].into_iter()).unwrap();
        assert!(matches!(spool.add([1; 6], [Some(0.5)].into_iter()), Err(Error::Bug { .. })));
        let mut spool = SpoolWriter::begin(&folder, "vectors-001".into(), &layout).unwrap();
        spool.add([1; 7], [Some(0.5), Some(0.5)].into_iter()).unwrap();
        let spool = spool.finish().unwrap();
        spool.verify(place.path()).unwrap();
        let path = place.path().join("vectors-001");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let told = spool.verify(place.path()).unwrap_err().to_string();
        assert!(
            told.contains("vectors-001 is damaged") && told.contains("delete repeat-001 beside it"),
            "{told}"
        );
        std::fs::remove_file(&path).unwrap();
        assert!(spool.verify(place.path()).is_err());
    }
}
