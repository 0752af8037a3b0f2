//! Every scenario of the repository is accepted by the schema.

use std::path::{Path, PathBuf};

use super::reported::{Reason, Reported, by_schema, json_of, validator};

/// All `.yaml` files below a folder of the repository.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            into.push(path);
        }
    }
}

#[test]
fn every_scenario_file_is_accepted() {
    let validator = validator();
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios"), &mut all);
    assert!(all.len() > 70, "{}", all.len());
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(by_schema(&validator, &json_of(&text)), Reported::new(), "{}", path.display());
        let plan = crate::Plan::load(&path, &[]).unwrap();
        for loaded in plan.experiments() {
            let resolved = by_schema(&validator, &json_of(&loaded.resolved_yaml));
            assert_eq!(resolved, Reported::new(), "{}, resolved", path.display());
        }
    }
}

/// What a sweep gives need not be written, for it is not known in general what it gives.
#[test]
fn a_sweep_may_give_what_must_be_there() {
    let validator = validator();
    let rest = "name: a\nseed: 1\nfederation: {records_per_party: 20, skew: iid}\n";
    let swept = format!("{rest}sweep: {{data: [iris, winequality], federation.parties: [3, 5]}}\n");
    assert!(crate::Plan::parse("x.yaml", &swept, &[]).is_ok());
    assert_eq!(by_schema(&validator, &json_of(&swept)), Reported::new());
    let missing = ["data", "federation.parties"].map(|key| (key.to_owned(), Reason::Missing));
    assert_eq!(by_schema(&validator, &json_of(rest)), Reported::from(missing.clone()));
    assert_eq!(by_schema(&validator, &json_of(&format!("{rest}sweep: null\n"))), Reported::from(missing));
}
