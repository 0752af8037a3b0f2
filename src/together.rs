//! Files of a command that appear together or not at all: when one cannot be written, those before it are removed again, and so are the
//! folders that were made for them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;

/// What was made so far. Dropped, it is removed; [`keep`](Self::keep) leaves it.
#[derive(Debug, Default)]
pub(crate) struct Together {
    /// In the order in which they were made.
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Together {
    /// Makes a folder and those above it that are not there.
    ///
    /// # Errors
    /// [`Error::Environment`].
    pub(crate) fn folder(&mut self, path: &Path) -> Result<(), Error> {
        let missing: Vec<&Path> =
            path.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => self.folders.push(folder.to_owned()),
                // Somebody else's of this moment.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::refused("make the folder", path, &e)),
            }
        }
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        Err(Error::refused("make the folder", path, &io::ErrorKind::NotADirectory.into()))
    }

    /// Notes a file that was written whole.
    pub(crate) fn made(&mut self, file: &Path) {
        self.files.push(file.to_owned());
    }

    /// Leaves everything where it is.
    pub(crate) fn keep(mut self) {
        self.folders.clear();
        self.files.clear();
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        // One that somebody else uses by now is not empty, and stays.
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes a file whole or not at all. One that is there is replaced only if `replace` says so, even one of this moment.
///
/// # Errors
/// [`Error::Environment`], or [`Error::Output`] when it is there.
pub(crate) fn write_whole(path: &Path, content: &str, replace: bool) -> Result<(), Error> {
    let refused = |e: &io::Error| Error::refused("write", path, e);
    // Neither a device nor what a link leads to is replaced by a file.
    if replace && path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return fs::write(path, content).map_err(|e| refused(&e));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // As any other new file: what the user's mask leaves.
    let usual = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    let mut file: NamedTempFile = tempfile::Builder::new()
        .prefix(".turncoat-")
        .permissions(usual)
        .tempfile_in(folder)
        .map_err(|e| refused(&e))?;
    file.write_all(content.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|e| refused(&e))?;
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(drop).map_err(|e| refused(&e.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_gone_and_what_was_there_stays() {
        let place = tempfile::tempdir().unwrap();
        let there = place.path().join("there");
        fs::create_dir(&there).unwrap();
        let mut together = Together::default();
        together.folder(&there.join("a/b")).unwrap();
        let file = there.join("a/b/c");
        write_whole(&file, "text", false).unwrap();
        together.made(&file);
        drop(together);
        assert!(there.exists() && fs::read_dir(&there).unwrap().next().is_none());

        let mut together = Together::default();
        together.folder(&there.join("a")).unwrap();
        together.keep();
        assert!(there.join("a").exists());
        assert!(Together::default().folder(&file).is_ok());
        fs::write(place.path().join("file"), "").unwrap();
        let refused = Together::default().folder(&place.path().join("file")).unwrap_err();
        assert!(matches!(refused, Error::Output(_)), "{refused}");
    }

    #[test]
    fn a_file_is_replaced_only_when_asked_to() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        write_whole(&file, "one", false).unwrap();
        assert!(matches!(write_whole(&file, "two", false), Err(Error::Output(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), "one");
        write_whole(&file, "two", true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
