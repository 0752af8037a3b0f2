//! The `--out` folder: nothing finished is overwritten unasked, and every file appears whole or not at all.
//!
//! Files are written under a temporary name beside their own and renamed. `report.json` comes last, so a folder that
//! has one holds a finished run. One process at a time works in a folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::boundaries::{BOUNDARIES, BOUNDARY_POINTS};
use super::claims::CLAIMS;
use super::lock::FolderLock;
use super::unfinished::Noted;
use super::vectors::{VECTORS, VECTORS_CSV};
use crate::error::Error;
use crate::result::report::Report;

/// The file that marks a finished run.
pub const REPORT: &str = "report.json";
/// One row for each result.
pub const RESULTS: &str = "results.csv";
/// What is run, with every default and override: itself a scenario.
pub const RESOLVED: &str = "scenario.resolved.yaml";
/// The tables, as they are printed.
pub const TABLE: &str = "table.txt";

/// The page to look at.
pub const PAGE: &str = "report.html";
/// The folder of its charts as files.
pub const PICTURES: &str = "pictures";

/// The attack sets of an experiment on single targets.
pub const ATTACK_SETS: &str = "attack_sets.csv.gz";

const FILES: [&str; 11] = [
    REPORT,
    PAGE,
    RESULTS,
    CLAIMS,
    ATTACK_SETS,
    VECTORS,
    VECTORS_CSV,
    RESOLVED,
    TABLE,
    BOUNDARIES,
    BOUNDARY_POINTS,
];

/// An output folder, ready to be written to.
#[derive(Clone, Debug)]
pub struct OutputFolder {
    path: PathBuf,
    /// Held until the last clone is gone.
    _lock: Option<Arc<FolderLock>>,
}

impl OutputFolder {
    /// Makes the folder, and clears the files that an earlier run left in it if `overwrite` says so. `begun` is whether parts of an
    /// unfinished run are kept there.
    ///
    /// # Errors
    /// When it holds a finished run, or finished parts of one, and may not be overwritten; when another process works in it;
    /// when it cannot be written to.
    pub fn prepare(path: &Path, overwrite: bool, begun: bool) -> Result<Self, Error> {
        let failed = |action: &str, source: io::Error| {
            Error::refused(&format!("{action} the output folder"), path, &source)
        };
        not_a_file(path)?;
        fs::create_dir_all(path).map_err(|e| failed("make", e))?;
        let lock = Some(Arc::new(FolderLock::take(path)?));
        if path.join(REPORT).exists() && !overwrite {
            return Err(Error::FinishedRun(path.into()));
        }
        if begun && !overwrite {
            return Err(Error::UnfinishedRun(path.into()));
        }
        // The report goes first: a folder is not a finished run while its other files are replaced.
        for name in FILES {
            remove(&path.join(name)).map_err(|e| failed("clear", e))?;
        }
        let folder = Self { path: path.into(), _lock: lock };
        for inner in [folder.path.join(PICTURES), folder.logs()] {
            remove_folder(&inner).map_err(|e| failed("clear", e))?;
        }
        fs::create_dir_all(folder.logs()).map_err(|e| failed("make", e))?;
        Ok(folder)
    }

    /// Makes the folder or takes up the one that is there, with what an unfinished run has kept in it.
    ///
    /// # Errors
    /// When another process works in it, or it cannot be written to.
    pub fn take_up(path: &Path) -> Result<Self, Error> {
        let folder = Self::make(path)?;
        let lock = Some(Arc::new(FolderLock::take(path)?));
        let failed = |e: io::Error| Error::refused("write to", path, &e);
        // A report that is not one: the folder is not a finished run while its files are replaced.
        remove(&path.join(REPORT)).map_err(failed)?;
        fs::create_dir_all(folder.logs()).map_err(failed)?;
        Ok(Self { _lock: lock, ..folder })
    }

