//! What can go wrong, as the user is told it, and the exit code that goes with it.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use turncoat_learn::ShardError;
use turncoat_net::identity::{CertificateError, CertificateFileError};
use turncoat_proto::CredentialsError;
use turncoat_report::Fault;

use crate::scenario::ScenarioErrors;

/// The exit code of trouble with files and streams that is nobody's mistake: EX_IOERR of sysexits.
const ENVIRONMENT: u8 = 74;

/// An error at the edge: the message is complete, nothing below it needs to be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scenario is wrong; every violation is listed.
    #[error("{0}")]
    Scenario(#[from] ScenarioErrors),
    /// The command line is wrong, or the scenario asks what its data cannot give.
    #[error("{0}")]
    Usage(String),
    /// What is in the output folder forbids what is asked.
    #[error("{0}")]
    Output(String),
    /// The machine does not do what is asked of it: a full disk, a folder that may not be written to, standard output that takes
    /// nothing.
    #[error("{0}")]
    Environment(String),
    /// Data is missing or malformed.
    #[error("{0}")]
    Data(String),
    /// The federation could not be launched, or lost a member.
    #[error("{0}")]
    Federation(String),
    /// The experiment is done and its files are written, but something was answered without a party or refused.
    #[error("done, but degraded: {0}; the notes and the report say which")]
    Degraded(String),
    /// Ctrl-C or a request to terminate.
    #[error("interrupted{}", if *.processes { "; every process of the federation has been stopped" } else { "" })]
    Interrupted {
        /// Whether there were any processes beside this one.
        processes: bool,
    },
    /// Something that cannot happen did.
    #[error("{0}\nThis is a bug of turncoat, not of your scenario; please report it with this message.")]
    Bug(String),
}

impl Error {
    /// What the system refused to do with a path, why, and how to mend it.
    pub(crate) fn refused(doing: &str, path: &Path, source: &io::Error) -> Self {
        turncoat_report::Error::refused(doing, path, source).into()
    }

    /// The same error, with what was being done at the time.
    #[must_use]
    pub(crate) fn during(self, what: &str) -> Self {
        let reported = |message: String| format!("{what}: {message}");
        match self {
            Self::Usage(message) => Self::Usage(reported(message)),
            Self::Output(message) => Self::Output(reported(message)),
            Self::Environment(message) => Self::Environment(reported(message)),
            Self::Data(message) => Self::Data(reported(message)),
            Self::Federation(message) => Self::Federation(reported(message)),
            Self::Bug(message) => Self::Bug(reported(message)),
            Self::Scenario(_) | Self::Degraded(_) | Self::Interrupted { .. } => self,
        }
    }

    /// The documented exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Scenario(ScenarioErrors::Read { source, .. } | ScenarioErrors::Missing { source, .. })
                if source.kind() == io::ErrorKind::PermissionDenied =>
            {
                ENVIRONMENT
            }
            Self::Scenario(_) | Self::Usage(_) | Self::Output(_) => 2,
            Self::Data(_) => 3,
            Self::Federation(_) => 4,
            Self::Degraded(_) => 5,
            Self::Bug(_) => 70,
            Self::Environment(_) => ENVIRONMENT,
            Self::Interrupted { .. } => 130,
        }
    }
}

impl From<Error> for ExitCode {
    fn from(error: Error) -> Self {
        Self::from(error.code())
    }
}

impl From<turncoat_report::Error> for Error {
    fn from(error: turncoat_report::Error) -> Self {
        let reported = error.to_string();
        match error.fault() {
            Fault::Usage => Self::Usage(reported),
            Fault::Output => Self::Output(reported),
            Fault::Environment => Self::Environment(reported),
            Fault::Data => Self::Data(reported),
            Fault::Bug => Self::Bug(reported),
        }
    }
}

impl From<turncoat_learn::data::DataError> for Error {
    fn from(error: turncoat_learn::data::DataError) -> Self {
        match error {
            // The scenario asks what the data set or the generator cannot be.
            turncoat_learn::data::DataError::Parameter { .. } => Self::Usage(error.to_string()),
            turncoat_learn::data::DataError::Missing { ref dataset, .. } => {
                Self::Data(format!("{error}{}", how_to_get(dataset)))
            }
            _ => Self::Data(error.to_string()),
        }
    }
}

/// What turncoat itself can do about a data set that is not there.
fn how_to_get(dataset: &str) -> &'static str {
    match dataset {
        "adult" => "; `turncoat data fetch adult` gets it",
        "mnist" | "fashion-mnist" | "cifar10" => "; `turncoat data list` shows what is there",
        _ => "",
    }
}

impl From<turncoat_learn::preprocess::PreprocessError> for Error {
    fn from(error: turncoat_learn::preprocess::PreprocessError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<turncoat_learn::partition::PartitionError> for Error {
    fn from(error: turncoat_learn::partition::PartitionError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ShardError> for Error {
    fn from(error: ShardError) -> Self {
        match error {
            ShardError::Io { action: action @ "write", ref path, ref source } => {
                Self::refused(action, path, source)
            }
            _ => Self::Data(error.to_string()),
        }
    }
}

impl From<CertificateError> for Error {
    fn from(error: CertificateError) -> Self {
        match error {
            // The system has no randomness to give.
            CertificateError::Made(_) => Self::Environment(error.to_string()),
            CertificateError::Malformed(_) => Self::Usage(error.to_string()),
        }
    }
}

impl From<CertificateFileError> for Error {
    fn from(error: CertificateFileError) -> Self {
        match error {
            CertificateFileError::Io { action: action @ "write", ref path, ref source } => {
                Self::refused(action, path, source)
            }
            _ => Self::Usage(error.to_string()),
        }
    }
}

impl From<CredentialsError> for Error {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Io { action: action @ "write", ref path, ref source } => {
                Self::refused(action, path, source)
            }
            CredentialsError::Entropy(_) => Self::Environment(error.to_string()),
            _ => Self::Usage(error.to_string()),
        }
    }
}
