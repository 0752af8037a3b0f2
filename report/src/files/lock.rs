//! One process at a time works in an output folder. The lock ends with the process that holds it, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::Error;

/// For a process that was killed to be gone: the system takes a moment to let go of what it held.
const DYING: Duration = Duration::from_millis(500);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(10);

/// A folder, held as long as this is alive.
#[derive(Debug)]
pub struct FolderLock {
    _held: File,
}

impl FolderLock {
    /// Takes the lock of a folder that is there.
    ///
    /// # Errors
    /// When another process holds it, or the folder cannot be opened.
    pub fn take(path: &Path) -> Result<Self, Error> {
        let held = File::open(path).map_err(|e| Error::refused("open the output folder", path, &e))?;
        let until = Instant::now() + DYING;
        // A file system that offers no locks is no reason not to run.
        while let Err(TryLockError::WouldBlock) = held.try_lock() {
            if Instant::now() >= until {
                return Err(Error::AtWork(path.into()));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(Self { _held: held })
    }
}
