//! `turncoat new`: every combination that it offers is a sound scenario.

use std::fs;

use crate::support::{Place, word};

#[test]
fn the_file_has_a_comment_on_every_key_and_runs() {
    let place = Place::new();
    let ended = place.run(&["new", "mine.yaml", "--repeats", "2"]).ok();
    assert!(ended.stderr.contains("turncoat run mine.yaml --out runs/mine"), "{}", ended.stderr);
    let text = fs::read_to_string(place.path("mine.yaml")).unwrap();
    insta::assert_snapshot!("a_federation", text);
    let mut comment = false;
    for line in text.lines() {
        let key = line.trim_start();
        if key.is_empty() {
            // Between two parts.
        } else if key.starts_with('#') {
            comment = true;
        } else if key.ends_with(": {}") || key.starts_with('-') {
            // What stands below a commented key, or has one of its own.
        } else {
            assert!(comment || line.starts_with("  "), "{line:?} has no comment:\n{text}");
            comment = false;
        }
    }
    let run = place.run(&["run", "mine.yaml", "--quiet"]).ok();
    assert!(run.stdout.contains("Whose record is it?"), "{}", run.stdout);
    let single = place.run(&["new", "-", "--kind", "single_target", "--name", "shadow"]).ok().stdout;
    insta::assert_snapshot!("a_single_target", single);
    place.file("shadow.yaml", single);
    place.run(&["run", "shadow.yaml", "--quiet"]).ok();
}

#[test]
fn every_combination_checks() {
    let place = Place::new();
    let sets = [
        "winequality",
        "iris",
        "adult",
        "mnist",
        "fashion_mnist",
        "cifar10",
        "purchase",
        "valued_shoppers",
        "census",
        "purchases",
        "gaussian_clusters",
    ];
    let mut files = Vec::new();
    let mut new = |flags: &[&str]| {
        let file = format!("{}.yaml", files.len());
        place.run(&[&["new", &file], flags].concat()).ok();
        files.push(file);
    };
    for set in sets {
        new(&["--data", set]);
        new(&["--data", set, "--kind", "single_target"]);
    }
    for skew in ["iid", "simplex", "dirichlet", "clustered"] {
        for disclosure in ["open", "aggregator"] {
            for adversaries in ["outsider", "party", "aggregator", "outsider,party,aggregator"] {
                new(&["--skew", skew, "--disclosure", disclosure, "--adversaries", adversaries]);
            }
        }
    }
    for parties in ["1", "2", "5", "20"] {
        new(&["--parties", parties]);
    }
    for adversaries in ["outsider", "party", "aggregator"] {
        new(&["--parties", "2", "--adversaries", adversaries]);
    }
    new(&["--name", "two words: and a 'quote'", "--seed", "0", "--repeats", "1", "--records", "7"]);
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    let checked = place.run(&[&["check", "--no-data"], &words[..]].concat()).ok().stdout;
    assert_eq!(checked.matches(": ok (").count(), files.len(), "{checked}");
    assert!(checked.contains("two words: and a 'quote'"), "{checked}");
}

/// What the comments say may stand there may stand there.
#[test]
fn other_values_that_are_named_can_be_used() {
    let place = Place::new();
    place.run(&["new", "many.yaml"]).ok();
    place.run(&["new", "one.yaml", "--kind", "single_target"]).ok();
    let learners =
        ["decision_tree", "knn", "logistic_regression", "naive_bayes", "random_forest", "ada_boost"];
    for learner in learners {
        place.run(&["check", "many.yaml", "--set", &format!("federation.learner={learner}")]).ok();
        place
            .run(&[
                "check",
                "one.yaml",
                "--set",
                &format!("target.learners=[{learner}]"),
                "--set",
                "combine=product",
            ])
            .ok();
    }
    for set in [
        "federation.skew=simplex",
        "federation.skew={dirichlet: {alpha: 0.5}}",
        "federation.skew={clustered: {alpha: 0.3}}",
        "federation.records_per_party={skewed: {alpha: 2, total: 300}}",
        "federation.records_per_party=[100, 50, 20]",
        "preprocess={categories: one_hot, scale: min_max}",
        "launch.mode=processes",
        "auxiliary.records=1",
        "adversaries=[outsider: {attacks: [shadow_federation, shadow_model]}]",
    ] {
        place.run(&["check", "many.yaml", "--set", set]).ok();
    }
    for knowledge in ["black_box", "grey_box", "white_box"] {
        let ended = place.run(&["check", "one.yaml", "--set", &format!("knowledge={knowledge}")]);
        assert!(!ended.stderr.contains("must be one of"), "{}", ended.stderr);
    }
}

