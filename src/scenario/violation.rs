//! What is wrong with a scenario: every violation at once, each with its place, what stood there, the rule and the mend.

use std::fmt;
use std::path::PathBuf;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the scenario file.
    File {
        /// Its name, as it was given.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
    },
    /// On the command line, as `--set KEY=VALUE`.
    Override(String),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where.
    pub origin: Origin,
    /// The key path, such as `federation.parties`; empty for the file as a whole.
    pub key_path: String,
    /// What stood there, as it was written.
    pub value: Option<String>,
    /// What is wrong with it, or what is allowed.
    pub rule: String,
    /// The valid word nearest to what was written.
    pub nearest: Option<String>,
}

/// A scenario that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioErrors {
    /// The file cannot be read.
    #[error("{}: {source}; give the path of a scenario file", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is not a scenario. In the order of the file, overrides last.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Violations(Vec<Violation>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Override(text) => write!(f, "--set {text}"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if !self.key_path.is_empty() {
            write!(f, "{}", self.key_path)?;
            if let Some(value) = &self.value {
                write!(f, " is {value}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.rule)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}
