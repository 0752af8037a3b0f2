//! What can be wrong with a checkpoint, and how to mend it.

use std::io;
use std::path::PathBuf;

use crate::error::Error;

/// A checkpoint that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckpointError {
    /// It is there and cannot be read.
    #[error("cannot read the checkpoint {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not what was written.
    #[error(
        "the checkpoint {} is damaged: {what}; delete this file, and what it held is computed again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Another version of turncoat has made it, whose figures may be others.
    #[error(
        "the checkpoint {} was made by turncoat {theirs}, and this is {}; go on with that version, or start the run \
         again with --overwrite",
        path.display(),
        env!("CARGO_PKG_VERSION")
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The other version.
        theirs: String,
    },
    /// It was made with other arithmetic, whose last bits may be others.
    #[error(
        "the checkpoint {} was made on a processor of the kind {theirs}, and this is {ours}: sums may differ in their last bits; go \
         on with it on such a processor, or start the run again with --overwrite",
        path.display()
    )]
    Kernel {
        /// The file.
        path: PathBuf,
        /// The other kind.
        theirs: String,
        /// This processor's.
        ours: &'static str,
    },
    /// It is of another scenario.
    #[error(
        "the checkpoint {} is of another scenario than the one in its folder; put the resolved scenario back as it was, or \
         start the run again with --overwrite",
        path.display()
    )]
    Scenario {
        /// The file.
        path: PathBuf,
    },
    /// It was made with other programs of the scenario's own.
    #[error(
        "the checkpoint {} was made with other programs than federation.commands names now; put them back as they were, or \
         start the run again with --overwrite",
        path.display()
    )]
    Programs {
        /// The file.
        path: PathBuf,
    },
    /// It is of other data.
    #[error(
        "the checkpoint {} was made on other data than is read now; put the data back as it was (or name its folder with \
         --data-dir), or start the run again with --overwrite",
        path.display()
    )]
    Data {
        /// The file.
        path: PathBuf,
    },
}

impl From<CheckpointError> for Error {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::Data { .. } => Self::Data(error.to_string()),
            _ => Self::Output(error.to_string()),
        }
    }
}
