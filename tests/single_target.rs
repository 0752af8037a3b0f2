//! `kind: single_target` on the real executable: known answers, byte-identical reports, files, refusals.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;

use serde_json::Value;
use support::{Place, report, unzipped};

/// Every kind of learner in every role, on the embedded wines.
const GRID: &str = "
kind: single_target
name: grid
seed: 5
repeats: 2
folds: 2
data: winequality
preprocess: {scale: min_max}
target: {records: 400, learners: [decision_tree, knn, logistic_regression, naive_bayes]}
knowledge: white_box
shadow: {records: 400, steps: [same_distribution]}
generation: {partitions: 2, learners: [decision_tree, naive_bayes, ensemble: [decision_tree, knn]]}
attack: {learners: [decision_tree, logistic_regression]}
attacks: [gap, confidence, shadow_model]
export: [claims, attack_sets]
";

/// One target whose records are numbers and whose class is the number modulo 50, so that a tree knows its training records
/// by heart and is wrong about every other: its nearest training record is never of the same class.
const LOOKUP: &str = "
kind: single_target
name: lookup
seed: 1
data: {csv: {path: numbers.csv, target: class}}
target: {records: 1000, learners: [decision_tree]}
knowledge: white_box
shadow: {records: 1000, steps: [same_distribution]}
generation: {learners: [decision_tree]}
attack: {learners: [decision_tree, logistic_regression, naive_bayes]}
attacks: [gap, confidence, shadow_model]
";

fn numbers() -> String {
    let mut text = String::from("number,class\n");
    for number in 0..2000 {
        let _ = writeln!(text, "{number},c{}", number % 50);
    }
    text
}

fn mean(result: &Value, figure: &str) -> f64 {
    result[figure]["mean"].as_f64().unwrap()
}

fn results(report: &Value) -> &Vec<Value> {
    report["results"].as_array().unwrap()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let place = Place::new();
    let scenario = place.file("grid.yaml", GRID);
    let (scenario, one, two) = (scenario.to_str().unwrap(), place.path("one"), place.path("two"));
    for (out, jobs) in [(&one, "1"), (&two, "3")] {
        place.run(&["run", scenario, "--out", out.to_str().unwrap(), "--jobs", jobs, "--quiet"]).ok();
    }
    assert_eq!(report(&one), report(&two));
    for file in ["claims.csv.gz", "attack_sets.csv.gz", "results.csv", "scenario.resolved.yaml"] {
        assert_eq!(std::fs::read(one.join(file)).unwrap(), std::fs::read(two.join(file)).unwrap(), "{file}");
    }

    let report = report(&one);
    // Four targets alone, with three generations, and with those and two attack learners.
    assert_eq!(results(&report).len(), 4 + 12 + 24);
    let last = &results(&report)[39];
    assert_eq!(
        [&last["target"], &last["generation"], &last["attack_learner"], &last["attack"], &last["vantage"]],
        ["naive_bayes", "decision_tree+knn", "logistic_regression", "shadow_model", "outsider"]
    );
    assert_eq!(results(&report)[0]["generation"], Value::Null);
    assert!(report["deviations"]["fixed_target"].as_f64().unwrap() > 0.0);
    assert_eq!(report["single_target"]["targets"].as_array().unwrap().len(), 4);
    assert_eq!(report["single_target"]["shadow_queries"], 0);
    assert_eq!(report.get("federation"), None);
    // The half that is in has as many records of each class as the half that is out.
    for result in results(&report) {
        assert!(mean(&result["prior_only"], "accuracy") < 0.55, "{result}");
    }

    let claims = unzipped(&one.join("claims.csv.gz"));
    let header = claims.lines().next().unwrap();
    assert_eq!(
        header,
        "repeat,fold,target,generation,attack_learner,attack,id,record,member,claimed_member,score,matched,label"
    );
    // Each claim is about a record of the half that is in or out; a class with an odd number leaves one out of both,
    // and a copy of a record that is in is not asked about as one that is out, nor then one of its class that is in.
    let requested = claims.lines().filter(|line| line.starts_with("1,1,decision_tree,,,gap,")).count();
    assert!((380..=400).contains(&requested) && requested % 2 == 0, "{requested}");
    let sets = unzipped(&one.join("attack_sets.csv.gz"));
    assert_eq!(sets.lines().next().unwrap(), "repeat,generation,shadow_model,label,member,p0,p1,p2,p3,p4,p5");
    // One model for each of two partitions and each learner, as many in as out.
    let of = |start: &str| sets.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(of("1,decision_tree+knn,"), 2 * of("1,decision_tree,"));
    let members = sets.lines().filter(|line| line.split(',').nth(4) == Some("1")).count();
    assert_eq!(2 * members, sets.lines().count() - 1);
}

