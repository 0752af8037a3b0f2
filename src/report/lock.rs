//! One process at a time works in an output folder. The lock ends with the process that holds it, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;

/// A folder, held as long as this is alive.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _held: File,
}

impl FolderLock {
    /// Takes the lock of a folder that is there.
    ///
    /// # Errors
    /// [`Error::Output`] when another process holds it, or the folder cannot be opened.
    pub(crate) fn take(path: &Path) -> Result<Self, Error> {
        let held = File::open(path)
            .map_err(|e| Error::Output(format!("cannot open the output folder {}: {e}", path.display())))?;
        // A file system that offers no locks is no reason not to run.
        if let Err(TryLockError::WouldBlock) = held.try_lock() {
            return Err(Error::Output(format!(
                "another turncoat is at work in {}; wait until it is done, or choose another --out",
                path.display()
            )));
        }
        Ok(Self { _held: held })
    }
}
