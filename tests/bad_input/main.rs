//! What bad input gets: for each kind a message that says what, where and how to mend it, and its exit code. Never a
//! panic (every run is checked for one), a hang or a half-written report.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod data;
mod scenarios;
mod services;
#[path = "../support/mod.rs"]
mod support;
mod versions;

use support::{Ended, Place, SMALL};

/// Runs the small scenario on other data, asking for reports that must not come.
fn run_on(place: &Place, data: &str, more: &[&str]) -> Ended {
    place.file("small.yaml", SMALL);
    let data = format!("data={data}");
    let ended = place.run(&[&["run", "small.yaml", "--out", "out", "--set", &data], more].concat());
    assert!(!place.path("out/report.json").exists());
    assert!(place.leftovers().is_empty());
    ended
}
