//! What the guide promises (docs/src/extending.md): an attack, a learner and a defence are one file and one line, and are then at once
//! usable in scenarios, in every role, over gRPC, saved and loaded, and described in the schema and the reference.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Place, report};

/// Product sources of the workspace.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join("src")];
    for entry in fs::read_dir(root).unwrap() {
        let src = entry.unwrap().path().join("src");
        if src.is_dir() && !src.starts_with(root.join("target")) && !src.starts_with(root.join("fuzz")) {
            folders.push(src);
        }
    }
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The sources that say a word, as paths from the root.
fn that_say(words: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<String> = sources()
        .into_iter()
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            words.iter().any(|word| text.contains(word))
        })
        .map(|path| path.strip_prefix(root).unwrap().display().to_string())
        .collect();
    found.sort();
    found
}

#[test]
fn each_is_one_file_and_one_line() {
    assert_eq!(
        that_say(&["majority_class", "MajorityClass"]),
        ["learn/src/lib.rs", "learn/src/majority_class.rs", "learn/src/registry.rs"]
    );
    assert_eq!(that_say(&["\"entropy\""]), ["attack/src/attack.rs", "attack/src/membership/entropy.rs"]);
    assert_eq!(
        that_say(&["\"round\": ", "struct Round {"]),
        ["learn/src/defence/registry.rs", "learn/src/defence/round.rs"]
    );
}

const FEDERATION: &str = "
name: toys
seed: 3
repeats: 2
data: winequality
federation:
  parties: 3
  records_per_party: 150
  skew: iid
  learner: {defended: {learner: majority_class, defences: [round: {digits: 1}]}}
auxiliary: {records: 120}
adversaries:
  - outsider: {attacks: [entropy, shadow_model: {shadows: 2, generation: majority_class}]}
  - party: {id: 3, attacks: [entropy: {shadows: 3}]}
  - aggregator: {attacks: [entropy]}
";

const SINGLE_TARGET: &str = "
kind: single_target
name: toys
seed: 3
data: winequality
target: {records: 200, learners: [majority_class, defended: {learner: decision_tree, defences: [top_k: {k: 1}]}]}
knowledge: white_box
shadow: {records: 200, steps: [same_distribution]}
generation: {learners: [majority_class]}
attack: {learners: [majority_class]}
attacks: [gap, entropy, shadow_model]
";

/// What says the same for every record tells nobody from anybody: no attack is better than chance, up to what the draw gives.
#[test]
fn they_are_there_in_every_role_over_grpc_and_in_process() {
    let place = Place::new();
    place.file("toys.yaml", FEDERATION);
    let reports = ["processes", "in_process"].map(|mode| {
        place.run(&["run", "toys.yaml", "--out", mode, "--set", &format!("launch.mode={mode}")]).ok();
        report(&place.path(mode))
    });
    assert_eq!(reports[0]["results"], reports[1]["results"]);
    let entropies: Vec<f64> = reports[0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["attack"] == "entropy" && result["non_members"] == "matched")
        .map(|result| result["accuracy"]["mean"].as_f64().unwrap())
        .collect();
    // One for each vantage; every record has the same answer, so all are claimed or none.
    assert_eq!(entropies, [0.5; 3]);
    place.file("single.yaml", SINGLE_TARGET);
    place.run(&["run", "single.yaml", "--out", "single"]).ok();
    let single = report(&place.path("single"));
    let names = |key: &str| {
        let of = |result: &serde_json::Value| {
            result
                .get(key)
                .or_else(|| result["means"].get(key))
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
        };
        single["results"].as_array().unwrap().iter().filter_map(of).collect::<Vec<_>>()
    };
    assert!(names("attack").contains(&"entropy".into()), "{single:#}");
    assert!(names("target").contains(&"defended".into()), "{single:#}");
}

#[test]
fn schema_and_reference_describe_them() {
    let place = Place::new();
    let schema = place.run(&["scenarios", "schema"]).ok().stdout;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reference = fs::read_to_string(root.join("docs/src/reference.md")).unwrap();
    for word in ["majority_class", "entropy", "defended", "round", "top_k"] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
        assert!(reference.contains(&format!("`{word}`")), "{word}");
    }
}
