//! The scenarios of faults, limits and Byzantine parties, on the real executable: as processes and in one process they give the same report,
//! and what they claim holds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Ended, Place, report, word};

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/faults").join(format!("{name}.yaml"))
}

/// Runs a scenario with overrides.
fn run(place: &Place, name: &str, out: &str, overrides: &[&str]) -> (Ended, PathBuf) {
    let (file, out) = (scenario(name), place.path(out));
    let set: Vec<&str> = overrides.iter().flat_map(|&text| ["--set", text]).collect();
    let arguments = [&["run", word(&file), "--out", word(&out), "--quiet"][..], &set].concat();
    (place.run(&arguments), out)
}

/// Runs a scenario as processes and in one process, and gives the report that both must leave.
fn in_both_modes(name: &str, code: i32) -> (Ended, Value) {
    let place = Place::new();
    let (ended, out) = run(&place, name, "processes", &[]);
    let ended = ended.fails(code, &[]);
    let (in_process, other) = run(&place, name, "in_process", &["launch.mode=in_process"]);
    in_process.fails(code, &[]);
    assert_eq!(text(&out), text(&other), "{name}");
    place.wait_until_empty();
    (ended, report(&out))
}

/// The report as it was written, without its last part, the timings.
fn text(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    text.split("\"timings_ms\"").next().unwrap().to_owned()
}

/// What must be the same with and without faults that lose nothing.
fn figures(report: &Value) -> [&Value; 4] {
    ["federation", "results", "correlations", "service"].map(|part| &report[part])
}

