//! A compressed CSV file of the output folder, written piece by piece. Its bytes depend on the text alone: the archive
//! carries no time and no name.

use std::io::Write;

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
    /// [`Error::Output`].
    pub fn begin(folder: &OutputFolder, name: &str, header: &str) -> Result<Self, Error> {
        let mut file = Self { encoder: GzBuilder::new().write(folder.begin(name)?, Compression::fast()) };
        file.add(header)?;
        file.add("\n")?;
        Ok(file)
    }

    /// Adds text.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn add(&mut self, text: &str) -> Result<(), Error> {
        let written = self.encoder.write_all(text.as_bytes());
        written.map_err(|source| self.encoder.get_ref().failed(&source))
    }

    /// Puts the file under its name.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn finish(self) -> Result<(), Error> {
        let path = self.encoder.get_ref().path().to_owned();
        let finished = self.encoder.finish();
        finished.map_err(|source| Error::refused("write", &path, &source))?.finish()
    }
}
