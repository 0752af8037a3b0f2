//! No process and no file is left behind, however a run ends; and a member that dies is named.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Place, Running, SMALL, signal, until};

/// Records of training that takes a while, so that there is a middle to interrupt.
const SLOW: [&str; 8] = [
    "--set",
    "data.synthetic.gaussian_clusters={records: 90000, features: 24, classes: 10}",
    "--set",
    "federation.records_per_party=20000",
    "--set",
    "adversaries=[]",
    "--set",
    "repeats=1",
];

/// An attack that takes a while.
const SLOW_ATTACK: [&str; 8] = [
    "--set",
    "data.synthetic.gaussian_clusters={records: 20000, features: 12, classes: 8}",
    "--set",
    "federation.records_per_party=2000",
    "--set",
    "auxiliary={records: 8000}",
    "--set",
    "adversaries=[{party: {id: 2, attacks: [shadow_federation: {shadows: 64}]}}]",
];

/// Starts the small scenario with overrides.
fn start(place: &Place, overrides: &[&str]) -> Running {
    place.file("small.yaml", SMALL);
    place.start(&[&["run", "small.yaml", "--out", "out"], overrides].concat())
}

fn log(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path(&format!("out/logs/repeat-001/{name}.log"))).unwrap_or_default()
}

/// Waits until a log says something.
fn wait_for(place: &Place, name: &str, says: &str) {
    until(&format!("{name} never says {says:?}"), || log(place, name).contains(says));
}

fn find(place: &Place, name: &str) -> u32 {
    let found = place.processes().into_iter().find(|process| process.name() == name);
    found.unwrap_or_else(|| panic!("{name} does not run: {:?}", place.processes())).id
}