fn without_faults(name: &str) -> Value {
    let place = Place::new();
    let (ended, out) = run(&place, name, "out", &["faults=[]", "launch.mode=in_process"]);
    ended.ok();
    report(&out)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn sum(values: &Value, field: &str) -> u64 {
    values.as_array().map_or(0, |all| all.iter().map(|one| one[field].as_u64().unwrap()).sum())
}

#[test]
fn a_party_that_comes_back_costs_nothing_but_time() {
    let (ended, report) = in_both_modes("crash_restart", 0);
    assert!(!ended.stdout.contains("fewer parties"), "{}", ended.stdout);
    assert_eq!(report.get("degraded"), None);
    let undisturbed = without_faults("crash_restart");
    assert_eq!(figures(&report), figures(&undisturbed));
    assert_ne!(report["scenario"]["sha256"], undisturbed["scenario"]["sha256"]);
}

#[test]
fn the_process_really_ends_and_another_one_resumes() {
    let place = Place::new();
    let (ended, out) = run(&place, "crash_restart", "out", &["repeats=1"]);
    ended.ok();
    let log =
        |name: &str| std::fs::read_to_string(out.join("logs/repeat-001").join(name)).unwrap_or_default();
    for (name, fitted) in [("party-2.log", true), ("party-2-1.log", false), ("party-2-2.log", false)] {
        assert!(log(name).contains("joined"), "{name}: {}", log(name));
        assert_eq!(log(name).contains("fitted"), fitted, "{name}: {}", log(name));
    }
    assert!(!out.join("logs/repeat-001/party-2-3.log").exists());
    assert!(!out.join("logs/repeat-001/party-1-1.log").exists());
    place.wait_until_empty();
}

#[test]
fn delays_change_no_figure() {
    let (_, report) = in_both_modes("delays", 0);
    assert_eq!(figures(&report), figures(&without_faults("delays")));
}

#[test]
fn answers_that_never_come_are_asked_for_again() {
    let place = Place::new();
    // Time enough for every answer that does come, on a busy machine, too.
    let drop = ["faults=[{drop: {party: 1, fraction: 0.04}}]", "timeouts.predict_ms=1500"];
    let (ended, processes) = run(&place, "delays", "processes", &drop);
    ended.ok();
    assert_eq!(figures(&report(&processes)), figures(&without_faults("delays")));
    let (ended, out) =
        run(&place, "delays", "in_process", &[&drop[..], &["launch.mode=in_process"]].concat());
    ended.ok();
    assert_eq!(text(&processes), text(&out));
}

#[test]
fn a_sweep_is_as_degraded_as_its_runs() {
    let place = Place::new();
    let swept = ["launch.mode=in_process", "repeats=1", "sweep.seed=[8, 9]"];
    let (ended, out) = run(&place, "query_budget", "out", &swept);
    ended.fails(5, &["done, but degraded: "]);
    place.run(&["run", "--resume", word(&out), "--quiet"]).fails(5, &[]);
    let (ended, _) = run(&place, "delays", "whole", &swept);
    ended.ok();
}

#[test]
fn a_quorum_that_would_give_vectors_away_is_warned_of() {
    let place = Place::new();
    let file = scenario("delays");
    let check = |more: &[&str]| place.run(&[&["check", word(&file)][..], more].concat()).ok();
    let text = |ended: Ended| ended.stdout + &ended.stderr;
    let reported = text(check(&["--set", "federation.require={at_least: 1}"]));
    assert!(reported.contains("outsider is shown no average over fewer than 2 parties"), "{reported}");
    assert!(!reported.contains("party-3 is shown"), "{reported}");
    let hidden = ["--set", "federation.require={at_least: 2}", "--set", "federation.disclosure=aggregator"];
    let reported = text(check(&hidden));
    assert!(reported.contains("party-3 is shown no average over fewer than 3 parties"), "{reported}");
    assert!(!reported.contains("outsider is shown"), "{reported}");
    assert!(!text(check(&[])).contains("is shown no average"));
}

#[test]
fn spoilt_answers_are_rejected_with_their_reason() {
    let (ended, report) = in_both_modes("corrupt", 5);
    assert!(
        ended.stderr.trim_end().lines().last().unwrap().starts_with("done, but degraded: "),
        "{}",
        ended.stderr
    );
    let rejected = report["rejected"].as_array().unwrap();
    let mut reasons: Vec<&str> = rejected.iter().map(|one| one["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in ["not_finite", "unnormalised", "wrong_length", "stale"] {
        assert!(reasons.contains(&reason), "{reason} is not in {reasons:?}");
    }
    assert!(rejected.iter().all(|one| one["id"] == 2 && !one["example"].as_str().unwrap().is_empty()));
    let degraded = report["degraded"].as_array().unwrap();
    assert!(degraded.iter().all(|range| range["missing"][0]["id"] == 2), "{degraded:?}");
    // Every query was answered, by two parties at least.
    for client in report["service"]["clients"].as_array().unwrap() {
        assert_eq!(client["asked"], client["answered"], "{client}");
    }
    assert!(ended.stdout.contains("rejected (not_finite), first at query "), "{}", ended.stdout);
}

#[test]
fn cut_off_parties_are_missing_for_exactly_the_calls_that_hold_their_queries() {
    let (ended, report) = in_both_modes("partition", 5);
    assert!(ended.stdout.contains("party-1 from"), "{}", ended.stdout);
    let degraded = report["degraded"].as_array().unwrap();
    for range in degraded {
        let first = range["first_query"].as_u64().unwrap();
        let last = first + range["rows"].as_u64().unwrap() - 1;
        let missing: Vec<u64> =
            range["missing"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
        // Calls hold at most 60 queries. A party that was away for three calls in a row is not asked for a while after.
        assert!(last >= 400, "{range}");
        if range["missing"][0]["reason"] == "unavailable" {
            assert!(missing.contains(&1), "{range}");
            assert!((341..=1059).contains(&first), "{range}");
        }
    }
    assert!(degraded.iter().any(|range| range["missing"].as_array().unwrap().len() == 2), "{degraded:?}");
}

#[test]
fn a_quorum_goes_on_without_a_party_and_every_query_says_so() {
    let (_, report) = in_both_modes("quorum", 5);
    let degraded = report["degraded"].as_array().unwrap();
    for repeat in 1..=2 {
        let ranges: Vec<&Value> = degraded.iter().filter(|range| range["repeat"] == repeat).collect();
        let first = ranges[0]["first_query"].as_u64().unwrap();
        assert!((641..=700).contains(&first), "the call that holds query 700, of at most 60: {first}");
        // Nothing lost: the ranges follow each other without a gap.
        let mut next = first;
        for range in ranges {
            assert_eq!(range["first_query"].as_u64().unwrap(), next, "{range}");
            assert_eq!(range["missing"].as_array().unwrap().len(), 1);
            assert_eq!(range["missing"][0]["id"], 1);
            next += range["rows"].as_u64().unwrap();
        }
    }
    // What the operator measures is counted apart, and nothing happens to it.
    let clients = report["service"]["clients"].as_array().unwrap().iter();
    let adversaries: Vec<Value> = clients.filter(|client| client["client"] != "operator").cloned().collect();
    assert!(degraded.iter().all(|range| range["client"] != "operator"));
    let answered = sum(&Value::from(adversaries), "answered");
    let healthy: u64 = (1..=2)
        .map(|repeat| {
            let first = degraded.iter().find(|range| range["repeat"] == repeat).unwrap();
            first["first_query"].as_u64().unwrap() - 1
        })
        .sum();
    assert_eq!(sum(&report["degraded"], "rows"), answered - healthy);
}

#[test]
fn below_the_quorum_the_run_ends_and_names_the_party() {
    for mode in ["processes", "in_process"] {
        let place = Place::new();
        let mode = format!("launch.mode={mode}");
        let (ended, out) = run(&place, "quorum", "out", &["federation.require=all", &mode]);
        ended.fails(4, &["party-1"]);
        assert!(!out.join("report.json").exists());
        place.wait_until_empty();
    }
}

#[test]
fn a_reversed_vector_hurts_the_federation_and_nobody_elses_answers() {
    let (ended, report) = in_both_modes("byzantine_label_flip", 0);
    let byzantine = &report["byzantine"];
    assert_eq!(byzantine["parties"][0]["how"], "label_flip");
    let parties = byzantine["by_party"].as_array().unwrap();
    assert!(number(&parties[0]["test_accuracy"]["difference"]["mean"]) < 0.0, "{}", parties[0]);
    for honest in &parties[1..] {
        assert_eq!(number(&honest["test_accuracy"]["difference"]["mean"]), 0.0, "{honest}");
    }
    assert!(
        number(&byzantine["train_accuracy"]["difference"]["mean"]) < 0.0,
        "{}",
        byzantine["train_accuracy"]
    );
    // The report's own figures are those with Byzantine behaviour.
    assert_eq!(byzantine["test_accuracy"]["with_byzantine"], report["federation"]["test_accuracy"]);
    let results = report["results"].as_array().unwrap();
    for (result, paired) in results.iter().zip(byzantine["results"].as_array().unwrap()) {
        assert_eq!(result["accuracy"], paired["accuracy"]["with_byzantine"]);
        assert_eq!(result["attack"], paired["attack"]);
    }
    assert!(ended.stdout.contains("party-1 reverses the classes"), "{}", ended.stdout);
    // With all parties honest they are those of the scenario that has no Byzantine party.
    let place = Place::new();
    let (ended, out) = run(&place, "byzantine_label_flip", "out", &["byzantine=[]"]);
    ended.ok();
    let honest = support::report(&out);
    assert_eq!(byzantine["test_accuracy"]["honest"], honest["federation"]["test_accuracy"]);
    assert_eq!(byzantine["results"][0]["precision"]["honest"], honest["results"][0]["precision"]);
}

#[test]
fn a_majority_that_always_says_one_class_is_right_as_often_as_that_class_comes() {
    let (_, report) = in_both_modes("byzantine_constant", 0);
    let byzantine = &report["byzantine"];
    // The mean gives class 2 two thirds at least; the federation's accuracy on its own records is the share of class 2 in
    // them. Both are quotients of the same whole numbers in each repeat, and the counts are means over the repeats.
    let place = Place::new();
    let (ended, out) = run(&place, "byzantine_constant", "one", &["repeats=1"]);
    ended.ok();
    let one = support::report(&out);
    let parties = one["federation"]["parties"].as_array().unwrap();
    let count =
        |class: usize| -> f64 { parties.iter().map(|party| number(&party["class_counts"][class])).sum() };
    let all: f64 = (0..6).map(count).sum();
    assert_eq!(number(&one["federation"]["train_accuracy"]["mean"]), count(2) / all);
    assert_eq!(
        one["federation"]["train_accuracy"]["by_repeat"][0],
        byzantine["train_accuracy"]["with_byzantine"]["by_repeat"][0]
    );
    assert!(number(&byzantine["train_accuracy"]["honest"]["mean"]) > count(2) / all);
}

#[test]
fn what_is_said_louder_names_the_same_class() {
    let (_, report) = in_both_modes("byzantine_amplified", 0);
    let byzantine = &report["byzantine"];
    for party in byzantine["by_party"].as_array().unwrap() {
        assert_eq!(party["test_accuracy"]["honest"], party["test_accuracy"]["with_byzantine"], "{party}");
    }
    let changed = |paired: &Value| paired["honest"] != paired["with_byzantine"];
    assert!(changed(&byzantine["test_accuracy"]) || changed(&byzantine["train_accuracy"]), "{byzantine}");
}

#[test]
fn a_refused_attack_has_no_figures() {
    let (ended, report) = in_both_modes("query_budget", 5);
    let results = report["results"].as_array().unwrap();
    let unlimited = {
        let place = Place::new();
        let (ended, out) = run(&place, "query_budget", "out", &["limits={records_per_call: 60}"]);
        ended.ok();
        support::report(&out)
    };
    let (mut null, mut figures) = (0, 0);
    for (result, free) in results.iter().zip(unlimited["results"].as_array().unwrap()) {
        let (limited, free) = (&result["accuracy"]["by_repeat"], &free["accuracy"]["by_repeat"]);
        for (limited, free) in limited.as_array().unwrap().iter().zip(free.as_array().unwrap()) {
            match limited {
                Value::Null => null += 1,
                limited => {
                    assert_eq!(limited, free, "{result}");
                    figures += 1;
                }
            }
        }
    }
    assert!(null > 0 && figures > 0, "{null} {figures}");
    let clients = report["service"]["clients"].as_array().unwrap();
    assert!(sum(&report["service"]["clients"], "refused") > 0, "{clients:?}");
    for client in clients {
        let part = |field: &str| client[field].as_u64().unwrap();
        assert_eq!(part("asked"), part("answered") + part("refused"), "{client}");
        if client["client"] != "operator" {
            assert!(part("answered") <= 2 * 560, "{client}");
        }
    }
    assert_eq!(report["service"]["limits"]["queries_per_client"], 560);
    assert!(ended.stdout.contains("has no figures (repeat"), "{}", ended.stdout);
}
