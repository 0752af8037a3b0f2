//! The scenarios inside the executable: listed, shown, run and checked by name.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Place, SMALL};

#[test]
fn they_are_listed_with_what_they_are_about() {
    let place = Place::new();
    insta::assert_snapshot!("scenarios", place.run(&["scenarios", "list"]).ok().stdout);
    let json = place.run(&["scenarios", "list", "--format", "json"]).ok().stdout;
    let all: Vec<Value> = serde_json::from_str(&json).unwrap();
    let mnist = all.iter().find(|one| one["name"] == "truex-table8-mnist").unwrap();
    assert_eq!(mnist["paper"], "Truex et al., Table 8, MNIST");
    assert_eq!(
        (&mnist["parties"][0], &mnist["repeats"], &mnist["needs_data_dir"]),
        (&3.into(), &30.into(), &true.into())
    );
    let few = place.run(&["scenarios", "list", "Table8", "mnist"]).ok().stdout;
    assert!(few.contains("truex-table8-mnist") && few.contains("2 of "), "{few}");
    place.run(&["scenarios", "list", "table99"]).fails(2, &["has table99 in its name, data or title"]);
    assert_eq!(place.run(&["scenarios", "list", "table99", "--format", "json"]).ok().stdout, "[]\n");
}

#[test]
fn one_is_shown_as_its_file_is() {
    let place = Place::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/truex/table8-mnist.yaml");
    for name in ["truex-table8-mnist", "truex/table8-mnist", "scenarios/truex/table8-mnist.yaml"] {
        assert_eq!(place.run(&["scenarios", "show", name]).ok().stdout, fs::read_to_string(&file).unwrap());
    }
    place.run(&["scenarios", "show", "quickstrat"]).fails(2, &["did you mean `quickstart`?"]);
}

#[test]
fn the_schema_is_the_one_of_the_repository() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    assert_eq!(Place::new().run(&["scenarios", "schema"]).ok().stdout, fs::read_to_string(file).unwrap());
}

#[test]
fn a_name_stands_for_a_file_where_there_is_none() {
    let place = Place::new();
    let checked = place.run(&["check", "--no-data", "quickstart", "truex-table8-mnist"]).ok().stdout;
    assert!(checked.contains("quickstart: ok (quickstart, 3 parties, 20 repeats"), "{checked}");
    let run =
        ["run", "truex-table8-small", "--quiet", "--set", "repeats=1", "--set", "launch.mode=in_process"];
    let named = place.run(&run).ok();
    assert!(named.stdout.starts_with("truex-table8-small: "), "{}", named.stdout);
    // A folder of that name is no scenario, a file is.
    fs::create_dir(place.path("quickstart")).unwrap();
    place.run(&["check", "quickstart"]).ok();
    place.file("truex-table8-small", SMALL);
    let own = place.run(&run).ok();
    assert!(own.stdout.starts_with("small: "), "{}", own.stdout);
    // A violation names the file that the scenario comes from.
    place
        .run(&["check", "truex-table1-small", "--set", "kind=federaton"])
        .fails(2, &["--set kind=federaton: kind"]);
}
