//! From a file or a text to a checked scenario: parse, override, check, resolve.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use turncoat_learn::Learner;

use super::checked::{Loaded, Scenario};
use super::reader::{At, Reader};
use super::study::Study;
use super::violation::ScenarioErrors;
use super::{check, overrides, resolve, yaml};

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
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        let mut reader = Reader::new(name, overrides);
        let (root, violations) = yaml::read(text);
        let mut sound = violations.is_empty();
        violations.into_iter().for_each(|violation| reader.note_text(violation));
        let Some(mut root) = root else { return Err(ScenarioErrors::Violations(reader.into_violations())) };
        let violations = overrides::apply(&mut root, overrides);
        sound &= violations.is_empty();
        violations.into_iter().for_each(|violation| reader.note_text(violation));

        let study = check::check(&mut reader, &At::root(&root));
        let violations = reader.into_violations();
        match study {
            Some(study) if sound && violations.is_empty() => Ok(loaded(study)),
            _ => Err(ScenarioErrors::Violations(violations)),
        }
    }
}

fn loaded(study: Study) -> Loaded {
    let resolve::Resolved { figures, run } = resolve::resolve(&study);
    let sha256 = Sha256::digest(&figures).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut warnings = Vec::new();
    if !study.reproducible(usize::MAX) {
        warnings.push(
            "a decision tree has the engine linfa: with more than two classes its trees, and so the figures, may \
             differ from run to run"
                .into(),
        );
    }
    Loaded { study, resolved_yaml: figures + &run, sha256, warnings }
}

/// Checks a learner as a scenario writes it, such as `{knn: {k: 3}}`; `name` stands for the file in messages.
///
/// # Errors
/// [`ScenarioErrors::Violations`], all at once.
pub fn parse_learner(name: &str, text: &str) -> Result<Learner, ScenarioErrors> {
    let mut reader = Reader::new(name, &[]);
    let (root, violations) = yaml::read(text);
    violations.into_iter().for_each(|violation| reader.note_text(violation));
    let learner =
        root.and_then(|root| check::learner(&mut reader, &At { path: "learner".into(), ..At::root(&root) }));
    let violations = reader.into_violations();
    match learner {
        Some(learner) if violations.is_empty() => Ok(learner),
        _ => Err(ScenarioErrors::Violations(violations)),
    }
}

/// Checks each file; the results stand in the order of the files.
pub fn check_files(paths: &[PathBuf]) -> Vec<(PathBuf, Result<Loaded, ScenarioErrors>)> {
    paths.iter().map(|path| (path.clone(), Scenario::load(path, &[]))).collect()
}
