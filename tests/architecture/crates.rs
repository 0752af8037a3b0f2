//! The direction of dependencies between our crates is the threat model: what is absent here is forbidden.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Who may depend on whom, dev- and build-dependencies included.
const ALLOWED: &[(&str, &[&str])] = &[
    ("turncoat-learn", &[]),
    ("turncoat-net", &[]),
    ("turncoat-proto", &["turncoat-learn", "turncoat-net"]),
    ("turncoat-attack", &["turncoat-learn"]),
    ("turncoat-config", &["turncoat-attack", "turncoat-learn"]),
    ("turncoat-report", &["turncoat-attack", "turncoat-learn"]),
    ("turncoat-party", &["turncoat-learn", "turncoat-net", "turncoat-proto"]),
    ("turncoat-coordinator", &["turncoat-learn", "turncoat-net", "turncoat-proto"]),
    (
        "turncoat",
        &[
            "turncoat-attack",
            "turncoat-config",
            "turncoat-coordinator",
            "turncoat-learn",
            "turncoat-net",
            "turncoat-party",
            "turncoat-proto",
            "turncoat-report",
        ],
    ),
];

type Edges = BTreeMap<String, BTreeSet<String>>;

fn breaches(edges: &Edges) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut found = Vec::new();
    for (from, targets) in edges {
        let Some(allowed) = allowed.get(from.as_str()) else {
            found.push(format!("{from} is a crate that the plan does not know"));
            continue;
        };
        for to in targets.iter().filter(|to| !allowed.contains(&to.as_str())) {
            found.push(format!("{from} depends on {to}"));
        }
    }
    found
}

fn measured() -> (Edges, BTreeMap<String, BTreeSet<String>>) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<String> =
        packages.iter().map(|p| p["name"].as_str().expect("a name").to_string()).collect();
    let mut ours = Edges::new();
    let mut all = BTreeMap::new();
    for package in packages {
        let dependencies: BTreeSet<String> = package["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter()
            .map(|dependency| dependency["name"].as_str().expect("a name").to_string())
            .collect();
        let name = package["name"].as_str().expect("a name").to_string();
        ours.insert(name.clone(), dependencies.intersection(&names).cloned().collect());
        all.insert(name, dependencies);
    }
    (ours, all)
}

#[test]
fn crates_depend_in_the_allowed_direction_only() {
    let (edges, _) = measured();
    assert_eq!(edges.len(), ALLOWED.len(), "a crate came or went: {:?}", edges.keys());
    assert_eq!(breaches(&edges), Vec::<String>::new());
}

#[test]
fn what_measures_and_tells_knows_no_network() {
    let (_, all) = measured();
    for crate_name in ["turncoat-learn", "turncoat-attack", "turncoat-config", "turncoat-report"] {
        for banned in ["tokio", "tonic", "prost", "tokio-stream", "hyper-util"] {
            assert!(!all[crate_name].contains(banned), "{crate_name} depends on {banned}");
        }
    }
}

#[test]
fn a_forbidden_edge_is_found() {
    let (mut edges, _) = measured();
    edges.get_mut("turncoat-attack").unwrap().insert("turncoat-proto".into());
    edges.get_mut("turncoat-net").unwrap().insert("turncoat-learn".into());
    edges.get_mut("turncoat-party").unwrap().insert("turncoat-coordinator".into());
    assert_eq!(
        breaches(&edges),
        [
            "turncoat-attack depends on turncoat-proto",
            "turncoat-net depends on turncoat-learn",
            "turncoat-party depends on turncoat-coordinator"
        ]
    );
}

/// Beside the lint of the workspace, which a crate could leave out: in the root of every library and executable.
#[test]
fn every_crate_forbids_unsafe_code() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let mut roots = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for target in package["targets"].as_array().expect("targets") {
            let kind = target["kind"][0].as_str().expect("a kind");
            if ["lib", "bin"].contains(&kind) {
                roots.push(target["src_path"].as_str().expect("a path").to_owned());
            }
        }
    }
    assert!(roots.len() > ALLOWED.len(), "{roots:?}");
    for root in roots {
        let text = std::fs::read_to_string(&root).expect("it was just listed");
        assert!(
            text.lines().any(|line| line == "#![forbid(unsafe_code)]"),
            "{root} does not forbid unsafe code"
        );
    }
}
