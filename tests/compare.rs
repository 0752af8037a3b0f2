//! `turncoat compare` with the real executable, on reports that it wrote itself and on reports that are written here.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use support::{Place, SMALL};

/// A report of single targets with one result.
fn single_target(name: &str, learners: [&str; 3], figures: &str) -> String {
    let [target, generation, attack_learner] = learners;
    format!(
        r#"{{"schema": "turncoat.report/1", "version": "0.1.0", "scenario": {{"name": "{name}", "sha256": "0"}},
        "deviations": {{"fixed_target": 0.01, "fixed_generation": 0.04, "fixed_attack": 0.03}},
        "results": [{{"vantage": "outsider", "adversary": "outsider", "question": "membership", "attack": "shadow_model",
        "target": "{target}", "generation": "{generation}", "attack_learner": "{attack_learner}", {figures}}}]}}"#
    )
}

/// Lines with single blanks.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn measured_figures_stand_beside_published_ones() {
    let place = Place::new();
    let tree = "decision_tree";
    let first = single_target(
        "truex-table6-adult",
        [tree; 3],
        r#""claims": 1800.2, "accuracy": {"mean": 0.6, "ci95": [0.598, 0.602]}"#,
    );
    place.file("runs/b/report.json", first);
    let second = single_target(
        "truex-table6-valued-shoppers-50",
        ["knn"; 3],
        r#""claims": 28.5, "accuracy": {"mean": 0.58, "std": null, "ci95": null}"#,
    );
    place.file("runs/c/report.json", second);
    let third = single_target("truex-table4-mnist", [tree, "knn", tree], r#""accuracy": {"mean": 0.5}"#);
    place.file("runs/a/deeper/report.json", third);
    let ended = place.run(&["compare", "runs", "--with", "published"]).ok();
    let reported = lines(&ended.stdout);
    for line in [
        "scenario adversary attack target generation attack model figure measured claims published difference covered source",
        "truex-table6-adult outsider shadow_model decision_tree decision_tree decision_tree accuracy 60.00 ± 0.20 1800 59.89 \
         +0.11 yes Truex et al., Table 6",
        "truex-table6-valued-shoppers-50 outsider shadow_model knn knn knn accuracy 58.00 28.5† 59.57 -1.57 - Truex et al., \
         Table 6 [1]",
        "truex-table4-mnist deviation_fixed_generation 4.00 3.47 +0.53 - Truex et al., Table 4",
        "† fewer than 30 claims a repeat, too few for a 95 % interval.",
        "[1] stand-in: not number for number comparable",
        // Of the other results and of the deviations of the two other scenarios nothing is published.
        "5 figures compared, 1 of the 1 with an interval covered; 3 results measured without a figure to compare",
        "no result for truex-table6-adult knn knn knn accuracy (51.22, Truex et al., Table 6)",
    ] {
        assert!(reported.iter().any(|own| own == line), "{line:?} is not in:\n{}", ended.stdout);
    }
    let (_, left) = ended.stdout.split_once("not measured here, with the number of figures:").unwrap();
    assert!(left.contains(" truex-table3-cifar10 (64)"), "{left}");
    assert!(!left.contains("truex-table6-adult"), "{left}");

    let json = place.run(&["compare", "runs", "--with", "published", "--format", "json"]).ok().stdout;
    let reported: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&reported["schema"], &reported["with"]), (&"turncoat.compare/1".into(), &"published".into()));
    assert_eq!(reported["lines"].as_array().unwrap().len(), 5);
    let line = &reported["lines"].as_array().unwrap().iter().find(|line| line["measured"] == 0.6).unwrap();
    assert_eq!(
        (&line["reference"], &line["covered"], &line["target"]),
        (&0.5989.into(), &true.into(), &tree.into())
    );
    assert_eq!((&line["ci95"][0], &line["source"]), (&0.598.into(), &"Truex et al., Table 6".into()));
    assert_eq!((&line["claims"], &line["reference_claims"]), (&1800.2.into(), &serde_json::Value::Null));
    assert_eq!(
        (&reported["results_without_reference"], &reported["not_measured"]["truex-table3-cifar10"]),
        (&3.into(), &64.into())
    );
    assert!(reported["unmet"].as_array().unwrap().iter().any(|unmet| unmet["reference"] == 0.5122));
}

