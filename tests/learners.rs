//! Every learner at the parties, as the model of shadow parties, and as the attack model, on the real executable.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;

use support::{Place, SMALL, report, unzipped, word};

/// One of each, as a scenario writes it.
const LEARNERS: [(&str, &str); 8] = [
    (
        "decision_tree",
        "{decision_tree: {max_depth: 6, ccp_alpha: 0.001, max_features: 4, class_weight: balanced}}",
    ),
    ("knn", "{knn: {k: 3, weights: distance}}"),
    ("logistic_regression", "{logistic_regression: {c: 0.5}}"),
    ("naive_bayes", "{naive_bayes: {}}"),
    ("random_forest", "{random_forest: {trees: 5}}"),
    ("ada_boost", "{ada_boost: {rounds: 5}}"),
    ("bagging", "{bagging: {learner: {naive_bayes: {}}, models: 3}}"),
    ("soft_voting", "{soft_voting: {learners: [{knn: {}}, {decision_tree: {}}], weights: [1, 2]}}"),
];

#[test]
fn every_learner_serves_in_every_role() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    for (name, learner) in LEARNERS {
        let run = |out: &str, settings: &[String]| {
            let out = place.path(out);
            let mut words = vec!["run".to_owned(), word(&scenario).into(), "--out".into(), word(&out).into()];
            for setting in settings {
                words.extend(["--set".into(), setting.clone()]);
            }
            place.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).ok();
            out
        };
        let mut settings = vec![
            format!("federation.learner={learner}"),
            "data.synthetic.gaussian_clusters.clusters_per_class=1".into(),
            format!(
                "adversaries.1.party.attacks=[least_loss, shadow_federation: {{shadows: 2, generation: {learner}}}, \
                 shadow_model: {{shadows: 2, generation: {learner}, attack_learner: {learner}}}]"
            ),
            "launch.mode=in_process".into(),
        ];
        let first = run(&format!("{name}-in-process"), &settings);
        settings.pop();
        let second = run(&format!("{name}-processes"), &settings);
        assert_eq!(report(&first), report(&second), "{name}");
        assert_eq!(unzipped(&first.join("claims.csv.gz")), unzipped(&second.join("claims.csv.gz")), "{name}");

        let report = report(&first);
        assert_eq!(report["federation"]["learner"], name);
        for party in report["federation"]["parties"].as_array().unwrap() {
            assert!(party["model_bytes"].as_f64().unwrap() > 100.0, "{party}");
            assert_eq!(party["smallest_leaf"].is_u64(), name == "decision_tree", "{party}");
            // Three classes that hardly overlap: whatever learns at all is right far more often than a guess is.
            assert!(party["test_accuracy"]["mean"].as_f64().unwrap() > 0.5, "{name}: {party}");
        }
        let resolved = fs::read_to_string(first.join("scenario.resolved.yaml")).unwrap();
        assert_eq!(resolved.matches(&format!("{name}:")).count(), 4, "{resolved}");
    }
}

#[test]
fn a_model_short_of_its_optimum_is_told_of() {
    let place = Place::new();
    let scenario = place.file("small.yaml", SMALL);
    let out = place.path("out");
    let short = "federation.learner={logistic_regression: {max_iterations: 1}}";
    place.run(&["run", word(&scenario), "--set", short, "--out", word(&out)]).ok();
    let notes = report(&out)["notes"].to_string();
    assert!(notes.contains("6 of 6 models") && notes.contains("raise max_iterations"), "{notes}");
}