#[test]
fn the_gap_attack_on_a_full_tree_equals_its_closed_form() {
    let place = Place::new();
    let scenario = place.file("grid.yaml", GRID);
    let out = place.path("out");
    let overrides = [
        "target.learners=[decision_tree]",
        "attacks=[gap]",
        "folds=1",
        "repeats=3",
        "data=iris",
        "target.records=100",
    ];
    let mut arguments = vec!["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"];
    overrides.iter().for_each(|text| arguments.extend(["--set", text]));
    place.run(&arguments).ok();
    let report = report(&out);
    let target = &report["single_target"]["targets"][0];
    let of_repeat = |summary: &Value, repeat: usize| summary["by_repeat"][repeat].as_f64().unwrap();
    for repeat in 0..3 {
        assert_eq!(of_repeat(&target["train_accuracy"], repeat), 1.0);
        let t = of_repeat(&target["test_accuracy"], repeat);
        assert!(t > 0.5 && t < 1.0, "{t}");
        let result = &results(&report)[0];
        assert!((of_repeat(&result["accuracy"], repeat) - (2.0 - t) / 2.0).abs() < 1e-12);
        assert!((of_repeat(&result["precision"], repeat) - 1.0 / (1.0 + t)).abs() < 1e-12);
    }
}

#[test]
fn a_lookup_table_gives_its_members_away() {
    let place = Place::new();
    place.file("numbers.csv", numbers());
    let scenario = place.file("lookup.yaml", LOOKUP);
    let out = place.path("out");
    place.run(&["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"]).ok();
    let report = report(&out);
    assert_eq!(mean(&report["single_target"]["targets"][0], "test_accuracy"), 0.0);
    for result in results(&report) {
        assert_eq!(
            (mean(result, "accuracy"), mean(result, "precision"), mean(result, "auc")),
            (1.0, 1.0, 1.0)
        );
    }
}

#[test]
fn a_constant_target_gives_nobody_away() {
    let place = Place::new();
    place.file("numbers.csv", numbers());
    let scenario = place.file("lookup.yaml", LOOKUP);
    let out = place.path("out");
    let constant = "target.learners=[decision_tree: {min_samples_leaf: 100000}]";
    let arguments =
        ["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet", "--set", constant];
    place.run(&arguments).ok();
    for result in results(&report(&out)) {
        assert_eq!(
            (mean(result, "accuracy"), mean(result, "advantage"), mean(result, "auc")),
            (0.5, 0.0, 0.5)
        );
    }
}

#[test]
fn noise_on_the_records_asked_about_hides_them() {
    let place = Place::new();
    let scenario = place.file("grid.yaml", GRID);
    let gap = |noise: &str| {
        let out = place.path(&format!("noise-{noise}"));
        let noise = format!("target.noise={noise}");
        let settings = ["target.learners=[decision_tree]", "attacks=[gap]", "folds=4", &noise];
        let mut arguments =
            vec!["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"];
        settings.iter().for_each(|text| arguments.extend(["--set", text]));
        place.run(&arguments).ok();
        let report = report(&out);
        // The target itself predicts as well as ever.
        assert_eq!(mean(&report["single_target"]["targets"][0], "train_accuracy"), 1.0);
        mean(&results(&report)[0], "accuracy")
    };
    let (none, little, much) = (gap("0"), gap("0.1"), gap("1"));
    assert!(none > little + 0.02 && little > much + 0.02, "{none} {little} {much}");
}

