//! How an experiment is run, of either kind.

use std::path::PathBuf;
use std::sync::Arc;

use turncoat_report::files::folder::OutputFolder;

use crate::checkpoint::Checkpoints;
use crate::progress::Progress;

/// How an experiment is run. Nothing here changes a figure.
#[derive(Debug)]
pub struct Options {
    /// Where files go, if they are kept.
    pub out: Option<OutputFolder>,
    /// What an earlier process has found, and where this one keeps what it finds; there is one if files are kept.
    pub(crate) checkpoints: Option<Arc<Checkpoints>>,
    /// Where the scenario lies, if it is a file: its commands run there.
    pub scenario_dir: Option<PathBuf>,
    /// The executable that processes are started from.
    pub executable: PathBuf,
    /// Repeats of a federation at the same time; threads of an experiment on single targets.
    pub jobs: usize,
    /// What is shown while it runs.
    pub progress: Progress,
}