    /// A folder that holds a finished run or sweep, as long as nobody else works in it.
    ///
    /// # Errors
    /// When the folder cannot be written to, or another process works in it.
    pub fn hold(path: &Path) -> Result<Self, Error> {
        Ok(Self { _lock: Some(Arc::new(FolderLock::take(path)?)), ..Self::at(path) })
    }

    /// A folder that is there, as it is.
    pub fn at(path: &Path) -> Self {
        Self { path: path.into(), _lock: None }
    }

    /// A folder of one's own; it is made if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be written to, or another process works in it.
    pub fn make(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|e| Error::refused("make the folder", path, &e))?;
        Ok(Self::at(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of log files.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    /// Writes a file whole.
    ///
    /// # Errors
    /// When it cannot be written; nothing is left under its name then.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let mut file = self.begin(name)?;
        file.write_all(content).map_err(|source| file.failed(&source))?;
        file.finish()
    }

    /// Begins a file that is written piece by piece.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn begin(&self, name: &str) -> Result<PendingFile, Error> {
        let path = self.path.join(name);
        let temporary = self.path.join(format!(".{name}.partial"));
        let file = File::create(&temporary).map_err(|source| Error::refused("write", &temporary, &source))?;
        let noted = Noted::new(temporary.clone());
        Ok(PendingFile { file: BufWriter::new(file), temporary, path, finished: false, _noted: noted })
    }
}

/// Reads the report of a folder; `None` where there is none, so that no finished run is there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn report(folder: &Path) -> Result<Option<Report>, Error> {
    let path = folder.join(REPORT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::unreadable(&path, e)),
    };
    let mend = "; remove it and go on with --resume, or run the scenario again";
    let no_report = |source| Error::NoReport { path, aim: "read", source, mend };
    Report::parse(&text).map(Some).map_err(no_report)
}

/// A file of that name is told apart from what else can go wrong: it is a slip.
///
/// # Errors
/// When the folder cannot be written to, or another process works in it.
pub fn not_a_file(path: &Path) -> Result<(), Error> {
    if path.is_file() {
        return Err(Error::File(path.into()));
    }
    Ok(())
}

/// Removes a folder with what is in it, if it is there.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A file that has no name of its own until it is finished. Dropped unfinished, it leaves nothing.
#[derive(Debug)]
pub struct PendingFile {
    file: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    finished: bool,
    _noted: Noted,
}

impl PendingFile {
    /// Puts the file under its name.
    ///
    /// # Errors
    /// When it cannot be written to the end.
    pub fn finish(mut self) -> Result<(), Error> {
        let done = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .and_then(|()| fs::rename(&self.temporary, &self.path));
        done.map_err(|source| self.failed(&source))?;
        self.finished = true;
        Ok(())
    }

    /// The name that it will have.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The error for this file.
    #[must_use]
    pub fn failed(&self, source: &io::Error) -> Error {
        Error::refused("write", &self.path, source)
    }
}

impl Write for PendingFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for PendingFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_run_is_not_overwritten_unasked() {
        let place = tempfile::tempdir().unwrap();
        OutputFolder::prepare(place.path(), false, false).unwrap().write("results.csv", b"a").unwrap();
        let folder = OutputFolder::prepare(place.path(), false, false).expect("nothing in it was finished");
        let refused = OutputFolder::prepare(place.path(), false, false).unwrap_err();
        assert!(refused.to_string().contains("another turncoat is at work"), "{refused}");
        folder.write(REPORT, b"{}").unwrap();
        drop(folder);
        let refused = OutputFolder::prepare(place.path(), false, false).unwrap_err();
        assert!(refused.to_string().contains("--overwrite"), "{refused}");
        OutputFolder::prepare(place.path(), true, false).unwrap();
        assert!(!place.path().join(REPORT).exists());
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(place.path(), false, false).unwrap();
        let mut pending = folder.begin("claims.csv.gz").unwrap();
        pending.write_all(b"half").unwrap();
        drop(pending);
        let left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["logs"]);
    }
}