#[test]
fn queries_for_shadow_data_are_counted_with_the_probing() {
    let place = Place::new();
    let scenario = place.file("grid.yaml", GRID);
    let out = place.path("out");
    let settings = [
        "knowledge=black_box",
        "shadow={records: 100, steps: [statistics, active_learning: {labelled: 30, learner: knn}]}",
        "target.learners=[decision_tree]",
        "export=[]",
    ];
    let mut arguments = vec!["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"];
    settings.iter().for_each(|text| arguments.extend(["--set", text]));
    place.run(&arguments).ok();
    // Thirty labels, and two trial queries that find features and classes, for each target.
    let report = report(&out);
    assert_eq!(report["single_target"]["shadow_queries"], 32);
    assert_eq!(report["single_target"]["shadow_records"], 100);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let place = Place::new();
    let wrong = "
kind: single_target
name: wrong
seed: 5
folds: 0
data: winequality
federation: {parties: 3}
target: {records: 3, noise: -1, learners: [decision_tree, decision_tree: {max_depth: 3}]}
knowledge: black_box
shadow: {records: 400, steps: [same_distribution]}
generation: {partitions: 0, learners: [svm]}
attack: {learners: [], sees: {top_k: many}, models: each}
combine: in_step
attacks: [gap, gap, shadow_modle]
export: [everything]
";
    let scenario = place.file("wrong.yaml", wrong);
    place.run(&["check", scenario.to_str().unwrap()]).fails(
        2,
        &[
            "federation",
            "folds",
            "target.records",
            "target.noise",
            "target.learners.1",
            "generation.partitions",
            "generation.learners.0",
            "attack.learners",
            "attack.sees.top_k",
            "attack.models",
            "attacks.1",
            "did you mean `shadow_model`?",
            "export.0",
        ],
    );
    let kind = place.file("kind.yaml", "kind: singel_target\nname: a\n");
    place.run(&["check", kind.to_str().unwrap()]).fails(2, &["did you mean `single_target`?"]);
}

#[test]
fn what_the_data_cannot_give_is_reported() {
    let place = Place::new();
    let scenario = place.file("grid.yaml", GRID);
    let scenario = scenario.to_str().unwrap();
    place
        .run(&["run", scenario, "--set", "target.records=1599"])
        .fails(2, &["target.records asks for 1599 of the 1599 records", "to 799 for half"]);
    place.run(&["run", scenario, "--set", "shadow.records=1500"]).fails(2, &["same_distribution"]);
    place.run(&["run", scenario, "--set", "attack="]).fails(2, &["attack.learners: missing"]);
    place
        .run(&["run", scenario, "--set", "combine=in_step"])
        .fails(2, &["must have as many learners as target.learners (4)"]);
}

/// Two parameterisations of one attack: told apart by their ids, and neither moves the other's figures.
#[test]
fn one_attack_is_tried_with_two_learners() {
    let place = Place::new();
    let scenario = |attacks: &str| {
        format!(
            "kind: single_target\nname: two\nseed: 2\ndata: iris\ntarget: {{records: 100, learners: [decision_tree, knn]}}\n\
             knowledge: white_box\nshadow: {{records: 40, steps: [same_distribution]}}\n\
             generation: {{learners: [decision_tree]}}\nattack: {{learners: [decision_tree]}}\nattacks: {attacks}\n"
        )
    };
    let shallow = "{shadow_model: {id: shallow, attack_learner: {decision_tree: {max_depth: 1}}}}";
    place.file("both.yaml", scenario(&format!("[{shallow}, shadow_model]")));
    place.file("one.yaml", scenario("[shadow_model]"));
    place.run(&["run", "both.yaml", "--out", "both"]).ok();
    place.run(&["run", "one.yaml", "--out", "one"]).ok();
    place.run(&["run", "both/scenario.resolved.yaml", "--out", "again"]).ok();
    let both = report(&place.path("both"));
    assert_eq!(both["results"], report(&place.path("again"))["results"]);
    let reported: Vec<_> = results(&both)
        .iter()
        .map(|result| ["id", "attack", "target"].map(|name| result[name].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ["shallow", "shadow_model", "decision_tree"],
        ["shallow", "shadow_model", "knn"],
        ["shadow_model", "shadow_model", "decision_tree"],
        ["shadow_model", "shadow_model", "knn"],
    ];
    assert_eq!(reported, expected.map(|row| row.map(String::from)));
    assert_eq!(results(&both)[2..], results(&report(&place.path("one")))[..]);
    let claims = unzipped(&place.path("both/claims.csv.gz"));
    let of = |id: &str| claims.lines().filter(|line| line.contains(&format!(",shadow_model,{id},"))).count();
    assert!(of("shallow") > 0 && of("shallow") == of("shadow_model"), "{claims}");
    place.file("twice.yaml", scenario("[gap, gap]"));
    place
        .run(&["check", "twice.yaml"])
        .fails(2, &["attacks.1 is gap: an attack of this id is there already"]);
}
