//! The private folder through which the files of a federation's members pass: shards, keys, models. Only its owner may look inside,
//! from the moment it exists. It goes with the run; what a run left behind that was killed, the next one removes.
//!
//! A folder is held by a lock as long as its run lives, so one that can be locked is of a run that is dead. A folder that is about to
//! be locked by its maker looks the same for a moment; whoever finds its own folder taken makes another.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::getuid;
use tempfile::TempDir;

use crate::error::Error;
use crate::leftovers::{Leftover, Noted};

/// How the names of all such folders begin. No other program, and no earlier version, makes any that are locked and called so.
const PREFIX: &str = "turncoat-run-";

/// A folder of a run that lives.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: TempDir,
    _held: File,
    _noted: Noted,
}

impl Workspace {
    /// Makes one, after removing those of dead runs beside it.
    ///
    /// # Errors
    /// [`Error::Environment`] when there is no room for it.
    pub(crate) fn make() -> Result<Self, Error> {
        let place = std::env::temp_dir();
        let refused = |e: io::Error| Error::refused("make a folder for the parties' files in", &place, &e);
        for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
            remove_dead(&entry.path());
        }
        loop {
            let folder = tempfile::Builder::new()
                .prefix(PREFIX)
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(&place)
                .map_err(refused)?;
            // Noted before it is locked: it must go in any case.
            let noted = Leftover::Folder(folder.path().to_owned()).note();
            let held = match File::open(folder.path()) {
                Ok(held) => held,
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(refused(e)),
            };
            // A file system that offers no locks has no dead folders removed either.
            let taken = matches!(held.try_lock(), Err(fs::TryLockError::WouldBlock));
            if !taken && is_still_there(&held, folder.path()) {
                return Ok(Self { folder, _held: held, _noted: noted });
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes a folder of this kind if it is ours and its run is dead.
pub(crate) fn remove_dead(path: &Path) {
    let named = path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(PREFIX));
    if !named {
        return;
    }
    // A link is not followed: what is removed is a folder of this name.
    let ours = |file: &fs::Metadata| file.is_dir() && file.uid() == getuid().as_raw();
    if !path.symlink_metadata().is_ok_and(|found| ours(&found)) {
        return;
    }
    let Ok(held) = File::open(path) else { return };
    if held.try_lock().is_ok() && is_still_there(&held, path) {
        tracing::debug!(path = %path.display(), "removing what a run left behind that was killed");
        let _ = fs::remove_dir_all(path);
    }
}

/// Whether the folder that is held is the one of that name.
fn is_still_there(held: &File, path: &Path) -> bool {
    let same = |one: fs::Metadata, other: fs::Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    held.metadata().is_ok_and(|held| path.symlink_metadata().is_ok_and(|named| same(held, named)))
}

/// Makes a folder that only its owner may look into.
///
/// # Errors
/// What the system says.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// [`Error::Environment`] naming it.
pub(crate) fn write_private(path: &Path, content: &str) -> Result<(), Error> {
    let written = private_file(path).and_then(|mut file| io::Write::write_all(&mut file, content.as_bytes()));
    written.map_err(|e| Error::refused("write", path, &e))
}

/// Makes a file that only its owner may read.
///
/// # Errors
/// What the system says.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// The name of the file in which an unfinished run says where its folder is, for whoever resumes it elsewhere.
pub(crate) const RECORD: &str = "workspace";

/// Reads such a file, and removes the folder if its run is dead.
pub(crate) fn remove_recorded(record: &Path) {
    if let Ok(path) = fs::read_to_string(record) {
        remove_dead(&PathBuf::from(path.trim_end_matches('\n')));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o777
    }

    #[test]
    fn only_its_owner_may_look_inside() {
        let workspace = Workspace::make().unwrap();
        assert_eq!(mode(workspace.path()), 0o700);
        let (folder, file) = (workspace.path().join("a/b"), workspace.path().join("a/b/c"));
        private_folder(&folder).unwrap();
        write_private(&file, "secret").unwrap();
        assert_eq!((mode(&folder), mode(folder.parent().unwrap()), mode(&file)), (0o700, 0o700, 0o600));
        let path = workspace.path().to_owned();
        drop(workspace);
        assert!(!path.exists());
    }

    #[test]
    fn what_lives_stays_and_what_is_dead_goes() {
        let place = tempfile::tempdir().unwrap();
        let [dead, alive, other] =
            ["turncoat-run-dead", "turncoat-run-alive", "turncoat-other"].map(|name| {
                fs::create_dir(place.path().join(name)).unwrap();
                place.path().join(name)
            });
        fs::write(dead.join("party-1.npz"), "records").unwrap();
        let link = place.path().join("turncoat-run-link");
        std::os::unix::fs::symlink(&other, &link).unwrap();
        let held = File::open(&alive).unwrap();
        held.lock().unwrap();
        let live = Workspace::make().unwrap();
        for path in [&dead, &alive, &other, &link, live.path()] {
            remove_dead(path);
        }
        assert!(!dead.exists());
        assert!(alive.exists() && other.exists() && link.exists() && live.path().exists());
        drop(held);
        remove_dead(&alive);
        assert!(!alive.exists());
    }

    #[test]
    fn makers_and_removers_do_not_harm_each_other() {
        let place = std::env::temp_dir();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let entries = fs::read_dir(&place).unwrap().flatten();
                        entries.for_each(|entry| remove_dead(&entry.path()));
                    }
                });
                scope.spawn(|| {
                    for _ in 0..100 {
                        let workspace = Workspace::make().unwrap();
                        let file = workspace.path().join("shard");
                        write_private(&file, "records").unwrap();
                        assert_eq!(fs::read_to_string(&file).unwrap(), "records");
                    }
                });
            }
        });
    }
}
