//! Every scenario of the repository is accepted by the schema.

use std::path::{Path, PathBuf};

use super::told::{Told, by_schema, json_of, validator};

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
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut all);
    assert!(all.len() > 70, "{}", all.len());
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(by_schema(&validator, &json_of(&text)), Told::new(), "{}", path.display());
        let plan = crate::scenario::Plan::load(&path, &[]).unwrap();
        for loaded in plan.experiments() {
            let resolved = by_schema(&validator, &json_of(&loaded.resolved_yaml));
            assert_eq!(resolved, Told::new(), "{}, resolved", path.display());
        }
    }
}