#[test]
fn nothing_is_overwritten_unasked() {
    let place = Place::new();
    place.file("mine.yaml", "mine");
    place.run(&["new", "mine.yaml"]).fails(2, &["mine.yaml is there already", "--force"]);
    // Without a file the name decides.
    place.run(&["new"]).fails(2, &["mine.yaml is there already"]);
    assert_eq!(fs::read_to_string(place.path("mine.yaml")).unwrap(), "mine");
    let quiet = place.run(&["new", "mine.yaml", "--force", "--quiet"]).ok();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    place.run(&["check", "mine.yaml"]).ok();
    place.run(&["new", "tmp"]).fails(2, &["tmp is a folder"]);
    place.run(&["new", "some/where/deep.yaml"]).ok();
    let with_schema = place.run(&["new", "-", "--schema", "schema.json"]).ok().stdout;
    assert!(with_schema.starts_with("# yaml-language-server: $schema=schema.json\n"), "{with_schema}");
}

#[test]
fn a_table_of_ones_own_is_read_before_the_scenario_is_written() {
    let place = Place::new();
    let rows: String = (0..400).map(|n| format!("{n},{},{}\n", n % 7, ["yes", "no"][n % 2])).collect();
    let table = place.file("visits/visits.csv", format!("age,ward,ill\n{rows}"));
    place.run(&["new", "mine.yaml", "--data", "visits/visits.csv", "--target", "ill", "--repeats", "1"]).ok();
    let text = fs::read_to_string(place.path("mine.yaml")).unwrap();
    assert!(text.contains("path: visits/visits.csv\n") && text.contains("target: ill\n"), "{text}");
    assert!(place.run(&["run", "mine.yaml", "--quiet"]).ok().stdout.contains("outsider"));
    // Files are looked for beside the scenario, wherever that is.
    for (file, path) in [("visits/beside.yaml", "visits.csv"), ("else/where.yaml", word(&table))] {
        place.run(&["new", file, "--data", "visits/visits.csv"]).ok();
        let text = fs::read_to_string(place.path(file)).unwrap();
        assert!(text.contains(&format!("path: {path}\n")), "{text}");
        place.run(&["data", "describe", file]).ok();
    }
    let visits = ["new", "other.yaml", "--data", "visits/visits.csv"];
    place
        .run(&[&visits[..], &["--target", "il"]].concat())
        .fails(2, &["--data: ", "no target column", "\"ill\""]);
    place
        .run(&[&visits[..], &["--records", "200"]].concat())
        .fails(2, &["the data has 400 records", "would do"]);
    place.run(&["new", "other.yaml", "--data", "none.csv"]).fails(2, &["no none.csv"]);
    place.run(&["new", "other.yaml", "--data", "winequalty"]).fails(2, &["did you mean `winequality`?"]);
    place
        .run(&["new", "other.yaml", "--data", "iris", "--target", "x"])
        .fails(2, &["--target names the class column"]);
    place
        .run(&["new", "other.yaml", "--kind", "single_target", "--parties", "3"])
        .fails(2, &["--parties says something"]);
    place
        .run(&["new", "other.yaml", "--parties", "1", "--adversaries", "party"])
        .fails(2, &["2 parties or more"]);
    place.run(&["new", "other.yaml", "--parties", "0"]).fails(2, &["--parties 1 or more"]);
    assert!(!place.path("other.yaml").exists());
}
