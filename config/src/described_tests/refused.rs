//! Broken scenarios are refused by the schema and by the checker, for the same reasons at the same keys.

use super::reported::{Reason, Reported, broken, by_schema, validator};
use crate::tests::SMALL;
use crate::tests::refused::BROKEN;

/// What the list of messages has no example of, and texts with several rules broken.
const MORE: &[&str] = &[
    "kind=single_targt",
    "kind=1",
    "federation=",
    "federation=3",
    "federation.parties=",
    "federation={skew: iid, lerner: knn}",
    "federation.skew.dirichlet.alpha=0",
    "federation.skew={dirichlet: {alpha: 0.5, beta: 1}}",
    "federation.skew={simplx: {}}",
    "federation.require=most",
    "federation.require={at_least: 0}",
    "federation.learner={decision_tree: {max_features: some}}",
    "federation.learner={decision_tree: {max_features: [1]}}",
    "federation.learner={decision_tree: {max_features: 1.5}}",
    "federation.learner={decision_tree: {class_weight: heavy}}",
    "federation.learner={decision_tree: {class_weight: []}}",
    "federation.learner={ada_boost: {engine: linfa}}",
    "federation.learner={knn: {k: 0, weights: near}}",
    "federation.learner={knn: {k: 1.5}}",
    "federation.learner={naive_bayes: {distribution: bernouli}}",
    "federation.learner={bagging: {learner: knnn}}",
    "federation.learner={soft_voting: {learners: []}}",
    "federation.learner={soft_voting: {learners: [{knn: {k: x}}, tree]}}",
    "federation.learner=knn and more",
    "adversaries=[outsider]",
    "adversaries=[{outsider: {attacks: []}}]",
    "adversaries=[{outsider: {attacks: gap}}]",
    "adversaries=[{outsider: {attacks: [gapp]}}]",
    "adversaries=[{outsider: {attacks: [{gap: {shadows: 2}}]}}]",
    "adversaries=[{outsider: {attacks: [{shadow_model: {generation: {knn: {k: 0}}, attack_learner: nb}}]}}]",
    "adversaries=[{outsider: {attacks: [gap, gap]}}]",
    "faults=[{crush: {party: 1}}]",
    "faults=[{crash: {party: 1, at: 500}}]",
    "faults=[{crash: {party: 1, at: query 0}}]",
    "faults=[{crash: {party: 2}}]",
    "faults=[{drop: {party: 1, fraction: 0}}]",
    "faults=[{corrupt: {party: 1, how: nans, fraction: 1.5}}]",
    "faults=[{partition: {parties: [], from: query 1, to: query 2}}]",
    "byzantine=[{party: 1, how: lable_flip}]",
    "byzantine=[{party: 1, how: {amplified: {by: 1}}}]",
    "byzantine=[{party: 1, how: {constant: {}}}]",
    "limits={queries_per_client: -1, records_per_call: 0, message_bytes: 5, concurrent: 1, request_ms: 0}",
    "timeouts={rejoin_ms: 1.5, fit: 3}",
    "launch=in_process",
    "data={iris: {}, mnist: {}}",
    "data.iris={rows: 5}",
    "data.csv={path: a.csv, target: -0}",
    "data.csv={path: a.csv, header: 1}",
    "data.csv={path: a.csv, columns: [a]}",
    "data.synthetic={census: {records: 0, label_noise: 1.5, features: 3}}",
    "preprocess={scale: none, categories: onehot, subsample: 0}",
    "boundaries={features: a}",
    "boundaries={features: [a]}",
    "repeats=",
    "seed=",
    "seed=-1",
    "name=",
    "name=''",
];

/// What JSON Schema cannot say, so that only the checker refuses it, and why.
const ONLY_THE_CHECKER: &[(&str, &str)] = &[
    ("federation.parties=2.0", "in JSON, 2.0 is a whole number"),
    ("federation.parties=2", "an adversary is party 3: one key against another"),
    ("adversaries.0.party.id=4", "there are three parties: one key against another"),
    (
        "adversaries.0.outsider.attacks=[gap: {id: a}, confidence: {id: a}]",
        "two ids: one key against another",
    ),
    ("adversaries.0.outsider.attacks=[gap: {id: confidence}]", "ids and names: one key against another"),
    ("federation.records_per_party=[20, 20]", "there are three parties: one key against another"),
    ("federation.skew={clustered: {alpha: [100, 0.1]}}", "the order of two numbers"),
    ("federation.skew.explicit=[[0.5, 0.5], [1, 0], [0.7, 0.7]]", "a sum"),
    ("boundaries={features: [a, b], repeat: 2}", "there is one repeat: one key against another"),
    ("boundaries={features: [abc, def], region: {abd: [1, 2]}}", "keys that another key names"),
    ("boundaries={features: [abc, def], region: {def: [2, 2]}}", "the order of two numbers"),
];

/// What both refuse and put differently, and why.
const PUT_DIFFERENTLY: &[(&str, &str, Reason, &str)] = &[
    ("federation.skew=clustered", "federation.skew", Reason::Word, ALONE),
    ("federation.skew=dirichlet", "federation.skew", Reason::Word, ALONE),
    ("data=purchase", "data", Reason::Word, ALONE),
    ("adversaries=[outsider]", "adversaries.0", Reason::Type, ALONE),
    ("federation=", "federation", Reason::Type, EMPTY),
    (
        "adversaries=[{outsider: {attacks: [gap, gap]}}]",
        "adversaries.0.outsider.attacks",
        Reason::Value,
        "the list, not its entry",
    ),
    ("boundaries={features: [a, a]}", "boundaries.features", Reason::Value, "the list, not its entry"),
];
/// The checker reads a bare word as a map without keys, and says which it lacks; a schema, that the word cannot stand alone.
const ALONE: &str = "a word that cannot stand alone";
/// The checker reads nothing as a map without keys, and says which it lacks.
const EMPTY: &str = "nothing where a map has to be";

#[test]
fn broken_scenarios_are_refused_for_the_same_reasons() {
    let validator = validator();
    let mut wrong = Vec::new();
    for overriding in BROKEN.iter().chain(MORE) {
        let Some((instance, checker)) = broken(SMALL, overriding) else { continue };
        let schema = by_schema(&validator, &instance);
        assert_ne!(checker, Reported::new(), "{overriding} is accepted");
        if let Some((_, path, reason, _)) = PUT_DIFFERENTLY.iter().find(|(text, ..)| text == overriding) {
            assert_eq!(schema, Reported::from([((*path).to_owned(), *reason)]), "{overriding}");
            continue;
        }
        let only = ONLY_THE_CHECKER.iter().any(|(text, _)| text == overriding);
        let expected = if only { &Reported::new() } else { &checker };
        if schema != *expected {
            wrong.push(format!("{overriding}\n  schema  {schema:?}\n  checker {checker:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
