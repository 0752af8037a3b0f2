//! A scenario written out with every default filled in, keys in fixed order: itself a scenario that resolves to itself.

use serde::Serialize;

use super::federation::Scenario;
use super::write::{Out, write};
use super::written::Written;

/// What decides figures, what decides neither figures nor files, what decides files: in this order they are the resolved
/// scenario.
pub(super) struct Resolved {
    /// Everything but what changes no figure.
    pub(super) figures: String,
    /// How a federation is launched, and its deadlines.
    pub(super) launch: String,
    /// What is kept beside the figures.
    pub(super) files: String,
}

/// Keys are left out where they are what they were before there was a choice, so that the hash stays that of the experiment.
pub(super) fn federation(scenario: &Scenario) -> Resolved {
    // A deadline can decide whether a party is missing, but only where something goes wrong.
    let launch: &[&str] = if scenario.faults.is_empty() { &["launch", "timeouts"] } else { &["launch"] };
    parts(Vec::new(), scenario, launch)
}

pub(super) fn single_target(study: &Written) -> Resolved {
    parts(vec![("kind".into(), Out::plain("single_target"))], study, &[])
}

fn parts(mut figures: Vec<(String, Out)>, study: &impl Serialize, launched: &[&str]) -> Resolved {
    let (mut launch, mut files) = (Vec::new(), Vec::new());
    let Ok(Out::Map(entries)) = Out::of(study) else {
        unreachable!("a study is a map of what has been read")
    };
    for entry in entries {
        match entry.0.as_str() {
            "export" => files.push(entry),
            key if launched.contains(&key) => launch.push(entry),
            _ => figures.push(entry),
        }
    }
    let text = |entries: Vec<_>| if entries.is_empty() { String::new() } else { write(&Out::Map(entries)) };
    Resolved { figures: text(figures), launch: text(launch), files: text(files) }
}
