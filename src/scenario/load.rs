//! From a file or a text to a checked scenario.

use std::path::{Path, PathBuf};

use super::checked::{Loaded, Scenario};
use super::violation::ScenarioErrors;

impl Scenario {
    /// Reads and checks a scenario file. `overrides` are `key.path=value` texts, as of `--set`; they are applied in
    /// order, before the check.
    ///
    /// # Errors
    /// [`ScenarioErrors`].
    pub fn load(path: &Path, overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScenarioErrors::Read { path: path.into(), source })?;
        Self::parse(&path.display().to_string(), &text, overrides)
    }

    /// Checks the text of a scenario; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`ScenarioErrors::Violations`], all at once.
    pub fn parse(_name: &str, _text: &str, _overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        Err(ScenarioErrors::Violations(Vec::new()))
    }
}

/// Checks each file; the results stand in the order of the files.
pub fn check_files(paths: &[PathBuf]) -> Vec<(PathBuf, Result<Loaded, ScenarioErrors>)> {
    paths.iter().map(|path| (path.clone(), Scenario::load(path, &[]))).collect()
}
