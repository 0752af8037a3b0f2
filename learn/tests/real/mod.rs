//! The real data sets that scikit-learn's output is stored for, where their files are there.

use std::path::PathBuf;

use turncoat_learn::data::{DataFolders, DataSource};
use turncoat_learn::{Dataset, Seed};

/// The data set of that name: embedded, or from `TURNCOAT_DATA` or `shared/data` beside the repository. `None`, said aloud,
/// where its files are missing.
pub(crate) fn load(name: &str) -> Option<Dataset> {
    let (source, file) = match name {
        "iris" => (DataSource::Iris, None),
        "winequality-red" => (DataSource::WineQuality, None),
        "adult" => (DataSource::Adult, Some("adult/adult.data")),
        "mnist" => (DataSource::Mnist, Some("mnist/train-images-idx3-ubyte.gz")),
        other => panic!("no data set {other}"),
    };
    let folder = std::env::var_os("TURNCOAT_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    if let Some(file) = file.filter(|file| !folder.join(file).exists()) {
        println!("skipped: no {file} in {}", folder.display());
        return None;
    }
    let folders = DataFolders { data_dir: Some(folder), scenario_dir: None };
    Some(source.load(&folders, Seed::root(0)).expect("the data set is sound"))
}
