//! Parties that a scenario's own commands serve: the same figures as without when the program is the same, consent, and
//! programs that do not do what a party must.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use serde_json::Value;
use support::{Place, SMALL, report};

/// The small scenario with party 2 served by a command.
fn served(place: &Place, command: &str) {
    let text = SMALL
        .replace("federation:\n", &format!("federation:\n  commands: [{{party: 2, command: {command}}}]\n"));
    assert_ne!(text, SMALL);
    place.file("served.yaml", text);
}

/// What figures depend on the program alone.
fn figures(report: &Value) -> [Value; 4] {
    ["federation", "results", "correlations", "service"].map(|part| report[part].clone())
}

#[test]
fn the_same_program_by_a_command_gives_the_same_figures() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    // Beside the scenario, and named from there.
    place.file("bin/party", format!("#!/bin/sh\nexec '{}' party \"$@\"\n", env!("CARGO_BIN_EXE_turncoat")));
    std::os::unix::fs::symlink("/bin/sh", place.path("bin/sh")).unwrap();
    served(&place, "[bin/sh, bin/party]");
    let alone = place.run(&["run", "small.yaml", "--out", "alone"]);
    assert_eq!(alone.code, Some(0), "{}", alone.stderr);
    for tls in ["true", "false"] {
        let set = format!("launch.tls={tls}");
        let out = format!("served-{tls}");
        let ended = place.run(&["run", "served.yaml", "--allow-commands", "--out", &out, "--set", &set]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(figures(&report(&place.path(&out))), figures(&report(&place.path("alone"))));
        let notes = report(&place.path(&out))["notes"].to_string();
        assert!(notes.contains("party-2 is served by `bin/sh bin/party`"), "{notes}");
    }
}

#[test]
fn no_program_is_started_without_consent() {
    let place = Place::new();
    served(&place, "[touch, started]");
    let ended = place.run(&["run", "served.yaml", "--out", "out"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("party-2 by `touch started`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("--allow-commands"), "{}", ended.stderr);
    assert!(!place.path("started").exists() && !place.path("out").exists());
    // Checking starts nothing either.
    assert_eq!(place.run(&["check", "served.yaml"]).code, Some(0));
    let swept = place.run(&["run", "served.yaml", "--set", "sweep.seed=[1, 2]", "--out", "out"]);
    assert_eq!(swept.code, Some(2), "{}", swept.stderr);
    assert!(!place.path("started").exists() && !place.path("out").exists());
}

#[test]
fn the_examples_scenario_is_sound() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/python-party/scenario.yaml");
    let ended = Place::new().run(&["check", example]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn a_program_that_is_no_party_is_named_and_nothing_is_left() {
    let place = Place::new();
    for (command, says) in [
        ("[no-such-program]", "cannot start no-such-program: No such file"),
        ("['false']", "party-2 ended with exit status: 1"),
        ("[echo, hello]", "party-2 said \"hello"),
        ("[sh, -c, 'echo boo >&2; exit 3']", "boo"),
    ] {
        served(&place, command);
        let ended = place.run(&["run", "served.yaml", "--allow-commands"]);
        assert_eq!(ended.code, Some(4), "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{command}: {}", ended.stderr);
        place.wait_until_empty();
    }
}