fn assert_nothing_is_left(place: &Place) {
    place.wait_until_empty();
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

fn assert_no_report(place: &Place) {
    let files: Vec<_> = support::files(&place.path("out"));
    let left = ["checkpoint", "logs", "scenario.resolved.yaml"].map(|name| place.path("out").join(name));
    assert_eq!(files, left, "a run that did not finish leaves its logs and what it can be resumed from");
}

#[test]
fn a_run_that_succeeds_leaves_nothing_behind() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    place.run(&["run", "small.yaml"]).ok();
    assert!(place.processes().is_empty(), "{:?}", place.processes());
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn a_run_that_fails_leaves_nothing_behind() {
    let place = Place::new();
    let ended = start(&place, &[&SLOW[..], &["--set", "timeouts.fit_ms=1"]].concat()).wait();
    ended.fails(4, &["party-", "no answer within 1 ms"]);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

#[test]
fn a_run_that_is_interrupted_or_terminated_leaves_nothing_behind() {
    for name in ["INT", "TERM", "HUP"] {
        let place = Place::new();
        let run = start(&place, &SLOW);
        until("the parties never start", || {
            place.processes().iter().filter(|process| process.name().starts_with("party-")).count() == 3
        });
        run.signal(name);
        run.wait().fails(130, &["interrupted"]);
        assert_nothing_is_left(&place);
        assert_no_report(&place);
    }
}

#[test]
fn an_interrupted_run_in_one_process_leaves_nothing_behind() {
    let place = Place::new();
    let run = start(&place, &[&SLOW[..], &["--set", "launch.mode=in_process"]].concat());
    until("the run never gets under way", || !place.leftovers().is_empty());
    run.signal("INT");
    run.wait().fails(130, &["interrupted"]);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

#[test]
fn when_the_run_itself_is_killed_its_processes_end_by_themselves() {
    let place = Place::new();
    let run = start(&place, &SLOW_ATTACK);
    wait_for(&place, "coordinator", "fitted");
    assert!(place.processes().len() >= 5, "{:?}", place.processes());
    run.signal("KILL");
    assert_eq!(run.wait().code, None);
    place.wait_until_empty();
    assert_no_report_file(&place);
}

/// Killed, the run cannot tidy up; what it leaves is no report.
fn assert_no_report_file(place: &Place) {
    assert!(!place.path("out/report.json").exists());
    assert!(!place.path("out/claims.csv.gz").exists());
}

#[test]
fn a_party_that_dies_while_training_is_named() {
    let place = Place::new();
    let run = start(&place, &SLOW);
    wait_for(&place, "party-2", "joined");
    // Held in the middle of training until another party is done with it, and then killed.
    signal(find(&place, "party-2"), "STOP");
    wait_for(&place, "party-1", "fitted");
    assert!(!log(&place, "party-2").contains("fitted"), "it was done before it could be stopped");
    signal(find(&place, "party-2"), "KILL");
    let ended = run.wait().fails(4, &["party-2 ended with signal: 9 (SIGKILL)", "party-2.log"]);
    assert!(!ended.stderr.contains("party-1 ") && !ended.stderr.contains("party-3 "), "{}", ended.stderr);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

#[test]
fn an_adversary_that_dies_is_named() {
    let place = Place::new();
    let run = start(&place, &SLOW_ATTACK);
    wait_for(&place, "coordinator", "fitted");
    signal(find(&place, "adversary"), "KILL");
    run.wait().fails(4, &["adversary-party-2 ended with signal: 9 (SIGKILL)"]);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

#[test]
fn a_coordinator_that_dies_is_named() {
    let place = Place::new();
    let run = start(&place, &SLOW);
    wait_for(&place, "party-1", "joined");
    signal(find(&place, "coordinator"), "KILL");
    run.wait().fails(4, &["coordinator ended with signal: 9 (SIGKILL)"]);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

/// Calls that take a while, so that there is a time between them to die in.
const SLOW_CALLS: [&str; 10] = [
    "--set",
    "repeats=1",
    "--set",
    "federation.records_per_party=100",
    "--set",
    "limits.records_per_call=40",
    "--set",
    "faults=[delay: {party: 3, ms: 100}]",
    "--set",
    "adversaries=[{outsider: {attacks: [gap]}}]",
];

#[test]
fn a_party_that_dies_by_itself_degrades_a_run_that_can_do_without_it() {
    let place = Place::new();
    let require = ["--set", "federation.require={at_least: 2}"];
    let run = start(&place, &[&SLOW_CALLS[..], &require].concat());
    wait_for(&place, "coordinator", "fitted");
    signal(find(&place, "party-1"), "KILL");
    let ended = run.wait().fails(5, &["done, but degraded: "]);
    assert!(ended.stdout.contains("missing: party-1 from"), "{}", ended.stdout);
    let report = support::report(&place.path("out"));
    assert_eq!(report["degraded"][0]["missing"][0]["id"], 1);
    assert_nothing_is_left(&place);
}

#[test]
fn a_party_that_dies_by_itself_ends_a_run_that_cannot() {
    let place = Place::new();
    let run = start(&place, &SLOW_CALLS);
    wait_for(&place, "coordinator", "fitted");
    signal(find(&place, "party-1"), "KILL");
    run.wait().fails(4, &["party-1 ended with signal: 9 (SIGKILL)"]);
    assert_nothing_is_left(&place);
    assert!(!place.path("out/report.json").exists());
}

/// Whether a process catches SIGINT by now.
fn listens(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 0b10 != 0))
}

/// A file that never comes stands for one that takes long to read.
#[test]
fn reading_data_is_interrupted() {
    let text = "name: file\nseed: 1\ndata: {csv: {path: people.csv, target: class}}\n\
        federation: {parties: 2, records_per_party: 200, skew: iid}\nadversaries: [outsider: {attacks: [gap]}]\n";
    for (name, sweep) in [("INT", false), ("TERM", true)] {
        let place = Place::new();
        place.file("file.yaml", text);
        let made = std::process::Command::new("mkfifo").arg(place.path("people.csv")).status();
        assert!(made.is_ok_and(|status| status.success()), "the command `mkfifo` is needed");
        let swept = ["--set", "sweep.seed=[1, 2]"];
        let usual = ["run", "file.yaml", "--out", "out"];
        let run = place.start(&if sweep { [&usual[..], &swept].concat() } else { usual.to_vec() });
        until("it never begins", || listens(run.id()) && place.path("out").exists());
        run.signal(name);
        run.wait().fails(130, &["interrupted", "turncoat run --resume out"]);
        assert_nothing_is_left(&place);
    }
}

/// Finding clusters takes minutes here, and stands before the first repeat.
#[test]
fn a_computation_is_interrupted() {
    let place = Place::new();
    let heavy = [
        "--set",
        "data.synthetic.gaussian_clusters={records: 300000, features: 60, classes: 50}",
        "--set",
        "federation.skew={clustered: {alpha: 0.3, clusters: 64}}",
    ];
    let run = start(&place, &heavy);
    until("the data is never there", || place.path("out/checkpoint/data").exists());
    run.signal("TERM");
    run.wait().fails(130, &["interrupted", "nothing was finished yet"]);
    assert_nothing_is_left(&place);
    assert_no_report(&place);
}

/// A party that is served by a script which leaves a process of its own running beside it.
fn with_a_grandchild(place: &Place, overrides: &[&str]) -> Running {
    let marker = place.file("marker", "");
    let party = env!("CARGO_BIN_EXE_turncoat");
    let script =
        format!("tail -f '{}' > /dev/null 2>&1 < /dev/null &\n'{party}' party \"$@\"\n", marker.display());
    place.file("serve.sh", script);
    let served = "federation:\n  commands: [{party: 1, command: [sh, serve.sh]}]\n";
    place.file("served.yaml", SMALL.replace("federation:\n", served));
    let usual = ["run", "served.yaml", "--allow-commands", "--out", "out"];
    place.start(&[&usual[..], overrides].concat())
}

fn grandchildren(place: &Place) -> usize {
    let marker = place.path("marker").display().to_string();
    place.processes().iter().filter(|process| process.arguments.contains(&marker)).count()
}

#[test]
fn no_grandchild_outlives_a_run() {
    let place = Place::new();
    with_a_grandchild(&place, &[]).wait().ok();
    assert!(place.processes().is_empty(), "{:?}", place.processes());
    for name in ["INT", "TERM", "KILL"] {
        let place = Place::new();
        let run = with_a_grandchild(&place, &SLOW);
        until("the party never starts", || {
            grandchildren(&place) == 1 && log(&place, "party-1").contains("joined")
        });
        run.signal(name);
        let ended = run.wait();
        if name != "KILL" {
            ended.fails(130, &["interrupted"]);
        }
        place.wait_until_empty();
    }
}
