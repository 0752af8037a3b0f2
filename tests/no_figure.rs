//! What is said to change no figure changes none: a federation in which faults and budgets count queries gives the same report
//! with and without it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Place, report, word};

/// Faults that count queries, and a budget that does not suffice for everything.
const SCENARIO: &str = "\
name: counted
seed: 8
repeats: 2
data: winequality
federation: {parties: 5, records_per_party: 60, skew: simplex, require: {at_least: 2}}
auxiliary: {records: 40}
adversaries:
  - outsider: {attacks: [gap, confidence]}
  - party: {id: 3, attacks: [least_loss, prior_aware, gap]}
  - aggregator: {attacks: [least_loss, gap]}
limits: {records_per_call: 20, queries_per_client: 500}
faults:
  - crash: {party: 2, at: query 90}
  - restart: {party: 2, at: query 200}
  - corrupt: {party: 4, how: stale, fraction: 0.2}
  - corrupt: {party: 4, how: nan, fraction: 0.1}
  - partition: {parties: [3], from: query 250, to: query 330}
timeouts: {predict_ms: 60000}
launch: {mode: in_process}
";

/// For each key of a scenario that is said to change no figure, what it may say.
fn settings() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("boundaries", vec!["boundaries={features: [alcohol, sulphates], grid: 9, repeat: 2}"]),
        ("export", vec!["export=[vectors]"]),
        ("launch", vec!["launch.mode=processes", "launch={mode: processes, tls: false}"]),
        ("timeouts", vec!["timeouts.ready_ms=50000"]),
    ])
}

/// The keys of a federation's scenario whose description says so.
fn said_to_change_nothing() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let keys = schema["definitions"]["federation_study"]["properties"].as_object().unwrap();
    let says =
        |key: &Value| key["description"].as_str().is_some_and(|text| text.contains("hanges no figure"));
    keys.iter().filter(|(_, key)| says(key)).map(|(name, _)| name.clone()).collect()
}

struct Runs {
    place: Place,
    scenario: PathBuf,
}

impl Runs {
    fn new() -> Self {
        Self::of(SCENARIO)
    }

    fn of(scenario: &str) -> Self {
        let place = Place::new();
        let scenario = place.file("counted.yaml", scenario);
        Self { place, scenario }
    }

    /// The report of a run that keeps no file. Attacks that a limit refuses make it end with code 5.
    fn alone(&self, more: &[&str]) -> Value {
        let run = ["run", word(&self.scenario), "--quiet", "--format", "json"];
        let ended = self.place.run(&[&run[..], more].concat()).fails(5, &[]);
        figures(serde_json::from_str(&ended.stdout).unwrap())
    }

    /// The report of a run that keeps its files.
    fn kept(&self, out: &str, more: &[&str]) -> Value {
        let out = self.place.path(out);
        let run = ["run", word(&self.scenario), "--out", word(&out)];
        self.place.run(&[&run[..], more].concat()).fails(5, &[]);
        figures(report(&out))
    }
}

/// All that a report says of the federation: everything but timings, and the hash of what was asked for.
fn figures(mut report: Value) -> Value {
    let parts = report.as_object_mut().unwrap();
    parts.remove("timings_ms");
    parts["scenario"].as_object_mut().unwrap().remove("sha256").unwrap();
    report
}

#[test]
fn every_key_that_is_said_to_change_no_figure_is_tried() {
    let tried: BTreeSet<String> = settings().into_keys().map(str::to_owned).collect();
    assert_eq!(tried, said_to_change_nothing());
}

#[test]
fn no_option_and_no_key_that_changes_no_figure_changes_one() {
    let runs = Runs::new();
    let expected = runs.alone(&["--jobs", "1"]);
    // All of it happens: parties are missing, answers are rejected, a budget refuses.
    for part in ["degraded", "rejected"] {
        assert!(!expected[part].as_array().unwrap().is_empty(), "{part}");
    }
    let refused = |client: &Value| client["refused"].as_u64().unwrap() > 0;
    assert!(
        expected["service"]["clients"].as_array().unwrap().iter().any(refused),
        "{}",
        expected["service"]
    );

    assert_eq!(runs.alone(&["--jobs", "3"]), expected, "--jobs");
    assert_eq!(runs.kept("out", &["--quiet"]), expected, "--out");
    let logged = ["--log-format", "json", "--jobs", "2"];
    assert_eq!(runs.kept("logged", &logged), expected, "logs and progress");
    // Vectors are not exported under a budget, which would say nothing of them.
    let unbounded = ["--quiet", "--set", "limits={records_per_call: 20}"];
    let without_budget = runs.alone(&unbounded[1..]);
    for (key, variants) in settings() {
        let (more, expected) = match key {
            "export" => (&unbounded[..], &without_budget),
            _ => (&unbounded[..1], &expected),
        };
        for (place, setting) in variants.iter().enumerate() {
            let kept = runs.kept(&format!("{key}-{place}"), &[more, &["--set", setting]].concat());
            assert_eq!(kept, *expected, "{setting}");
        }
    }
    let all: Vec<&str> = settings().values().flat_map(|variants| ["--set", variants[0]]).collect();
    assert_eq!(runs.kept("all", &[&unbounded[..], &all].concat()), without_budget, "all at once");
}

#[test]
fn nor_where_a_party_never_comes_back() {
    let runs = Runs::of(&SCENARIO.replace("  - restart: {party: 2, at: query 200}\n", ""));
    let unbounded = ["--quiet", "--set", "limits={records_per_call: 20}"];
    let expected = runs.alone(&unbounded[1..]);
    let missing = expected["degraded"].as_array().unwrap().iter();
    assert!(missing.flat_map(|range| range["missing"].as_array().unwrap()).any(|party| party["id"] == 2));
    let all: Vec<&str> = settings().values().flat_map(|variants| ["--set", variants[0]]).collect();
    assert_eq!(runs.kept("all", &[&unbounded[..], &all].concat()), expected);
}

#[test]
fn how_much_is_measured_moves_no_attack() {
    let runs = Runs::new();
    let (much, little) = (runs.alone(&[]), runs.alone(&["--set", "evaluation.test_records=7"]));
    assert_ne!(much["federation"]["test_accuracy"], little["federation"]["test_accuracy"]);
    for part in ["results", "correlations", "degraded", "rejected"] {
        assert_eq!(much[part], little[part], "{part}");
    }
}
