//! What is wrong with a scenario: every violation at once, each with its place, what stood there, the rule and the mend.

use std::fmt;
use std::path::{Path, PathBuf};

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
    /// There is no such file, and no scenario of that name comes with turncoat.
    #[error(
        "{}: {source}; give the path of a scenario file, or a name that `turncoat scenarios list` shows{}",
        path.display(), meant(nearest.as_deref())
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
        /// The file or the name that was probably meant.
        nearest: Option<String>,
    },
    /// A folder was given.
    #[error("{} is a folder, not a scenario file; {}", path.display(), in_it(path, scenarios))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The scenario files in it.
        scenarios: Vec<String>,
    },
    /// No scenario of that name comes with turncoat.
    #[error("no scenario called {name} comes with turncoat; `turncoat scenarios list` shows all{}", meant(nearest.as_deref()))]
    Unknown {
        /// As it was given.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// The text is not a scenario. In the order of the file, overrides last.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Violations(Vec<Violation>),
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}

/// What to give instead of a folder.
fn in_it(path: &Path, scenarios: &[String]) -> String {
    match scenarios {
        [] => "no file in it ends in .yaml".into(),
        [only] => format!("give {}", path.join(only).display()),
        [first, ..] => {
            format!("give one of the {} in it, such as {}", scenarios.len(), path.join(first).display())
        }
    }
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
