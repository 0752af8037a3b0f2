//! What the adversary of a single target is given and makes of it, within a whole scenario.

use super::*;

/// An experiment on a single target with that knowledge and that plan.
fn with(knowledge: &str, shadow: &str) -> Result<Loaded, ScenarioErrors> {
    let text = format!(
        "kind: single_target\nname: a\nseed: 1\ndata: iris\ntarget: {{records: 50, learners: [knn]}}\n\
         knowledge: {knowledge}\nshadow: {shadow}\ngeneration: {{learners: [knn]}}\nattack: {{learners: [knn]}}\n\
         attacks: [shadow_model]\n"
    );
    parse(&text, &[])
}

#[test]
fn knowledge_and_shadow_plans_resolve_to_themselves() {
    for (knowledge, shadow) in [
        ("white_box", "{records: 50, steps: [same_distribution]}"),
        (
            "{white_box: {records: 20, noise: 0.1, known_features: 0.8}}",
            "{records: 50, noise: 0.3, steps: [same_distribution, region: {side: 0.2}]}",
        ),
        (
            "{grey_box: {records: 30}}",
            "{records: 50, steps: [statistics: {dependence: pairwise}, active_learning: {labelled: 9, learner: knn}]}",
        ),
        (
            "grey_box",
            "{records: 50, steps: [statistics, query: {budget: 500, redraw: 2}, active_learning: {labelled: 5, learner: {decision_tree: {max_depth: 3}}}]}",
        ),
        (
            "black_box",
            "{records: 50, steps: [query: {confidence: 0.9, attempts: 20, budget: 500}, region: {points: 4}]}",
        ),
    ] {
        let loaded = with(knowledge, shadow).unwrap_or_else(|errors| panic!("{errors}"));
        let again = parse(&loaded.resolved_yaml, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(again.study, loaded.study);
        assert_eq!((again.resolved_yaml, again.sha256), (loaded.resolved_yaml, loaded.sha256));
    }
}

#[test]
fn a_plan_that_asks_for_more_knowledge_is_refused_in_its_place() {
    let refused = |knowledge, shadow| with(knowledge, shadow).unwrap_err().to_string();
    insta::assert_snapshot!(
        refused("black_box", "{records: 9, steps: [statistics: {dependence: pairwise}]}"),
        @"x.yaml:7:55: shadow.steps.0.statistics.dependence is pairwise: must be `independent` with black_box knowledge, which tells no statistics"
    );
    insta::assert_snapshot!(
        refused("grey_box", "{records: 9, steps: [same_distribution]}"),
        @"x.yaml:7:30: shadow.steps.0 is same_distribution: must be left to white_box knowledge: a grey_box adversary holds no real record"
    );
    insta::assert_snapshot!(
        refused("{white_box: {records: 8}}", "{records: 9, steps: [same_distribution]}"),
        @"x.yaml:7:30: shadow.steps.0 is same_distribution of 9 records: must be of at most 8, which knowledge.white_box.records tells; `region` makes more of them"
    );
}

#[test]
fn a_learner_that_is_not_reproducible_is_warned_of_in_a_plan_too() {
    let steps = "[statistics, active_learning: {labelled: 9, learner: {decision_tree: {engine: linfa}}}]";
    let loaded = with("grey_box", &format!("{{records: 50, steps: {steps}}}")).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
}
