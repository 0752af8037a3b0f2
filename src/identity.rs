//! What decides the figures and files of a run, as one number: the resolved scenario without how it is launched, the content of
//! the data it is made on and of the programs it starts, the version of turncoat.

use std::path::Path;

use sha2::{Digest, Sha256};
use turncoat_learn::{Dataset, FeatureKind};

use crate::error::Error;
use crate::scenario::Study;

/// Hexadecimal digits of an identity that name a folder: 64 bits.
const FOLDER_DIGITS: usize = 16;

/// SHA-256, in hexadecimal, of everything that a run's figures and files depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RunId(String);

impl RunId {
    /// `run_sha256` is that of [`Loaded`](crate::scenario::Loaded), exports included. `data_sha256` is none for a run that reads
    /// no file, `programs_sha256` for one that starts no program of the user's.
    pub(crate) fn new(run_sha256: &str, data_sha256: Option<&str>, programs_sha256: Option<&str>) -> Self {
        let data = data_sha256.unwrap_or("no files");
        let programs = programs_sha256.unwrap_or("no programs");
        let version = env!("CARGO_PKG_VERSION");
        Self(hex(&Sha256::digest(format!("turncoat.run/2\n{version}\n{run_sha256}\n{data}\n{programs}\n"))))
    }

    /// All of it.
    pub(crate) fn whole(&self) -> &str {
        &self.0
    }

    /// What the run's folder is called.
    pub(crate) fn folder(&self) -> &str {
        &self.0[..FOLDER_DIGITS]
    }
}

/// SHA-256, in hexadecimal, of the files that a scenario's own commands name, such as `party.py`: what they compute is part of
/// the experiment. `None` where no word of a command is a file. What a program reads beside them is not known here.
///
/// # Errors
/// [`Error::Environment`] naming the file that cannot be read.
pub(crate) fn programs(study: &Study, scenario_dir: Option<&Path>) -> Result<Option<String>, Error> {
    let commands = study.federation().map_or(&[][..], |scenario| &scenario.federation.commands);
    let mut found = String::new();
    for word in commands.iter().flat_map(|served| &served.command) {
        // A program without a folder is looked for where the system keeps programs, and is the system's.
        let path = scenario_dir.map_or_else(|| word.into(), |folder| folder.join(word));
        if path.is_file() {
            let content = std::fs::read(&path).map_err(|e| Error::refused("read the program", &path, &e))?;
            found.push_str(&hex(&Sha256::digest(content)));
            found.push('\n');
        }
    }
    Ok((!found.is_empty()).then(|| hex(&Sha256::digest(found))))
}

/// SHA-256, in hexadecimal, of a data set: its shape, classes, columns, labels and records. Every list is preceded by its
/// length and every text by its bytes, so no two data sets share what is hashed.
pub(crate) fn digest(data: &Dataset) -> String {
    let mut hash = Sha256::new();
    let text = |hash: &mut Sha256, text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    hash.update((data.len() as u64).to_le_bytes());
    hash.update((data.class_names().len() as u64).to_le_bytes());
    data.class_names().iter().for_each(|name| text(&mut hash, name));
    hash.update((data.features().len() as u64).to_le_bytes());
    for feature in data.features() {
        text(&mut hash, &feature.name);
        match &feature.kind {
            FeatureKind::Numeric => hash.update([0]),
            FeatureKind::Categorical { values } => {
                hash.update([1]);
                hash.update((values.len() as u64).to_le_bytes());
                values.iter().for_each(|value| text(&mut hash, value));
            }
        }
    }
    data.labels().iter().for_each(|label| hash.update(label.to_le_bytes()));
    let mut bytes = Vec::new();
    for record in data.records().rows() {
        bytes.clear();
        bytes.extend(record.iter().flat_map(|value| value.to_le_bytes()));
        hash.update(&bytes);
    }
    // What a report says of how the table was read stands for a file that may say the same otherwise.
    if let Some(table) = data.table() {
        text(&mut hash, &serde_json::to_string(table.as_ref()).unwrap_or_default());
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use turncoat_learn::Feature;

    use super::*;

    #[test]
    fn an_identity_covers_scenario_data_and_version() {
        let id = RunId::new("abc", Some("def"), None);
        assert_eq!((id.whole().len(), id.folder().len()), (64, 16));
        // printf 'turncoat.run/2\n0.1.0\nabc\ndef\nno programs\n' | sha256sum
        assert_eq!(env!("CARGO_PKG_VERSION"), "0.1.0", "another version is another identity");
        assert_eq!(id.whole(), "2f58cd0f9af5fad272da825b73c3da1ae075a7a1b2efa3d652bf779e663771bf");
        assert_ne!(id, RunId::new("abd", Some("def"), None));
        assert_ne!(id, RunId::new("abc", Some("deg"), None));
        assert_ne!(id, RunId::new("abc", None, None));
        assert_ne!(id, RunId::new("abc", Some("def"), Some("ghi")));
    }

    #[test]
    fn a_program_that_a_command_names_is_part_of_the_identity() {
        let place = tempfile::tempdir().unwrap();
        let text = "name: a\nseed: 1\ndata: iris\nfederation: {parties: 2, records_per_party: 20, skew: iid, \
                    commands: [{party: 2, command: [python3, party.py, --fast]}]}\n";
        let study = crate::scenario::Scenario::parse("a.yaml", text, &[]).unwrap().study;
        let of = || programs(&study, Some(place.path())).unwrap();
        assert_eq!(of(), None, "no word names a file yet");
        std::fs::write(place.path().join("party.py"), "one").unwrap();
        let one = of();
        std::fs::write(place.path().join("party.py"), "two").unwrap();
        assert!(one.is_some() && of().is_some() && one != of());
    }

    #[test]
    fn every_part_of_a_data_set_counts() {
        let column = |kind| Feature { name: "a".into(), kind };
        let set = |value: f32, label: u32, classes: &[&str], kind: FeatureKind| {
            let classes = classes.iter().map(|&class| class.into()).collect();
            digest(
                &Dataset::new("name", array![[1.0], [value]], vec![0, label], vec![column(kind)], classes)
                    .unwrap(),
            )
        };
        let first = set(2.0, 1, &["x", "y"], FeatureKind::Numeric);
        assert_eq!(first, set(2.0, 1, &["x", "y"], FeatureKind::Numeric));
        let categorical = |values: &[&str]| FeatureKind::Categorical {
            values: values.iter().map(|&value| value.into()).collect(),
        };
        let others = [
            set(3.0, 1, &["x", "y"], FeatureKind::Numeric),
            set(2.0, 0, &["x", "y"], FeatureKind::Numeric),
            set(2.0, 1, &["xy", ""], FeatureKind::Numeric),
            set(2.0, 1, &["x", "y", "z"], FeatureKind::Numeric),
            set(2.0, 1, &["x", "y"], categorical(&["p", "q", "r"])),
            set(2.0, 1, &["x", "y"], categorical(&["p", "q", "s"])),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(first, *other);
            assert!(!others[..place].contains(other));
        }
    }
}
