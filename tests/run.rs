//! `turncoat run` from a scenario to its files: what it prints, what it writes, and that nothing but the scenario
//! decides a figure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Place, SMALL, files, report, unzipped, word};

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

fn names(folder: &Path) -> Vec<String> {
    files(folder).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// A figure with its repeats: a fraction, or null throughout.
fn check_summary(summary: &Value, repeats: usize, range: [f64; 2]) {
    assert_eq!(keys(summary), ["by_repeat", "ci95", "mean", "std"], "{summary}");
    let by_repeat = summary["by_repeat"].as_array().unwrap();
    assert_eq!(by_repeat.len(), repeats);
    let fraction = |value: &Value| match value {
        Value::Null => true,
        value => value.as_f64().is_some_and(|value| (range[0]..=range[1]).contains(&value)),
    };
    assert!(by_repeat.iter().all(fraction) && fraction(&summary["mean"]), "{summary}");
    let known = by_repeat.iter().filter(|value| !value.is_null()).count();
    assert_eq!(summary["mean"].is_null(), known == 0, "{summary}");
    assert_eq!(summary["std"].is_null(), known < 2, "{summary}");
    assert_eq!(summary["ci95"].is_null(), known < 2, "{summary}");
    if let Some(ends) = summary["ci95"].as_array() {
        let (low, mean) = (ends[0].as_f64().unwrap(), summary["mean"].as_f64().unwrap());
        assert!(ends.len() == 2 && low <= mean && mean <= ends[1].as_f64().unwrap(), "{summary}");
    }
}

fn check_result(result: &Value, repeats: usize) {
    let expected = [
        "accuracy",
        "advantage",
        "adversary",
        "attack",
        "auc",
        "by_party",
        "candidates",
        "chance",
        "claims",
        "claims_in",
        "id",
        "non_members",
        "over_outsider",
        "over_prior",
        "precision",
        "prior_only",
        "question",
        "recall",
        "records",
        "smallest_fpr",
        "tpr_at_fpr_0_1pct",
        "tpr_at_fpr_1pct",
        "vantage",
    ];
    assert_eq!(keys(result), expected);
    for name in
        ["precision", "accuracy", "recall", "auc", "tpr_at_fpr_1pct", "tpr_at_fpr_0_1pct", "smallest_fpr"]
    {
        check_summary(&result[name], repeats, [0.0, 1.0]);
    }
    check_summary(&result["advantage"], repeats, [-1.0, 1.0]);
    assert_eq!(keys(&result["prior_only"]), ["accuracy", "precision", "unnamed"]);
    check_summary(&result["over_prior"]["precision"], repeats, [-1.0, 1.0]);
    check_summary(&result["over_prior"]["accuracy"], repeats, [-1.0, 1.0]);
    check_summary(&result["prior_only"]["precision"], repeats, [0.0, 1.0]);
    check_summary(&result["prior_only"]["accuracy"], repeats, [0.0, 1.0]);
    assert!(result["records"].as_f64().is_some_and(|records| records > 0.0));

    let (vantage, adversary) = (result["vantage"].as_str().unwrap(), result["adversary"].as_str().unwrap());
    assert!(["outsider", "party", "aggregator"].contains(&vantage));
    assert_eq!(adversary, if vantage == "party" { "party-3" } else { vantage });
    let candidates: &[u64] = if vantage == "aggregator" { &[1, 2, 3] } else { &[1, 2] };
    assert_eq!(result["candidates"], serde_json::json!(candidates));
    match result["question"].as_str().unwrap() {
        "source" => {
            assert!(result["non_members"].is_null());
            assert_eq!(result["chance"], 1.0 / candidates.len() as f64);
            assert!(result["auc"]["mean"].is_null() && result["advantage"]["mean"].is_null());
            let by_party = result["by_party"].as_array().unwrap();
            assert_eq!(by_party.len(), candidates.len());
            for party in by_party {
                assert_eq!(keys(party), ["claims", "id", "precision", "recall", "records"]);
                check_summary(&party["precision"], repeats, [0.0, 1.0]);
                check_summary(&party["recall"], repeats, [0.0, 1.0]);
            }
            // Every claim names one party, and is on a record of one.
            for count in ["claims", "records"] {
                let all: f64 = by_party.iter().map(|party| party[count].as_f64().unwrap()).sum();
                assert!((all - result["claims"].as_f64().unwrap()).abs() < 1e-9, "{count}: {all}");
            }
        }
        "membership" => {
            assert!(["uniform", "matched"].contains(&result["non_members"].as_str().unwrap()));
            assert_eq!((&result["chance"], &result["by_party"]), (&0.5.into(), &Value::Array(vec![])));
            assert!(result["auc"]["mean"].is_f64());
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_quickstart_prints_its_table_and_writes_every_file() {
    let place = Place::new();
    let ended = place.run(&["run", "--out", "out", "--set", "repeats=2"]).ok();
    for says in [
        "Whose record is it?",
        "Was it in the training data?",
        " outsider    gap ",
        " party-3     shadow_federation ",
        " aggregator  shadow_model ",
    ] {
        assert!(ended.stdout.contains(says), "{says:?} is not in:\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains("NaN"), "{}", ended.stdout);
    // Piped, there is no progress: one line says where the files are.
    assert_eq!(ended.stderr, "look at out/report.html; report, results, claims and logs are in out\n");

    let out = place.path("out");
    assert_eq!(
        names(&out),
        [
            "claims.csv.gz",
            "logs",
            "pictures",
            "report.html",
            "report.json",
            "results.csv",
            "scenario.resolved.yaml",
            "table.txt"
        ]
    );
    assert_eq!(names(&out.join("logs")), ["repeat-001", "repeat-002"]);
    let members = ["coordinator", "party-1", "party-2", "party-3"];
    for log in members {
        assert!(out.join("logs/repeat-002").join(format!("{log}.log")).is_file(), "{log}");
    }

    let report = report(&out);
    assert_eq!(
        keys(&report),
        [
            "classes",
            "correlations",
            "equal_records",
            "federation",
            "kernel",
            "notes",
            "results",
            "scenario",
            "schema",
            "service",
            "version"
        ]
    );
    assert_eq!(report["schema"], "turncoat.report/1");
    assert_eq!(report["notes"], Value::Array(vec![]));
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    let kernel = report["kernel"].as_str().unwrap();
    assert!(kernel.starts_with(std::env::consts::ARCH), "{kernel}");
    let scenario = &report["scenario"];
    assert_eq!(keys(scenario), ["name", "repeats", "seed", "sha256"]);
    assert_eq!((&scenario["name"], &scenario["seed"]), (&"quickstart".into(), &8.into()));
    assert_eq!(scenario["repeats"], 2);
    let sha256 = scenario["sha256"].as_str().unwrap();
    assert!(sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let federation = &report["federation"];
    assert_eq!(
        keys(federation),
        [
            "disclosure",
            "in_class_distance",
            "learner",
            "pairwise_distance",
            "parties",
            "test_accuracy",
            "train_accuracy"
        ]
    );
    assert_eq!(
        (&federation["disclosure"], &federation["learner"]),
        (&"open".into(), &"decision_tree".into())
    );
    check_summary(&federation["train_accuracy"], 2, [0.5, 1.0]);
    check_summary(&federation["test_accuracy"], 2, [0.3, 1.0]);
    let parties = federation["parties"].as_array().unwrap();
    assert_eq!(parties.len(), 3);
    for (number, party) in (1..).zip(parties) {
        assert_eq!(
            keys(party),
            [
                "class_counts",
                "id",
                "missing",
                "model_bytes",
                "records",
                "smallest_leaf",
                "test_accuracy",
                "train_accuracy"
            ]
        );
        assert!(party["model_bytes"].as_f64().unwrap() > 1000.0, "{party}");
        assert_eq!(party["smallest_leaf"], 1, "trees of full depth single records out");
        assert_eq!(party["id"], number);
        let counts: f64 =
            party["class_counts"].as_array().unwrap().iter().map(|count| count.as_f64().unwrap()).sum();
        assert_eq!(
            (party["class_counts"].as_array().unwrap().len(), Some(counts)),
            (6, party["records"].as_f64())
        );
        // Trees of full depth remember what they were shown.
        check_summary(&party["train_accuracy"], 2, [0.99, 1.0]);
        // Shards of drawn skew know few grades; of six they still tell more than guessing does.
        check_summary(&party["test_accuracy"], 2, [1.0 / 6.0, 1.0]);
    }

    let results = report["results"].as_array().unwrap();
    // Source: 1 + 3 + 3 attacks. Membership: three attacks each, twice.
    assert_eq!(results.len(), 7 + 3 * 3 * 2);
    results.iter().for_each(|result| check_result(result, 2));
    let rows = csv::Reader::from_path(out.join("results.csv")).unwrap().into_records().count();
    assert_eq!(rows, results.len());
    assert_rescored(&report, &unzipped(&out.join("claims.csv.gz")));
    assert_eq!(place.leftovers(), Vec::<std::path::PathBuf>::new());
}

/// What the quickstart is there to show, by no luck of its seed: nothing to explain away, a federation that is of use, and insiders that
/// learn more than the class counts tell.
#[test]
fn the_quickstart_is_plain() {
    // 577 of the 1,359 different wines are of the commonest grade.
    const COMMONEST: f64 = 577.0 / 1359.0;
    let place = Place::new();
    for seed in ["8", "1", "2", "3", "4"] {
        let seed = format!("seed={seed}");
        let mut arguments = vec!["run", "--out", "out", "--overwrite", "--set", "launch.mode=in_process"];
        arguments.extend(["--set", &seed, "--set", "adversaries.0.outsider.attacks=[least_loss]"]);
        arguments.extend(["--set", "adversaries.1.party.attacks=[least_loss, prior_aware]"]);
        arguments.extend(["--set", "adversaries.2.aggregator.attacks=[least_loss, prior_aware]"]);
        place.run(&arguments).ok();
        let report = report(&place.path("out"));
        assert_eq!(report["notes"], Value::Array(vec![]));
        let federation = &report["federation"];
        for party in federation["parties"].as_array().unwrap() {
            assert_eq!((&party["records"], &party["missing"]), (&Value::from(200), &Value::from(0)));
            assert!(party["test_accuracy"]["mean"].as_f64() < federation["test_accuracy"]["mean"].as_f64());
        }
        let low = |summary: &Value| summary["ci95"][0].as_f64().unwrap();
        let accuracy = &federation["test_accuracy"];
        assert!(low(accuracy) > COMMONEST + 0.03, "{seed}: {accuracy}");
        assert!(accuracy["mean"].as_f64().unwrap() > COMMONEST + 0.04, "{seed}: {accuracy}");
        let results = report["results"].as_array().unwrap();
        for result in results.iter().filter(|result| result["vantage"] != "outsider") {
            assert!(low(&result["over_prior"]["accuracy"]) > 0.15, "{seed}: {result}");
        }
        assert_eq!(results.len(), 5);
    }
}

/// Claims of one repeat, adversary, question and attack's id: truth, claim, score, and the draws that the record counts for.
type Claims = BTreeMap<[String; 4], Vec<(String, String, f64, [bool; 2])>>;

fn claims(text: &str) -> Claims {
    let mut claims = Claims::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let expected = "repeat,adversary,question,attack,id,record,member,claimed_member,owner,claimed_owner,score,uniform,matched,label";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), expected);
    for row in reader.records() {
        let row = row.unwrap();
        let key = [0, 1, 2, 4].map(|column| row[column].to_owned());
        // Each question has a pair of columns of its own, and leaves the other's empty.
        let (own, other) = if &row[2] == "source" { (8, 6) } else { (6, 8) };
        assert!(row[other].is_empty() && row[other + 1].is_empty(), "{row:?}");
        let counts = [11, 12].map(|column| &row[column] == "1");
        claims.entry(key).or_default().push((
            row[own].into(),
            row[own + 1].into(),
            row[10].parse().unwrap(),
            counts,
        ));
    }
    claims
}

/// Computes precision, accuracy and the area under the curve from the claims alone, and holds the report against them.
fn assert_rescored(report: &Value, text: &str) {
    let claims = claims(text);
    let mut held = 0;
    for result in report["results"].as_array().unwrap() {
        let repeats = report["scenario"]["repeats"].as_u64().unwrap();
        for repeat in 0..repeats as usize {
            let text = |name: &str| result[name].as_str().unwrap().to_owned();
            let key = [(repeat + 1).to_string(), text("adversary"), text("question"), text("id")];
            let all = &claims[&key];
            let near = |figure: &str, value: f64| {
                let reported = result[figure]["by_repeat"][repeat].as_f64().unwrap();
                assert!(
                    (reported - value).abs() < 1e-12,
                    "{key:?}: {figure} {reported}, from the claims {value}"
                );
            };
            if key[2] == "source" {
                near("accuracy", fraction(all.iter().map(|(truth, claim, ..)| truth == claim)));
                let precisions: Vec<f64> = result["candidates"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|party| party.to_string())
                    .filter(|party| all.iter().any(|(_, claim, ..)| claim == party))
                    .map(|party| {
                        fraction(
                            all.iter()
                                .filter(|(_, claim, ..)| *claim == party)
                                .map(|(truth, ..)| *truth == party),
                        )
                    })
                    .collect();
                near("precision", precisions.iter().sum::<f64>() / precisions.len() as f64);
            } else {
                let draw = usize::from(result["non_members"] == "matched");
                let counted: Vec<_> = all.iter().filter(|(.., counts)| counts[draw]).collect();
                let inside = counted.iter().filter(|(truth, ..)| truth == "1").count();
                assert_eq!(2 * inside, counted.len(), "as many non-members as members");
                near("accuracy", fraction(counted.iter().map(|(truth, claim, ..)| truth == claim)));
                let claimed = counted.iter().filter(|(_, claim, ..)| claim == "1");
                near("precision", fraction(claimed.map(|(truth, ..)| truth == "1")));
                let scores = |word: &str| -> Vec<f64> {
                    counted
                        .iter()
                        .filter(|(truth, ..)| truth == word)
                        .map(|(_, _, score, _)| *score)
                        .collect()
                };
                near("auc", area(&scores("1"), &scores("0")));
            }
            held += 1;
        }
    }
    assert_eq!(held, report["results"].as_array().unwrap().len() * 2);
}

fn fraction(outcomes: impl Iterator<Item = bool>) -> f64 {
    let (right, all) = outcomes.fold((0, 0), |(right, all), outcome| (right + u32::from(outcome), all + 1));
    f64::from(right) / f64::from(all)
}

/// The chance that a member's score is above a non-member's, a tie counting half.
fn area(members: &[f64], others: &[f64]) -> f64 {
    let mut sum = 0.0;
    for member in members {
        for other in others {
            sum += if member > other {
                1.0
            } else if member == other {
                0.5
            } else {
                0.0
            };
        }
    }
    sum / (members.len() * others.len()) as f64
}

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
