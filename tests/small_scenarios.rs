//! The small variant of every table and figure runs on the real executable, without a data folder, and finds something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;

use support::{Place, files};

#[test]
fn every_small_variant_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/truex/small");
    let place = Place::new();
    let scenarios = files(&folder);
    assert_eq!(scenarios.len(), 13, "{scenarios:?}");
    for scenario in scenarios {
        let name = scenario.file_stem().unwrap().to_str().unwrap();
        let out = place.path(name);
        place.run(&["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"]).ok();
        let results = std::fs::read_to_string(out.join("results.csv")).unwrap();
        let mut lines = results.lines();
        let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
        let accuracy = columns.iter().position(|column| *column == "accuracy_mean").unwrap();
        let found: Vec<f64> =
            lines.map(|line| line.split(',').nth(accuracy).unwrap().parse().unwrap()).collect();
        assert!(!found.is_empty(), "{name}");
        // Each of these experiments has an attack that beats guessing.
        assert!(found.iter().any(|accuracy| *accuracy > 0.52), "{name}: {found:?}");
    }
    place.wait_until_empty();
}
