//! What the tests of the loaders share: files made by hand in a folder of their own, and the real data when it is there.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

use super::DataFolders;

/// A folder that goes away with the test.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// As the data folder of a run.
    pub(super) fn folders(&self) -> DataFolders {
        DataFolders { data_dir: Some(self.path().to_owned()), scenario_dir: None }
    }

    /// Writes a file, with the folders above it.
    pub(super) fn write(&self, file: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// One gzip member.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The folder of the real data when it holds `file`; otherwise a line that says the test is skipped.
pub(super) fn real_data(file: &str) -> Option<DataFolders> {
    let folder = std::env::var_os("TURNCOAT_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if !folder.join(file).exists() {
        println!("skipped: no {file} in {}", folder.display());
        return None;
    }
    Some(DataFolders { data_dir: Some(folder), scenario_dir: None })
}
