//! Scenarios that are wrong, and what is none.

use crate::run_on;
use crate::support::Place;

/// What a single target's shadow models need is known before anything is drawn, and no other kind's key is advised.
#[test]
fn too_few_shadow_records_are_told_by_their_key() {
    let place = Place::new();
    let scenario = "kind: single_target\nname: single\nseed: 7\ndata: winequality\n\
        target: {records: 400, learners: [decision_tree]}\nknowledge: white_box\n\
        shadow: {records: 1, steps: [same_distribution]}\ngeneration: {learners: [decision_tree]}\n\
        attack: {learners: [decision_tree]}\nattacks: [shadow_model]\n";
    place.file("single.yaml", scenario);
    for command in ["check", "run"] {
        let ended =
            place.run(&[command, "single.yaml"]).fails(2, &["shadow.records is 1: must be at least 2"]);
        assert!(!ended.stderr.contains("auxiliary"), "{}", ended.stderr);
    }
}

/// Weights of classes fit the data as soon as the data is known, and one thing is one thing.
#[test]
fn class_weights_of_another_number_are_told_before_anything_is_trained() {
    let place = Place::new();
    let scenario = "name: w\nseed: 7\nrepeats: 1\ndata: iris\nlaunch: {mode: in_process}\n\
        federation:\n  parties: 2\n  records_per_party: 10\n  skew: iid\n\
        \x20 learner: {bagging: {learner: {decision_tree: {class_weight: [1, 2]}}}}\nadversaries: []\n";
    place.file("w.yaml", scenario);
    for command in ["check", "run"] {
        place.run(&[command, "w.yaml"]).fails(2, &["class_weight", "2 weights for 3 classes"]);
    }
    let reported = place.run(&["check", "w.yaml", "--set", "federation.learner=decision_tree"]).ok();
    assert!(reported.stdout.contains("w, 2 parties, 1 repeat, 0 adversaries"), "{}", reported.stdout);
}

/// Every violation of a file at once, each with its place, what stood there, the rule and the mend.
#[test]
fn a_wrong_scenario_is_told_all_its_faults_at_once() {
    let place = Place::new();
    let scenario = "\
name: wrong
seed: -3
repeats: many
dta: {winequality: {}}
data: {winequalty: {}}
federation:
  parties: 3
  records_per_party: -5
  skew: iid
adversaries:
  - party: {id: 4, attacks: [least_loss, gapp]}
";
    place.file("wrong.yaml", scenario);
    let overrides = ["--set", "federation.partis=4", "--set", "launch.mode", "--set", "seed=1.5"];
    let expected = "\
error: wrong.yaml:3:10: repeats is many: must be a whole number from 1 to 1000000
wrong.yaml:4:1: dta: unknown key; did you mean `data`?
wrong.yaml:5:8: data is winequalty: must be one of `adult`, `mnist`, `fashion_mnist`, `cifar10`, `idx`, `purchase`, \
`valued_shoppers`, `csv`, `winequality`, `iris`, `synthetic`; did you mean `winequality`?
wrong.yaml:8:22: federation.records_per_party is -5: must be a whole number from 1 to 1000000000
wrong.yaml:11:17: adversaries.0.party.id is 4: there are parties 1 to 3 (federation.parties)
wrong.yaml:11:42: adversaries.0.party.attacks.1 is gapp: must be one of `gap`, `confidence`, `entropy`, `shadow_model`, \
`least_loss`, `prior_aware`, `shadow_federation`; did you mean `gap`?
--set federation.partis=4: federation.partis: unknown key; did you mean `parties`?
--set launch.mode: write it as key.path=value
--set seed=1.5: seed is 1.5: must be a whole number from 0 to 18446744073709551615
";
    for command in ["run", "check"] {
        let ended = place.run(&[&[command, "wrong.yaml"], &overrides[..]].concat()).fails(2, &[]);
        assert_eq!(ended.stderr, expected, "{command}");
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn what_is_no_scenario_is_told_where() {
    let place = Place::new();
    place.file("open.yaml", "name: x\nfederation: {parties: 3\nseed: 1\n");
    place.run(&["run", "open.yaml"]).fails(2, &["open.yaml:3:5: not YAML"]);
    place.run(&["run", "none.yaml"]).fails(2, &["none.yaml: No such file", "the path of a scenario file"]);
    place.file("binary.yaml", [0xff, 0xfe, 0, 0x80]);
    place.run(&["run", "binary.yaml"]).fails(2, &["binary.yaml"]);
    place.run(&["run", "--set", "federation.partys=4"]).fails(2, &["did you mean `parties`?"]);
    place.run(&["run", "--jobs", "0"]).fails(2, &["--jobs"]);
    place.run(&["run", "--bogus"]).fails(2, &["--bogus"]);
}

/// An attack that lacks what it needs is the scenario's fault, and says what to add.
#[test]
fn an_attack_without_its_means_says_what_it_lacks() {
    let place = Place::new();
    let attack = "adversaries=[{outsider: {attacks: [shadow_model: {shadows: 2}]}}]";
    run_on(&place, "winequality", &["--set", "auxiliary={records: 0}", "--set", attack])
        .fails(2, &["outsider", "shadow_model", "auxiliary"]);
}
