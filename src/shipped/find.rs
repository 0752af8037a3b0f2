//! From what was given on the command line to the text of a scenario: a file, or the name of a shipped one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::entry::{QUICKSTART, Shipped, all};
use crate::scenario::{Loaded, Plan, Scenario, ScenarioErrors, nearest};

/// A scenario's text, and where it is from.
#[derive(Clone, Debug)]
pub(crate) struct ScenarioText {
    /// What stands for it in messages.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The folder beside which its files are looked for; a shipped one has none.
    pub(crate) folder: Option<PathBuf>,
}

impl ScenarioText {
    /// Checks it, as one scenario or a sweep.
    ///
    /// # Errors
    /// [`ScenarioErrors`].
    pub(crate) fn plan(&self, overrides: &[String]) -> Result<Plan, ScenarioErrors> {
        Plan::parse(&self.name, &self.text, overrides)
    }

    /// Checks it as one scenario.
    ///
    /// # Errors
    /// [`ScenarioErrors`]; a sweep is one.
    pub(crate) fn single(&self, overrides: &[String]) -> Result<Loaded, ScenarioErrors> {
        Scenario::parse(&self.name, &self.text, overrides)
    }
}

impl From<Shipped> for ScenarioText {
    fn from(shipped: Shipped) -> Self {
        Self { name: shipped.file(), text: shipped.text.into(), folder: None }
    }
}

/// The shipped scenario of this name, or of this path below `scenarios/`.
pub(crate) fn named(word: &str) -> Option<Shipped> {
    let path = word.strip_prefix("scenarios/").unwrap_or(word);
    let path = path.strip_suffix(".yaml").unwrap_or(path);
    all().find(|shipped| shipped.name() == word || shipped.path == path)
}

/// The one of this name.
///
/// # Errors
/// [`ScenarioErrors::Unknown`] with the nearest name.
pub(crate) fn find(word: &str) -> Result<Shipped, ScenarioErrors> {
    named(word).ok_or_else(|| ScenarioErrors::Unknown { name: word.into(), nearest: near(word) })
}

/// What was meant by an argument: the quickstart where there is none, a file where there is one, else a shipped scenario. A
/// folder is no scenario, so a name goes before it: `turncoat run quickstart --out quickstart` works twice.
///
/// # Errors
/// [`ScenarioErrors`] when it is neither.
pub(crate) fn text_of(given: Option<&Path>) -> Result<ScenarioText, ScenarioErrors> {
    let Some(path) = given else { return Ok(find(QUICKSTART)?.into()) };
    let error = match fs::read_to_string(path) {
        Ok(text) => {
            let folder = path.parent().map(Path::to_path_buf);
            return Ok(ScenarioText { name: path.display().to_string(), text, folder });
        }
        Err(error) => error,
    };
    let word = path.to_str().unwrap_or_default();
    let is_folder = path.is_dir();
    if (is_folder || error.kind() == io::ErrorKind::NotFound)
        && let Some(shipped) = named(word)
    {
        return Ok(shipped.into());
    }
    Err(if is_folder {
        ScenarioErrors::Folder { path: path.into(), scenarios: scenarios_in(path) }
    } else if error.kind() == io::ErrorKind::NotFound {
        ScenarioErrors::Missing {
            path: path.into(),
            source: error,
            nearest: near_file(path).or_else(|| near(word)),
        }
    } else {
        ScenarioErrors::Read { path: path.into(), source: error }
    })
}

fn near(word: &str) -> Option<String> {
    let names = all().flat_map(|shipped| [shipped.name(), shipped.path]);
    nearest(word, names).map(String::from)
}

/// The scenario file in the same folder whose name is nearest.
fn near_file(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let there = scenarios_in(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let near = nearest(path.file_name()?.to_str()?, there.iter().map(String::as_str))?;
    Some(folder.join(near).display().to_string())
}

/// The names of the scenario files in a folder, sorted.
fn scenarios_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_found_by_its_name_and_by_its_path() {
        for word in [
            "truex-table8-mnist",
            "truex/table8-mnist",
            "truex/table8-mnist.yaml",
            "scenarios/truex/table8-mnist.yaml",
        ] {
            assert_eq!(named(word).unwrap().path, "truex/table8-mnist", "{word}");
        }
        assert!(named("table8").is_none());
        let error = find("truex-tabel8-mnist").unwrap_err().to_string();
        assert!(error.contains("did you mean `truex-table8-mnist`?"), "{error}");
    }

    #[test]
    fn a_file_goes_before_a_name_and_a_name_before_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("quickstart");
        fs::create_dir(&folder).unwrap();
        // Only a relative word is a name, so the order is told by the errors here and by the executable's own tests.
        let error = text_of(Some(&folder)).unwrap_err().to_string();
        assert!(error.contains("is a folder"), "{error}");
        fs::write(folder.join("one.yaml"), "name: mine\n").unwrap();
        let error = text_of(Some(&folder)).unwrap_err().to_string();
        assert!(error.contains("one.yaml"), "{error}");
        let error = text_of(Some(&folder.join("oen.yaml"))).unwrap_err().to_string();
        assert!(error.contains("did you mean") && error.contains("one.yaml"), "{error}");
        let text = text_of(Some(&folder.join("one.yaml"))).unwrap();
        assert_eq!((text.text.as_str(), text.folder.as_deref()), ("name: mine\n", Some(folder.as_path())));
        assert_eq!(text_of(None).unwrap().name, "scenarios/quickstart.yaml");
    }
}
