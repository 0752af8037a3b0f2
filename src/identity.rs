//! What decides the figures of a run, as one number: the resolved scenario without what changes no figure, the content of
//! the data it is made on, the version of turncoat; and which further files it leaves.

use sha2::{Digest, Sha256};
use turncoat_learn::{Dataset, FeatureKind};

use crate::scenario::Study;

/// Hexadecimal digits of an identity that name a folder: 64 bits.
const FOLDER_DIGITS: usize = 16;

/// SHA-256, in hexadecimal, of everything that a run's figures depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RunId(String);

impl RunId {
    /// `data_sha256` is none for a run that reads no file.
    pub(crate) fn new(scenario_sha256: &str, data_sha256: Option<&str>, exports: &str) -> Self {
        let data = data_sha256.unwrap_or("no files");
        let version = env!("CARGO_PKG_VERSION");
        Self(hex(&Sha256::digest(format!(
            "turncoat.run/1\n{version}\n{scenario_sha256}\n{data}\n{exports}\n"
        ))))
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

/// What a run leaves beside its figures: a finished run without it is not the run that is asked for.
pub(crate) fn exports(study: &Study) -> &'static str {
    match study {
        Study::Federation(_) => "claims",
        Study::SingleTarget(study) => match (study.export.claims, study.export.attack_sets) {
            (false, false) => "",
            (true, false) => "claims",
            (false, true) => "attack sets",
            (true, true) => "claims and attack sets",
        },
    }
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
        let id = RunId::new("abc", Some("def"), "claims");
        assert_eq!((id.whole().len(), id.folder().len()), (64, 16));
        // printf 'turncoat.run/1\n0.1.0\nabc\ndef\nclaims\n' | sha256sum
        assert_eq!(env!("CARGO_PKG_VERSION"), "0.1.0", "another version is another identity");
        assert_eq!(id.whole(), "49144863b261f3b56e15bcc96f4ec89aab2e16d803dd361869fa06ea146c29b4");
        assert_ne!(id, RunId::new("abd", Some("def"), "claims"));
        assert_ne!(id, RunId::new("abc", Some("deg"), "claims"));
        assert_ne!(id, RunId::new("abc", None, "claims"));
        assert_ne!(id, RunId::new("abc", Some("def"), ""));
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
