//! What is made of the shape and kept in the repository is as it would be made now. `INSTA_UPDATE=always` makes it anew.

use std::path::Path;

use crate::editor::schema;
use crate::reference::reference;

/// Compares a file of the repository with what it should be, or writes it.
fn stored(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "{name} is stale: run this test with INSTA_UPDATE=always, and read the difference"
    );
}

#[test]
fn the_schema_is_fresh() {
    stored("scenarios/scenario.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_reference_page_is_fresh() {
    stored("docs/src/reference.md", &reference());
}
