//! From a file or a text to a checked scenario: parse, override, check, resolve.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use turncoat_learn::Learner;

use super::federation::Scenario;
use super::places::{At, Notes};
use super::study::Loaded;
use super::sweep::Plan;
use super::violation::ScenarioErrors;
use super::yaml::{Node, Spot};
use super::{resolve, rules, warnings, yaml};

impl Scenario {
    /// Reads and checks a scenario file that is one experiment. `overrides` are `key.path=value` texts, as of `--set`;
    /// they are applied in order, before the check.
    ///
    /// # Errors
    /// [`ScenarioErrors`]; a sweep is a violation.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        Self::parse(&path.display().to_string(), &text_of(path)?, overrides)
    }

    /// Checks the text of a scenario; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`ScenarioErrors::Violations`], all at once; a sweep is one.
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        match Plan::parse(name, text, overrides)? {
            Plan::Single(loaded) => Ok(*loaded),
            Plan::Sweep(sweep) => {
                let mut notes = Notes::new(name, overrides);
                let set: Vec<String> = sweep.keys.iter().map(|key| format!("--set {key}=VALUE")).collect();
                let rule = format!(
                    "a sweep of {} runs, and one scenario is needed here; choose one with {}",
                    sweep.runs.len(),
                    set.join(" ")
                );
                notes.note(Spot::File(1, 1), "sweep", None, rule, None);
                Err(ScenarioErrors::Violations(notes.into_violations()))
            }
        }
    }
}

/// The text of a scenario file.
pub(super) fn text_of(path: &Path) -> Result<String, ScenarioErrors> {
    std::fs::read_to_string(path).map_err(|source| ScenarioErrors::Read { path: path.into(), source })
}

/// Checks one tree. `None` only when a violation has been noted.
pub(super) fn check_tree(notes: &mut Notes<'_>, root: &Node) -> Option<Loaded> {
    let (study, resolved) = rules::study(notes, &At::root(root))?;
    let resolve::Resolved { figures, launch, files } = resolved;
    let sha256 = hex(&Sha256::digest(&figures));
    let run_sha256 = hex(&Sha256::digest(format!("{figures}{files}")));
    let warnings = notes.take_warnings().into_iter().chain(warnings::warnings(&study)).collect();
    Some(Loaded { study, resolved_yaml: figures + &launch + &files, sha256, run_sha256, warnings })
}

/// Checks a learner as a scenario writes it, such as `{knn: {k: 3}}`; `name` stands for the file in messages.
///
/// # Errors
/// [`ScenarioErrors::Violations`], all at once.
pub fn parse_learner(name: &str, text: &str) -> Result<Learner, ScenarioErrors> {
    let mut notes = Notes::new(name, &[]);
    let (root, violations) = yaml::read(text);
    violations.into_iter().for_each(|violation| notes.note_text(violation));
    let learner = root.and_then(|root| {
        rules::part(&mut notes, &At { path: "learner".into(), ..At::root(&root) }, "learner")
    });
    let violations = notes.into_violations();
    match learner {
        Some(learner) if violations.is_empty() => Ok(learner),
        _ => Err(ScenarioErrors::Violations(violations)),
    }
}

/// Checks each file; the results stand in the order of the files.
pub fn check_files(paths: &[PathBuf]) -> Vec<(PathBuf, Result<Plan, ScenarioErrors>)> {
    paths.iter().map(|path| (path.clone(), Plan::load(path, &[]))).collect()
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
