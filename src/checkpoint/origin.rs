//! Where an unfinished run looked for its files, so that it can be resumed from anywhere with its folder's name alone.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use turncoat_learn::data::DataFolders;
use turncoat_report::files::folder::OutputFolder;

use super::file::{Heading, Sealed, read, seal};
use super::folder::FOLDER;
use crate::error::Error;
use crate::kernel::kernel;

/// The name of its file.
const ORIGIN: &str = "origin";

/// Folders, absolute where they exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    scenario_dir: Option<PathBuf>,
    data_dir: Option<PathBuf>,
}

impl Origin {
    /// Of a run that is about to begin.
    pub(crate) fn of(folders: &DataFolders) -> Self {
        let absolute = |path: &PathBuf| {
            let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
            let path = path.canonicalize().unwrap_or_else(|_| path.into());
            // One that is no text cannot be kept as such: it has to be named again.
            path.to_str().is_some().then_some(path)
        };
        Self {
            scenario_dir: folders.scenario_dir.as_ref().and_then(absolute),
            data_dir: folders.data_dir.as_ref().and_then(absolute),
        }
    }

    /// Where a resumed run looks: `data_dir` where it is given.
    pub(crate) fn folders(self, data_dir: Option<PathBuf>) -> DataFolders {
        DataFolders { data_dir: data_dir.or(self.data_dir), scenario_dir: self.scenario_dir }
    }

    /// Writes it down, before anything else of the run. `scenario` is the hash of what is run.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub(crate) fn keep(&self, run: &Path, scenario: &str) -> Result<(), Error> {
        let folder = OutputFolder::make(&run.join(FOLDER))?;
        match seal(&heading(scenario), self)? {
            Sealed::Bytes(bytes) => Ok(folder.write(ORIGIN, &bytes)?),
            Sealed::Inexact => Err(Error::Bug("the folders of a run cannot be written down".into())),
        }
    }

    /// Reads it back; `None` where no run was begun.
    ///
    /// # Errors
    /// [`Error::Output`] when it is damaged, or of another scenario or version.
    pub(crate) fn find(run: &Path, scenario: &str) -> Result<Option<Self>, Error> {
        Ok(read(&run.join(FOLDER).join(ORIGIN), &heading(scenario))?)
    }
}

fn heading(scenario: &str) -> Heading {
    Heading {
        version: env!("CARGO_PKG_VERSION").into(),
        kernel: kernel().into(),
        scenario: scenario.into(),
        data: None,
        programs: None,
        part: ORIGIN.into(),
    }
}
