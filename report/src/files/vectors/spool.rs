//! The vectors of one repeat or fold on disk, until the files of the run are put together.
//!
//! Rows are cut into blocks of a bounded size. In a block, columns follow each other: the keys (i64), then each model's vectors
//! row by row (f64, NaN for what was not answered), all little-endian. A column of the run is so read by itself, without the others.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::layout::Layout;
use crate::error::Error;
use crate::files::folder::{OutputFolder, PendingFile};

/// A block takes at most so many bytes, but for a row that takes more by itself.
const BLOCK_BYTES: usize = 4 << 20;

/// A spool that is whole: its file, and what must be found there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spool {
    file: String,
    rows: usize,
    sha256: String,
}

/// A spool that is being written.
#[derive(Debug)]
pub struct SpoolWriter {
    name: String,
    file: PendingFile,
    hash: Sha256,
    layout: Layout,
    keys: Vec<i64>,
    probabilities: Vec<f64>,
    rows: usize,
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Rows of a block.
fn rows_a_block(layout: &Layout) -> usize {
    (BLOCK_BYTES / layout.row_bytes()).max(1)
}

impl SpoolWriter {
    /// Begins a spool in a folder; one that is there is replaced when this is finished.
    ///
    /// # Errors
    /// As [`OutputFolder::begin`].
    pub fn begin(folder: &OutputFolder, name: String, layout: &Layout) -> Result<Self, Error> {
        Ok(Self {
            file: folder.begin(&name)?,
            name,
            hash: Sha256::new(),
            layout: layout.clone(),
            keys: Vec::new(),
            probabilities: Vec::new(),
            rows: 0,
        })
    }

    /// Adds a row: its keys, and the probabilities of each model in turn, in the order of the layout; `None` for what was not
    /// answered.
    ///
    /// # Errors
    /// When a block cannot be written; [`Error::Bug`] when the row is not of the layout.
    pub fn add(
        &mut self,
        keys: impl IntoIterator<Item = i64>,
        probabilities: impl Iterator<Item = Option<f64>>,
    ) -> Result<(), Error> {
        let before = (self.keys.len(), self.probabilities.len());
        self.keys.extend(keys);
        self.probabilities.extend(probabilities.map(|value| value.unwrap_or(f64::NAN)));
        let got = (self.keys.len() - before.0, self.probabilities.len() - before.1);
        let expected = (self.layout.keys.len(), self.layout.width());
        if got != expected {
            let why = format!("it has {got:?} values in place of {expected:?}");
            return Err(Error::unwritten("a row of vectors", &why));
        }
        self.rows += 1;
        if self.rows.is_multiple_of(rows_a_block(&self.layout)) { self.write_block() } else { Ok(()) }
    }

    fn write_block(&mut self) -> Result<(), Error> {
        let (keys, models, classes) = (self.layout.keys.len(), self.layout.models.len(), self.layout.classes);
        let mut bytes = Vec::with_capacity(8 * (self.keys.len() + self.probabilities.len()));
        for column in 0..keys {
            bytes.extend(self.keys.iter().skip(column).step_by(keys).flat_map(|key| key.to_le_bytes()));
        }
        for model in 0..models {
            for row in self.probabilities.chunks(models * classes) {
                let own = &row[model * classes..(model + 1) * classes];
                bytes.extend(own.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
        self.keys.clear();
        self.probabilities.clear();
        self.hash.update(&bytes);
        self.file.write_all(&bytes).map_err(|source| self.file.failed(&source))
    }

    /// Puts the spool under its name.
    ///
    /// # Errors
    /// When it cannot be written to the end.
    pub fn finish(mut self) -> Result<Spool, Error> {
        if !self.keys.is_empty() {
            self.write_block()?;
        }
        self.file.finish()?;
        Ok(Spool { file: self.name, rows: self.rows, sha256: hex(self.hash) })
    }
}

impl Spool {
    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the file is there as it was written.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not.
    pub fn verify(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(&self.file);
        let digest = File::open(&path).and_then(|mut file| {
            let (mut hash, mut bytes) = (Sha256::new(), vec![0; 1 << 16]);
            loop {
                match file.read(&mut bytes)? {
                    0 => return Ok(hex(hash)),
                    read => hash.update(&bytes[..read]),
                }
            }
        });
        let what = match digest {
            Ok(digest) if digest == self.sha256 => return Ok(()),
            Ok(_) => "its content does not match its hash".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(Error::DamagedSpool { path, what, part: self.file.replacen(SPOOL, "repeat-", 1) })
    }

    pub(super) fn open(&self, folder: &Path) -> io::Result<Reader> {
        let file = File::open(folder.join(&self.file))?;
        Ok(Reader { file, rows: self.rows })
    }
}

/// What the names of spools begin with; the rest is as in the name of the repeat's or fold's checkpoint.
pub const SPOOL: &str = "vectors-";

/// Reads a spool.
pub(super) struct Reader {
    file: File,
    rows: usize,
}

impl Reader {
    /// The first row and the number of rows of each block.
    fn blocks(&self, layout: &Layout) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (rows, step) = (self.rows, rows_a_block(layout));
        (0..rows).step_by(step).map(move |first| (first, step.min(rows - first)))
    }

    /// Hands on each block's bytes of one column: `before` values of each row stand before it, it has `width`.
    pub(super) fn column(
        &mut self,
        layout: &Layout,
        before: usize,
        width: usize,
        mut each: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (first, rows) in self.blocks(layout) {
            let offset = first * layout.row_bytes() + 8 * rows * before;
            self.file.seek(SeekFrom::Start(offset as u64))?;
            bytes.resize(8 * rows * width, 0);
            self.file.read_exact(&mut bytes)?;
            each(&bytes)?;
        }
        Ok(())
    }

    /// Hands on each row: its keys and its probabilities, NaN for what was not answered.
    pub(super) fn each_row(
        &mut self,
        layout: &Layout,
        mut each: impl FnMut(&[i64], &[f64]) -> io::Result<()>,
    ) -> io::Result<()> {
        let (keys, classes) = (layout.keys.len(), layout.classes);
        let (mut own_keys, mut own) = (vec![0; keys], vec![0.0; layout.width()]);
        let mut bytes = Vec::new();
        self.file.rewind()?;
        for (_, rows) in self.blocks(layout) {
            bytes.resize(rows * layout.row_bytes(), 0);
            self.file.read_exact(&mut bytes)?;
            let value = |place: usize| -> [u8; 8] {
                bytes[8 * place..8 * place + 8].try_into().expect("eight bytes are eight bytes")
            };
            for row in 0..rows {
                for (column, key) in own_keys.iter_mut().enumerate() {
                    *key = i64::from_le_bytes(value(column * rows + row));
                }
                for (place, probability) in own.iter_mut().enumerate() {
                    let (model, class) = (place / classes, place % classes);
                    let at = keys * rows + (model * rows + row) * classes + class;
                    *probability = f64::from_le_bytes(value(at));
                }
                each(&own_keys, &own)?;
            }
        }
        Ok(())
    }
}
