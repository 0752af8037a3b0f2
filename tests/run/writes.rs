//! What runs write and say: the same whatever a scenario does not say, nothing unasked, and nothing of what is not there.

use std::fs;

use serde_json::Value;

use crate::names;
use crate::rescored::assert_rescored;
use crate::support::{Place, SMALL, report, unzipped, word};

/// Every attack there is, on few records and with few shadows.
const ALL_ATTACKS: [&str; 10] = [
    "--set",
    "federation.records_per_party=100",
    "--set",
    "adversaries.0.outsider.attacks=[least_loss, gap, confidence, shadow_model: {shadows: 2}, \
     shadow_model: {id: three, shadows: 3}]",
    "--set",
    "adversaries.1.party.attacks=[least_loss, prior_aware, shadow_federation: {shadows: 3}, gap, confidence, \
     shadow_model: {shadows: 2}]",
    "--set",
    "adversaries.2.aggregator.attacks=[least_loss, prior_aware, shadow_federation: {shadows: 3}, gap]",
    "--set",
    "repeats=2",
];

#[test]
fn nothing_but_the_scenario_decides_a_figure() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    let run = |out: &str, scenario: &str, more: &[&str], threads: Option<&str>| {
        let mut arguments = vec!["run", scenario, "--out", out, "--quiet"];
        arguments.extend(more);
        let mut command = place.turncoat(&arguments);
        if let Some(threads) = threads {
            command.env("RAYON_NUM_THREADS", threads);
        }
        let ended = place.end(command).ok();
        let out = place.path(out);
        (report(&out), fs::read(out.join("claims.csv.gz")).unwrap(), ended.stdout)
    };
    let with = |more: &[&'static str]| [&ALL_ATTACKS, more].concat();
    let processes = run("processes", "small.yaml", &with(&[]), None);
    let again = run("again", "small.yaml", &with(&[]), None);
    assert!(processes == again, "the same scenario twice");
    let one = run("one", "small.yaml", &with(&["--jobs", "1"]), Some("1"));
    assert!(processes == one, "one thread and one repeat at a time");
    let in_process = run("in-process", "small.yaml", &with(&["--set", "launch.mode=in_process"]), None);
    assert!(processes == in_process, "one process");
    let plain = run("plain", "small.yaml", &with(&["--set", "launch.tls=false"]), None);
    assert!(processes == plain, "plain text");
    // What was resolved runs again without any of the overrides.
    let resolved = place.path("processes/scenario.resolved.yaml");
    let rerun = run("rerun", word(&resolved), &["--set", "launch.mode=in_process"], Some("2"));
    assert!(processes == rerun, "the resolved scenario, under TLS within one process");
    let other = run("other", word(&resolved), &["--set", "launch.mode=in_process", "--set", "seed=4"], None);
    assert!(processes.1 != other.1, "another seed is another experiment");
    assert_rescored(&processes.0, &unzipped(&place.path("one/claims.csv.gz")));
}

#[test]
fn a_finished_run_is_replaced_only_when_told_and_a_failed_one_leaves_no_report() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    let run = |more: &[&str]| {
        let fast = ["run", "small.yaml", "--set", "launch.mode=in_process", "--set", "adversaries=[]"];
        place.run(&[&fast, more].concat())
    };
    run(&["--out", "out"]).ok();
    let first = report(&place.path("out"));
    run(&["--out", "out", "--set", "seed=5"]).fails(2, &["out already holds a finished run", "--overwrite"]);
    assert_eq!(report(&place.path("out")), first, "a refused run changes nothing");
    run(&["--out", "out", "--set", "seed=5", "--overwrite"]).ok();
    assert_ne!(report(&place.path("out")), first);

    // No data: the folder is there, and nothing in it could be taken for a result.
    run(&["--out", "failed", "--set", "data=adult"]).fails(3, &["adult"]);
    assert_eq!(names(&place.path("failed")), ["checkpoint", "logs", "scenario.resolved.yaml"]);
    // A member that is asked the impossible in the second of the repeats' stages.
    run(&[
        "--out",
        "failed",
        "--set",
        "timeouts.fit_ms=1",
        "--set",
        "data.synthetic.gaussian_clusters.records=20000",
        "--set",
        "federation.records_per_party=5000",
    ])
    .fails(4, &["party-"]);
    assert_eq!(names(&place.path("failed")), ["checkpoint", "logs", "scenario.resolved.yaml"]);
    run(&["--overwrite"]).fails(2, &["--out"]);
    place.file("a-file", "");
    run(&["--out", "a-file"]).fails(2, &["cannot make the output folder a-file"]);
    assert!(place.leftovers().is_empty());
}

#[test]
fn quiet_shows_the_table_and_nothing_else() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    let quiet = place.run(&["run", "small.yaml", "--quiet", "--set", "launch.mode=in_process"]).ok();
    assert_eq!(quiet.stderr, "");
    let loud = place.run(&["run", "small.yaml", "--set", "launch.mode=in_process"]).ok();
    assert_eq!(loud.stdout, quiet.stdout);
    assert_eq!(loud.stderr, "add --out DIR to keep the report, the claims and the logs\n");
    let json = place.run(&[
        "run",
        "small.yaml",
        "--format",
        "json",
        "--out",
        "out",
        "--set",
        "launch.mode=in_process",
    ]);
    assert_eq!(json.ok().stdout, fs::read_to_string(place.path("out/report.json")).unwrap());
    let again = place.run(&["run", "--resume", "out", "--format", "json"]).ok();
    assert_eq!(again.stdout, fs::read_to_string(place.path("out/report.json")).unwrap());
}

#[test]
fn without_adversaries_only_the_federation_is_measured() {
    let place = Place::new();
    place.file("small.yaml", SMALL);
    let ended = place.run(&["run", "small.yaml", "--quiet", "--out", "out", "--set", "adversaries=[]"]).ok();
    assert!(ended.stdout.contains("The federation predicts"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("adversary") && !ended.stdout.contains("prior"), "{}", ended.stdout);
    assert_eq!(report(&place.path("out"))["results"], Value::Array(vec![]));
    assert_eq!(unzipped(&place.path("out/claims.csv.gz")).lines().count(), 1);
}
