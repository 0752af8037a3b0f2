//! The checkpoints of one run: which are there, taking them, keeping more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;
use turncoat_learn::Dataset;
use turncoat_report::files::folder::OutputFolder;
use turncoat_report::files::vectors::{Layout, SPOOL, SpoolWriter};

use super::file::{Heading, Sealed, read, seal};
use crate::error::Error;
use crate::identity::{digest, programs};
use crate::kernel::kernel;
use crate::scenario::Loaded;
use crate::workspace::{RECORD, remove_recorded};

/// The folder's name.
pub(crate) const FOLDER: &str = "checkpoint";
/// The file that is written when the data has been read, before the first repeat.
const DATA: &str = "data";
const REPEAT: &str = "repeat-";

/// A part of a run that is kept as one; numbers count from zero, names from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A whole repeat.
    Repeat(u32),
    /// A fold of an experiment on single targets.
    Fold {
        /// Its repeat.
        repeat: u32,
        /// Its number.
        fold: u32,
    },
}

impl Part {
    fn name(self) -> String {
        format!("{REPEAT}{}", self.number())
    }

    fn number(self) -> String {
        match self {
            Self::Repeat(repeat) => format!("{:03}", repeat + 1),
            Self::Fold { repeat, fold } => format!("{:03}-fold-{:03}", repeat + 1, fold + 1),
        }
    }
}

/// The checkpoints of one run.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    folder: OutputFolder,
    heading: Heading,
    taken: AtomicU32,
}

impl Checkpoints {
    /// Makes room for them, or takes up what is there: `run` is the run's output folder, `data` its prepared data,
    /// `scenario_dir` where the scenario lies.
    ///
    /// # Errors
    /// [`Error::Output`] when the folder cannot be written to, or holds checkpoints of another scenario or version;
    /// [`Error::Data`] when they were made on other data.
    pub(crate) fn begin(
        run: &OutputFolder,
        loaded: &Loaded,
        data: &Dataset,
        scenario_dir: Option<&Path>,
    ) -> Result<Self, Error> {
        let folder = OutputFolder::make(&run.path().join(FOLDER))?;
        let heading = Heading {
            version: env!("CARGO_PKG_VERSION").into(),
            kernel: kernel().into(),
            scenario: loaded.run_sha256.clone(),
            data: Some(digest(data)),
            programs: programs(&loaded.study, scenario_dir)?,
            part: String::new(),
        };
        let checkpoints = Self { folder, heading, taken: AtomicU32::new(0) };
        if checkpoints.find::<()>(DATA.into())?.is_none() {
            checkpoints.write(DATA.into(), &())?;
        }
        Ok(checkpoints)
    }

    /// Where they are.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Begins what a part keeps of its vectors, beside its checkpoint; it outlives the checkpoint of a fold.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn spool(&self, part: Part, layout: &Layout) -> Result<SpoolWriter, Error> {
        Ok(SpoolWriter::begin(&self.folder, format!("{SPOOL}{}", part.number()), layout)?)
    }

    /// What was kept of a part, if it was.
    ///
    /// # Errors
    /// [`Error::Output`] or [`Error::Data`] when it is damaged or of another run.
    pub(crate) fn take<T: DeserializeOwned>(&self, part: Part) -> Result<Option<T>, Error> {
        let found = self.find(part.name())?;
        if found.is_some() && matches!(part, Part::Repeat(_)) {
            self.taken.fetch_add(1, Ordering::Relaxed);
        }
        Ok(found)
    }

    /// How many whole repeats were taken.
    pub(crate) fn taken(&self) -> u32 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Keeps a part. A repeat replaces its folds.
    ///
    /// # Errors
    /// [`Error::Output`] when it cannot be written; nothing is left under its name then.
    pub(crate) fn keep<T: Serialize + DeserializeOwned + PartialEq>(
        &self,
        part: Part,
        found: &T,
    ) -> Result<(), Error> {
        self.write(part.name(), found)?;
        if let Part::Repeat(_) = part {
            let prefix = format!("{}-fold-", part.name());
            for name in names(self.folder.path()).into_iter().filter(|name| name.starts_with(&prefix)) {
                // One that stays is not looked at any more, and goes with the folder.
                let _ = fs::remove_file(self.folder.path().join(name));
            }
        }
        Ok(())
    }

    fn find<T: DeserializeOwned>(&self, part: String) -> Result<Option<T>, Error> {
        let path = self.folder.path().join(&part);
        Ok(read(&path, &Heading { part, ..self.heading.clone() })?)
    }

    fn write<T: Serialize + DeserializeOwned + PartialEq>(
        &self,
        part: String,
        found: &T,
    ) -> Result<(), Error> {
        let heading = Heading { part, ..self.heading.clone() };
        match seal(&heading, found)? {
            Sealed::Bytes(bytes) => Ok(self.folder.write(&heading.part, &bytes)?),
            Sealed::Inexact => {
                tracing::warn!(
                    "{} holds numbers that cannot be kept; resumed, it is computed again",
                    heading.part
                );
                Ok(())
            }
        }
    }
}

/// How many repeats and folds an unfinished run has kept.
pub(crate) fn kept(run: &Path) -> usize {
    names(&run.join(FOLDER)).iter().filter(|name| name.starts_with(REPEAT)).count()
}

/// Writes down where the private folder of a run is, and removes that of the process that it goes on from, if it was killed.
///
/// # Errors
/// [`Error::Environment`].
pub(crate) fn record_workspace(run: &Path, workspace: &Path) -> Result<(), Error> {
    let folder = OutputFolder::make(&run.join(FOLDER))?;
    remove_recorded(&folder.path().join(RECORD));
    Ok(folder.write(RECORD, format!("{}\n", workspace.display()).as_bytes())?)
}

/// Removes all checkpoints of a run, and the private folder that it may have left behind.
///
/// # Errors
/// Why they cannot be.
pub(crate) fn remove(run: &Path) -> io::Result<()> {
    remove_recorded(&run.join(FOLDER).join(RECORD));
    match fs::remove_dir_all(run.join(FOLDER)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The names in a folder that are texts, in any order; none where it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.iter().filter_map(|path| path.file_name()?.to_str().map(String::from)).collect()
}
