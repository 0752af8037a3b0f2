//! Data sets, read once for all runs that share them.

use turncoat_learn::data::{DataError, DataFolders, DataSource};
use turncoat_learn::{Dataset, Seed};

use crate::error::Error;
use crate::scenario::Study;

/// Loads data sets and keeps the last one, for runs that follow each other on the same data.
#[derive(Debug)]
pub struct DataCache {
    folders: DataFolders,
    keep: bool,
    last: Option<(DataSource, Dataset)>,
}

impl DataCache {
    /// `keep`: whether more than one run is to come.
    #[must_use]
    pub fn new(folders: DataFolders, keep: bool) -> Self {
        Self { folders, keep, last: None }
    }

    /// Where data sets are looked for.
    #[must_use]
    pub fn folders(&self) -> &DataFolders {
        &self.folders
    }

    /// The data of a scenario, prepared as the scenario says.
    ///
    /// # Errors
    /// [`Error::Data`] when it is missing or malformed, [`Error::Usage`] when the scenario asks what it cannot give.
    pub fn prepared(&mut self, study: &Study) -> Result<Dataset, Error> {
        let seed = Seed::root(study.seed());
        let data = self.load(study.data(), seed.child("data", 0))?;
        let data = study.preprocess().apply(data, seed.child("preprocess", 0))?;
        study.check_classes(data.classes()).map_err(|error| {
            Error::Usage(format!("{} has {} classes: {error}", data.name(), data.classes()))
        })?;
        Ok(data)
    }

    /// The whole set, as [`DataSource::load`] gives it.
    ///
    /// # Errors
    /// [`DataError`].
    pub fn load(&mut self, source: &DataSource, seed: Seed) -> Result<Dataset, DataError> {
        // What is generated depends on the seed and is quickly made again.
        if !self.keep || !source.reads_files() {
            return source.load(&self.folders, seed);
        }
        if self.last.as_ref().is_none_or(|(of, _)| of != source) {
            // The one before goes first: two sets of images need not fit into memory.
            self.last = None;
            self.last = Some((source.clone(), source.load(&self.folders, seed)?));
        }
        let (_, data) = self.last.as_ref().expect("a data set was just put there");
        Ok(data.clone())
    }
}
