//! `turncoat run` from a scenario to its files: what it prints, what it writes, and that nothing but the scenario
//! decides a figure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod quickstart;
mod rescored;
mod shape;
#[path = "../support/mod.rs"]
mod support;
mod writes;

use std::path::Path;

use support::files;

fn names(folder: &Path) -> Vec<String> {
    files(folder).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}