#[test]
fn a_sweep_is_compared_by_its_swept_values() {
    let place = Place::new();
    place.file(
        "sweep.yaml",
        format!("{SMALL}launch: {{mode: in_process}}\nsweep: {{federation.parties: [3, 4]}}\n"),
    );
    place.run(&["run", "sweep.yaml", "--out", "out", "--quiet"]).ok();
    place.file(
        "expected.csv",
        "scenario,figure,value,attack,sweep,note\n\
         small,accuracy,0.5,least_loss,federation.parties=4.0,of the fourth\n\
         small,auc,0.5,gap,federation.parties=5,\n\
         other,auc,0.5,,,\n",
    );
    let ended = place.run(&["compare", "out", "--with", "expected.csv"]).ok();
    let reported = lines(&ended.stdout);
    let about: Vec<&String> =
        reported.iter().filter(|line| line.starts_with("small federation.parties=4 ")).collect();
    // The outsider, the party and the aggregator.
    assert_eq!(about.len(), 3, "{}", ended.stdout);
    assert!(about.iter().all(|line| line.contains(" least_loss accuracy ") && line.ends_with("[1]")));
    assert!(
        reported
            .iter()
            .any(|line| line.starts_with("no result for small gap federation.parties=5 auc (50.00"))
    );
    assert!(ended.stdout.ends_with("not measured here, with the number of figures:\n  other (1)\n"));

    // Against itself nothing differs, and every interval covers its own mean.
    place.run(&["run", "sweep.yaml", "--out", "single", "--quiet", "--set", "federation.parties=4"]).ok();
    let ended = place.run(&["compare", "out", "--with", "out"]).ok();
    let reported = lines(&ended.stdout);
    let lines_of_runs = reported.iter().filter(|line| line.starts_with("small ")).count();
    assert!(lines_of_runs > 20, "{}", ended.stdout);
    let same = reported.iter().filter(|line| line.ends_with(" +0.00 yes out")).count();
    assert_eq!(same, lines_of_runs, "{}", ended.stdout);
    assert!(
        ended
            .stdout
            .contains(&format!("{same} of the {same} with an interval covered; 0 results measured without"))
    );
    // A run of its own has no swept values: a table that asks for none is about it.
    let ended = place.run(&["compare", "out", "--with", "single"]).ok();
    assert!(ended.stdout.contains(" +0.00 "), "{}", ended.stdout);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let place = Place::new();
    let compare = |folder: &str, with: &str| place.run(&["compare", folder, "--with", with]);
    compare("none", "published").fails(2, &["none cannot be read"]);
    place.file("empty/some.txt", "");
    compare("empty", "published").fails(2, &["empty holds no report.json", "give the --out folder"]);
    place.file("broken/report.json", "{");
    compare("broken", "published").fails(3, &["broken/report.json is no report"]);
    place.file("newer/report.json", r#"{"schema": "turncoat.report/9"}"#);
    compare("newer", "published").fails(3, &["turncoat.report/9"]);
    place.file("fine/report.json", r#"{"schema": "turncoat.report/1"}"#);
    compare("fine", "none.csv").fails(2, &["none.csv"]);
    place.file("bad.csv", "scenario,figure,value\na,auc,51\n");
    compare("fine", "bad.csv").fails(3, &["bad.csv:2: value is \"51\": must be a fraction"]);
    let ended = compare("fine", "published").ok();
    assert!(ended.stdout.starts_with("0 figures compared"), "{}", ended.stdout);
    place.run(&["compare", "fine"]).fails(2, &["--with"]);
}

/// The figures are found by the names of the scenarios that come with turncoat.
#[test]
fn published_figures_are_about_scenarios_that_there_are() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/truex");
    let mut reader = csv::Reader::from_path(folder.join("published.csv")).unwrap();
    let mut names: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    names.dedup();
    for name in names {
        let file = folder.join(format!("{}.yaml", name.strip_prefix("truex-").unwrap()));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert!(text.contains(&format!("\nname: {name}\n")), "{}", file.display());
    }
}
