//! Files that hold training records, or a model that tells of them: only their owner may read them, from the moment they exist.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes such a file, or empties the one that is there.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
