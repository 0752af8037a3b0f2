//! The quickstart: what it prints and writes, and what it is there to show.

use serde_json::Value;

use crate::names;
use crate::rescored::assert_rescored;
use crate::shape::{check_result, check_summary, keys};
use crate::support::{Place, report, unzipped};

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
