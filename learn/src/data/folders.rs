//! Where files are looked for. A file is taken as it is called or with `.gz` appended.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::DataError;

/// The folders of a run. Named sets are looked for in the data folder; a relative path of a scenario is looked for
/// beside the scenario first, then in the data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFolders {
    /// From `--data-dir` or `TURNCOAT_DATA`; `None` when neither is given.
    pub data_dir: Option<PathBuf>,
    /// The folder of the scenario file; `None` for an embedded scenario, whose paths are then relative to the folder the
    /// program was started in.
    pub scenario_dir: Option<PathBuf>,
}

impl DataFolders {
    /// The first of these files of a public set that is in the data folder, each with or without `.gz`.
    ///
    /// # Errors
    /// [`DataError::Missing`] with every place looked in and `home`, the place to get the files from, in words.
    pub(super) fn of_set(&self, set: &str, files: &[&str], home: &str) -> Result<PathBuf, DataError> {
        if let Some(path) = self.of_set_if_there(files)? {
            return Ok(path);
        }
        let folder = Path::new(files[0]).parent().unwrap_or(Path::new("")).display();
        let mend = if self.data_dir.is_some() {
            format!("get it from {home}, and put it under {folder}/ of the data folder, as it is or gzipped")
        } else {
            format!(
                "name the data folder with --data-dir or TURNCOAT_DATA, with the file under {folder}/ of it; it comes \
                 from {home}"
            )
        };
        let looked = self.data_dir.iter().flat_map(|dir| files.iter().map(|file| dir.join(file)));
        Err(DataError::Missing {
            dataset: set.into(),
            file: files[0].into(),
            looked: looked.flat_map(with_gz).collect(),
            mend,
        })
    }

    /// The same for a file that a set can do without.
    pub(super) fn of_set_if_there(&self, files: &[&str]) -> Result<Option<PathBuf>, DataError> {
        let Some(data_dir) = &self.data_dir else { return Ok(None) };
        for candidate in files.iter().flat_map(|file| with_gz(data_dir.join(file))) {
            if is_there(&candidate)? {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// The file that a scenario names by this path, with or without `.gz`.
    pub(super) fn of_scenario(&self, set: &str, path: &Path) -> Result<PathBuf, DataError> {
        let places = if path.is_absolute() {
            vec![path.to_owned()]
        } else {
            let beside = self.scenario_dir.clone().unwrap_or_default();
            std::iter::once(beside).chain(self.data_dir.clone()).map(|folder| folder.join(path)).collect()
        };
        let looked: Vec<PathBuf> = places.into_iter().flat_map(with_gz).collect();
        for candidate in &looked {
            if is_there(candidate)? {
                return Ok(candidate.clone());
            }
        }
        let mend = if path.is_absolute() {
            "mend the path in the scenario"
        } else {
            "a relative path is looked for beside the scenario file, then in the data folder (--data-dir or \
             TURNCOAT_DATA)"
        };
        let file = path.display().to_string();
        Err(DataError::Missing { dataset: set.into(), file, looked, mend: mend.into() })
    }
}

fn with_gz(path: PathBuf) -> [PathBuf; 2] {
    let mut zipped = path.clone().into_os_string();
    zipped.push(".gz");
    [path, zipped.into()]
}

fn is_there(path: &Path) -> Result<bool, DataError> {
    match path.metadata() {
        Ok(metadata) => Ok(!metadata.is_dir()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(DataError::read(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::Folder;

    #[test]
    fn the_scenario_s_own_folder_comes_before_the_data_folder() {
        let (scenario, data) = (Folder::new(), Folder::new());
        let folders = DataFolders {
            data_dir: Some(data.path().to_owned()),
            scenario_dir: Some(scenario.path().to_owned()),
        };
        let second = data.write("set.csv.gz", b"");
        assert_eq!(folders.of_scenario("set", Path::new("set.csv")).unwrap(), second);
        let first = scenario.write("set.csv", b"");
        assert_eq!(folders.of_scenario("set", Path::new("set.csv")).unwrap(), first);
    }

    #[test]
    fn a_missing_file_says_everywhere_it_was_looked_for_and_where_to_get_it() {
        let data = Folder::new();
        let folders = DataFolders { data_dir: Some(data.path().to_owned()), scenario_dir: None };
        let message =
            folders.of_set("mnist", &["mnist/a-ubyte"], "the home of MNIST").unwrap_err().to_string();
        let place = data.path().join("mnist/a-ubyte").display().to_string();
        assert!(message.starts_with("mnist: no mnist/a-ubyte"), "{message}");
        assert!(message.contains(&format!("{place}, {place}.gz")), "{message}");
        assert!(message.contains("get it from the home of MNIST, and put it under mnist/"), "{message}");

        let message = DataFolders::default().of_set("mnist", &["mnist/a-ubyte"], "the home of MNIST");
        let message = message.unwrap_err().to_string();
        assert!(message.contains("looked nowhere") && message.contains("--data-dir"), "{message}");

        let message = folders.of_scenario("mine", Path::new("x/mine.csv")).unwrap_err().to_string();
        assert!(message.contains("x/mine.csv, x/mine.csv.gz, "), "{message}");
        assert!(message.contains("beside the scenario file"), "{message}");
    }
}
