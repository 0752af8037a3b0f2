//! A party's private training records, and the `.npz` file in which a party is handed them.
//!
//! The file holds two arrays and nothing else: `x`, f32 `[n, d]`, and `y`, u32 `[n]`. Anyone can make one with
//! `numpy.savez(path, x=..., y=...)`, or with `numpy.savez_compressed`.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2, ArrayView2};
use ndarray_npy::NpzWriter;

use crate::dataset::Samples;
use crate::npz::Npz;
use crate::private::private_file;

/// Labelled records held by one owner. Finite, and as many labels as records; an extreme skew may leave an owner none.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::Shard;
///
/// let shard = Shard::new(array![[0.0], [1.0]], vec![0, 1])?;
/// assert_eq!(shard.samples(2)?.classes, 2);
/// assert!(shard.samples(1).is_err(), "there is no class 1 of one class");
///
/// let path = tempfile::tempdir().unwrap().keep().join("shard.npz");
/// shard.write(&path)?;
/// assert_eq!(Shard::read(&path)?.labels(), [0, 1]);
/// # std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
/// # Ok::<(), turncoat_learn::ShardError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Shard {
    records: Array2<f32>,
    labels: Vec<u32>,
}

/// A shard that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// The file cannot be opened or written.
    #[error("cannot {action} the shard {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not an `.npz` with the two arrays.
    #[error("{} is not a shard: {reason}; a shard is an .npz file with x (f32, [n, d]) and y (u32, [n])", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The arrays do not fit each other or hold what no learner may see.
    #[error("the shard's arrays are wrong: {0}")]
    Content(String),
}

impl Shard {
    /// Checks and keeps.
    ///
    /// # Errors
    /// [`ShardError::Content`] when lengths differ or a value is not finite.
    pub fn new(records: Array2<f32>, labels: Vec<u32>) -> Result<Self, ShardError> {
        if records.nrows() != labels.len() {
            return Err(ShardError::Content(format!(
                "{} records and {} labels",
                records.nrows(),
                labels.len()
            )));
        }
        for (row, record) in records.rows().into_iter().enumerate() {
            if let Some(column) = record.iter().position(|value| !value.is_finite()) {
                let value = record[column];
                return Err(ShardError::Content(format!("record {row}, feature {column} is {value}")));
            }
        }
        Ok(Self { records: records.as_standard_layout().into_owned(), labels })
    }

    /// Reads an `.npz` file.
    ///
    /// # Errors
    /// [`ShardError`] naming the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Self, ShardError> {
        let io = |source| ShardError::Io { action: "read", path: path.into(), source };
        let format = |reason: String| ShardError::Format { path: path.into(), reason };
        let file = File::open(path).map_err(io)?;
        let mut archive = Npz::open(BufReader::new(file)).map_err(|error| format(error.to_string()))?;
        if let Some(extra) = archive.names().find(|name| !matches!(*name, "x" | "y")) {
            return Err(format(format!("it also holds `{extra}`")));
        }
        let records: Array2<f32> = archive.array("x").map_err(|e| format(format!("x: {e}")))?;
        let labels: Array1<u32> = archive.array("y").map_err(|e| format(format!("y: {e}")))?;
        Self::new(records, labels.to_vec()).map_err(|error| match error {
            ShardError::Content(reason) => format(reason),
            other => other,
        })
    }

    /// Writes an `.npz` file that only its owner may read.
    ///
    /// # Errors
    /// [`ShardError::Io`] when the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), ShardError> {
        let io = |source| ShardError::Io { action: "write", path: path.into(), source };
        let npz = |error: ndarray_npy::WriteNpzError| io(std::io::Error::other(error));
        let mut archive = NpzWriter::new(BufWriter::new(private_file(path).map_err(io)?));
        archive.add_array("x", &self.records).map_err(npz)?;
        archive.add_array("y", &ndarray::ArrayView1::from(&self.labels)).map_err(npz)?;
        archive.finish().map_err(npz)?.flush().map_err(io)
    }

    /// Records, shape `[n, d]`.
    #[must_use]
    pub fn records(&self) -> ArrayView2<'_, f32> {
        self.records.view()
    }

    /// Labels, shape `[n]`.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether the owner was given nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The records as something to learn from, in a federation of `classes` classes.
    ///
    /// # Errors
    /// [`ShardError::Content`] when a label names no such class.
    pub fn samples(&self, classes: usize) -> Result<Samples<'_>, ShardError> {
        match self.labels.iter().position(|&label| label as usize >= classes) {
            Some(row) => Err(ShardError::Content(format!(
                "record {row} has label {}, but the federation has {classes} classes",
                self.labels[row]
            ))),
            None => Ok(Samples { records: self.records.view(), labels: &self.labels, classes }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_shard_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shard.npz");
        let shard = Shard::new(array![[1.0, 2.5], [3.0, -4.0]], vec![1, 0]).unwrap();
        shard.write(&path).unwrap();
        assert_eq!(Shard::read(&path).unwrap(), shard);
    }

    #[test]
    fn a_file_that_is_no_shard_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shard.npz");
        std::fs::write(&path, b"not a zip").unwrap();
        assert!(matches!(Shard::read(&path), Err(ShardError::Format { .. })));
        assert!(matches!(Shard::read(&folder.path().join("absent.npz")), Err(ShardError::Io { .. })));
        assert!(Shard::new(array![[f32::INFINITY]], vec![0]).is_err());
    }

    #[test]
    fn labels_beyond_the_federations_classes_are_refused() {
        let shard = Shard::new(array![[1.0]], vec![3]).unwrap();
        assert!(shard.samples(4).is_ok());
        assert!(shard.samples(3).is_err());
    }
}
