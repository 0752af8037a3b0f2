//! Where files are looked for.

use std::path::PathBuf;

/// The folders of a run. Named sets are looked for in the data folder; a relative path of a scenario is looked for
/// beside the scenario first, then in the data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFolders {
    /// From `--data-dir` or `TURNCOAT_DATA`; `None` when neither is given.
    pub data_dir: Option<PathBuf>,
    /// The folder of the scenario file; `None` for an embedded scenario.
    pub scenario_dir: Option<PathBuf>,
}
