//! What can go wrong with results and the folders that hold them, each with its mend.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use crate::result::report::ReadError;

/// An error of a report or of an output folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused to do something with a path.
    #[error("cannot {doing} {}: {why}{}", path.display(), mend(*kind))]
    Refused {
        /// What was to be done.
        doing: String,
        /// With what.
        path: PathBuf,
        /// The system's reason.
        kind: io::ErrorKind,
        /// The same in words.
        why: String,
    },
    /// The output folder holds a finished run.
    #[error("{} already holds a finished run; choose another --out, or add --overwrite to replace it", .0.display())]
    FinishedRun(PathBuf),
    /// The output folder holds parts of a run.
    #[error(
        "{path} holds an unfinished run; go on with it with `turncoat run --resume {path}`, choose another --out, or add \
         --overwrite to start it again",
        path = .0.display()
    )]
    UnfinishedRun(PathBuf),
    /// Another process holds the output folder.
    #[error("another turncoat is at work in {}; wait until it is done, or choose another --out", .0.display())]
    AtWork(PathBuf),
    /// The output folder would have the name of a file.
    #[error("cannot make the output folder {}: that is a file; choose another --out", .0.display())]
    File(PathBuf),
    /// The vectors of a repeat or fold are not what was written.
    #[error(
        "the checkpoint {} is damaged: {what}; delete {part} beside it, and what it held is computed again",
        path.display()
    )]
    DamagedSpool {
        /// Their file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// The file of the same repeat or fold.
        part: String,
    },
    /// A file of a finished run cannot be read.
    #[error("cannot read {}: {source}{mend}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// What to do, where more than its reason is to be said.
        mend: &'static str,
    },
    /// A file is there and is no report.
    #[error("{} is no report that this version can {aim}: {source}{mend}", path.display())]
    NoReport {
        /// The file.
        path: PathBuf,
        /// What it was wanted for: `read` or `show`.
        aim: &'static str,
        /// Why not.
        source: ReadError,
        /// What to do.
        mend: &'static str,
    },
    /// The file of claims or of boundaries is not what a run writes.
    #[error(
        "{} is {kind} `turncoat run` writes it: {what}; put the file back as it was, or delete it and make the report \
         without it",
        path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// How it differs, before `turncoat run`.
        kind: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A table of results or of figures is malformed.
    #[error("{name}: {what}")]
    Table {
        /// The table, with the line where one is at fault.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// A report went away while it was read.
    #[error("{} is not there any more", .0.display())]
    Gone(PathBuf),
    /// A folder to make the page of holds no finished run.
    #[error(
        "{path} holds no finished run: it has no report.json; give the --out folder of a run or of a sweep (an unfinished one goes \
         on with `turncoat run --resume {path}`)",
        path = .0.display()
    )]
    NoRun(PathBuf),
    /// A sweep whose results are wanted is not finished.
    #[error(
        "the sweep in {folder} is not finished: {what}; go on with it with `turncoat run --resume {folder}`",
        folder = path.display()
    )]
    UnfinishedSweep {
        /// Its folder.
        path: PathBuf,
        /// What it lacks.
        what: String,
    },
    /// No report is below a folder whose results are to be compared.
    #[error(
        "{} holds no report.json, nor does a folder in it; give the --out folder of a run, of a sweep, or one that holds several",
        .0.display()
    )]
    NoResults(PathBuf),
    /// A folder whose results are to be compared cannot be read.
    #[error(
        "{} cannot be read: {source}; give the --out folder of a run, of a sweep, or one that holds several",
        path.display()
    )]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A table of figures to compare with cannot be read.
    #[error("{}: {source}", path.display())]
    NoFigures {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is in memory cannot be written down or drawn, which does not happen.
    #[error("{what} cannot be {done}: {why}")]
    Bug {
        /// What.
        what: String,
        /// `written down` or `drawn`.
        done: &'static str,
        /// Why.
        why: String,
    },
    /// Any of these, with what was being done at the time.
    #[error("{what}: {source}")]
    During {
        /// What.
        what: String,
        /// The error.
        source: Box<Self>,
    },
}

/// Whose mistake an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Of the command line.
    Usage,
    /// Of the output folder's content.
    Output,
    /// Of the machine.
    Environment,
    /// Of a file's content.
    Data,
    /// Of turncoat.
    Bug,
}

impl Error {
    /// What the system refused to do with a path, why, and how to mend it.
    #[must_use]
    pub fn refused(doing: &str, path: &Path, source: &io::Error) -> Self {
        Self::Refused { doing: doing.into(), path: path.into(), kind: source.kind(), why: source.to_string() }
    }

    pub(crate) fn unwritten(what: &str, why: &dyn Display) -> Self {
        Self::Bug { what: what.into(), done: "written down", why: why.to_string() }
    }

    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable { path: path.into(), source, mend: "" }
    }

    pub(crate) fn table(name: impl Into<String>, what: impl Display) -> Self {
        Self::Table { name: name.into(), what: what.to_string() }
    }

    /// Whose mistake it is. A path that cannot be meant is a slip of whoever named it; everything else that the system refuses is
    /// the machine's trouble.
    #[must_use]
    pub fn fault(&self) -> Fault {
        use io::ErrorKind;
        match self {
            Self::Refused {
                kind:
                    ErrorKind::NotADirectory
                    | ErrorKind::IsADirectory
                    | ErrorKind::AlreadyExists
                    | ErrorKind::InvalidFilename,
                ..
            }
            | Self::FinishedRun(_)
            | Self::UnfinishedRun(_)
            | Self::AtWork(_)
            | Self::File(_)
            | Self::DamagedSpool { .. } => Fault::Output,
            Self::Refused { .. } => Fault::Environment,
            Self::Unreadable { .. }
            | Self::NoReport { .. }
            | Self::Altered { .. }
            | Self::Table { .. }
            | Self::Gone(_) => Fault::Data,
            Self::NoRun(_)
            | Self::UnfinishedSweep { .. }
            | Self::NoResults(_)
            | Self::NoFolder { .. }
            | Self::NoFigures { .. } => Fault::Usage,
            Self::Bug { .. } => Fault::Bug,
            Self::During { source, .. } => source.fault(),
        }
    }
}

fn mend(kind: io::ErrorKind) -> &'static str {
    use io::ErrorKind;
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "; make room there",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "; allow it there, or choose another place"
        }
        _ => "",
    }
}
