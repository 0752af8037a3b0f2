//! A compressed CSV file of the output folder, written piece by piece. Its bytes depend on the text alone: the archive
//! carries no time and no name.

use std::io::{self, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

use super::folder::{OutputFolder, PendingFile};
use crate::error::Error;

/// A file that is being written; it gets its name when it is finished.
#[derive(Debug)]
pub struct GzCsv {
    encoder: GzEncoder<PendingFile>,
}

impl GzCsv {
    /// Begins the file with its line of column names.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn begin(folder: &OutputFolder, name: &str, header: &str) -> Result<Self, Error> {
        let mut file = Self { encoder: GzBuilder::new().write(folder.begin(name)?, Compression::fast()) };
        file.add(header)?;
        file.add("\n")?;
        Ok(file)
    }

    /// Adds text.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn add(&mut self, text: &str) -> Result<(), Error> {
        self.write_all(text.as_bytes()).map_err(|source| self.failed(&source))
    }

    /// The error for this file.
    #[must_use]
    pub fn failed(&self, source: &io::Error) -> Error {
        self.encoder.get_ref().failed(source)
    }

    /// Puts the file under its name.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn finish(self) -> Result<(), Error> {
        let path = self.encoder.get_ref().path().to_owned();
        let finished = self.encoder.finish();
        finished.map_err(|source| Error::refused("write", &path, &source))?.finish()
    }
}

impl Write for GzCsv {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.encoder.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}
