//! Whether the files of a data set are in the data folder, and where they would be looked for.

use std::path::{Path, PathBuf};

use super::catalogue::{DataFile, DataSet, Kind, Need};

/// Where a data set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Embedded,
    Generated,
    /// Files that a scenario names.
    Own,
    /// Enough of its files to be read.
    Found(Vec<Place>),
    /// The files that are there are not enough.
    Missing {
        /// Those that are there, if any.
        there: Vec<Place>,
        /// The places of those that are wanted.
        wanted: Vec<PathBuf>,
    },
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its name below the data folder, without `.gz`.
    pub(crate) file: &'static str,
    /// Where it is.
    pub(crate) path: PathBuf,
}

/// Looks for the files of a data set. Without a data folder every file is missing, and has no place.
pub(crate) fn state(set: &DataSet, data_dir: Option<&Path>) -> State {
    let files = match set.kind {
        Kind::Embedded => return State::Embedded,
        Kind::Generated => return State::Generated,
        Kind::Own => return State::Own,
        Kind::Files(files) => files,
    };
    let there: Vec<Place> = files.iter().filter_map(|file| find(file, data_dir)).collect();
    let is_there = |file: &&DataFile| there.iter().any(|place| place.file == file.path);
    let choice = files.iter().any(|file| file.need == Need::OneOf);
    let wanted: Vec<&DataFile> = files
        .iter()
        .filter(|file| match file.need {
            Need::Must => !is_there(file),
            Need::OneOf => true,
            Need::May => false,
        })
        .collect();
    let enough = if choice {
        files.iter().any(|file| file.need == Need::OneOf && is_there(&file))
    } else {
        wanted.is_empty()
    };
    if enough {
        return State::Found(there);
    }
    let wanted =
        data_dir.map_or_else(Vec::new, |dir| wanted.iter().map(|file| dir.join(file.path)).collect());
    State::Missing { there, wanted }
}

/// As it is called, or with `.gz` appended.
fn find(file: &DataFile, data_dir: Option<&Path>) -> Option<Place> {
    let plain = data_dir?.join(file.path);
    let mut zipped = plain.clone().into_os_string();
    zipped.push(".gz");
    let path = [plain, zipped.into()].into_iter().find(|path| path.is_file())?;
    Some(Place { file: file.path, path })
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::set;
    use super::*;

    #[test]
    fn a_set_is_found_when_enough_of_it_is_there() {
        let place = tempfile::tempdir().unwrap();
        let dir = Some(place.path());
        let put = |name: &str| {
            let path = place.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        };
        let (adult, cifar) = (set("adult").unwrap(), set("cifar10").unwrap());
        put("adult/adult.data");
        let State::Missing { there, wanted } = state(adult, dir) else { panic!("half of it is there") };
        assert_eq!((there.len(), wanted), (1, vec![place.path().join("adult/adult.test")]));
        put("adult/adult.test.gz");
        let State::Found(files) = state(adult, dir) else { panic!("both files are there") };
        assert_eq!(files[1].path, place.path().join("adult/adult.test.gz"));
        assert!(matches!(state(cifar, dir), State::Missing { wanted, .. } if wanted.len() == 6));
        put("cifar10/data_batch_2.bin");
        assert!(matches!(state(cifar, dir), State::Found(files) if files.len() == 1));
        assert_eq!(state(adult, None), State::Missing { there: Vec::new(), wanted: Vec::new() });
        assert_eq!(state(set("iris").unwrap(), None), State::Embedded);
    }
}
