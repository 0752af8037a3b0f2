//! Every kind of violation by its message.

use super::*;

/// The messages on `SMALL` with overrides.
fn refused(overrides: &[&str]) -> Vec<String> {
    parse(SMALL, overrides).unwrap_err().to_string().lines().map(Into::into).collect()
}

/// The one message on `SMALL` with one override, without the place.
fn rule(overriding: &str) -> String {
    let [message] = refused(&[overriding]).try_into().unwrap();
    message.strip_prefix(&format!("--set {overriding}: ")).unwrap_or(&message).into()
}

#[test]
fn every_violation_of_a_file_is_reported_at_once_and_in_its_order() {
    let text = "\
name: [no]
seed: -1
seed: 2
repeats: 0
data: {mnst: {}}
federation:
  partis: 3
  records_per_party: many
  skew: {dirichlet: {alpha: 0}}
  learner: {decision_tree: {max_depth: 0, criterion: ginni}}
  disclosure: none
adversaries:
  - party: {id: 0, attacks: [least_los, gap: {shadows: 2}]}
  - outsider: {attacks: []}
  - outsider: {attacks: [gap, gap]}
launch: {mode: processes, tls: perhaps}
faults: [crash]
timeouts: {fit_ms: 1.5}
extra: 1
";
    insta::assert_snapshot!(parse(text, &[]).unwrap_err().to_string(), @"
    x.yaml:1:7: name is a list: must be a text
    x.yaml:2:7: seed is -1: must be a whole number from 0 to 18446744073709551615
    x.yaml:3:1: seed: given twice, first on line 2; keep one
    x.yaml:4:10: repeats is 0: must be a whole number from 1 to 1000000
    x.yaml:5:8: data is mnst: must be one of `adult`, `mnist`, `fashion_mnist`, `cifar10`, `idx`, `purchase`, `valued_shoppers`, `csv`, `winequality`, `iris`, `synthetic`; did you mean `mnist`?
    x.yaml:7:3: federation.partis: unknown key; did you mean `parties`?
    x.yaml:7:3: federation.parties: missing; how many data owners there are, such as 3
    x.yaml:8:22: federation.records_per_party is many: must be a whole number, a list of one for each party, or {skewed: {alpha, total}}
    x.yaml:9:29: federation.skew.dirichlet.alpha is 0: must be a number from 0.000001 to 1000000
    x.yaml:10:40: federation.learner.decision_tree.max_depth is 0: must be a whole number of at least 1, or null
    x.yaml:10:54: federation.learner.decision_tree.criterion is ginni: must be one of `gini`, `entropy`; did you mean `gini`?
    x.yaml:11:15: federation.disclosure is none: not offered yet (secure aggregation); use `aggregator` or `open`
    x.yaml:13:17: adversaries.0.party.id is 0: must be the number of a party, from 1 to `federation.parties`
    x.yaml:13:30: adversaries.0.party.attacks.0 is least_los: must be one of `gap`, `confidence`, `entropy`, `shadow_model`, `least_loss`, `prior_aware`, `shadow_federation`; did you mean `least_loss`?
    x.yaml:13:47: adversaries.0.party.attacks.1.gap.shadows: unknown key; allowed here: id, ties
    x.yaml:14:25: adversaries.1.outsider.attacks is a list: must name at least one attack
    x.yaml:15:5: adversaries.2 is outsider: there already, on line 14; name each adversary once
    x.yaml:15:31: adversaries.2.outsider.attacks.1 is gap: an attack of this id is there already; keep one, or give this one an `id` of its own
    x.yaml:16:32: launch.tls is perhaps: must be true or false
    x.yaml:17:10: faults.0.crash.party: missing; which party is affected, such as 1
    x.yaml:17:10: faults.0.crash.at: missing; the query that it does not live to answer, such as query 500
    x.yaml:18:20: timeouts.fit_ms is 1.5: must be a whole number from 1 to 86400000
    x.yaml:19:1: extra: unknown key; did you mean `export`?
    ");
}

#[test]
fn what_is_no_yaml_is_one_violation_with_its_place() {
    insta::assert_snapshot!(parse("name: x\nfederation: {parties: 3\nseed: 1\n", &[]).unwrap_err().to_string(), @"x.yaml:3:5: not YAML: while parsing a flow mapping, did not find expected ',' or '}'");
    insta::assert_snapshot!(parse("", &[]).unwrap_err().to_string(), @"x.yaml:1:1: the text holds no scenario");
    insta::assert_snapshot!(parse("- 1", &[]).unwrap_err().to_string(), @"x.yaml:1:1: must be a map of keys and values");
    insta::assert_snapshot!(parse("{}", &[]).unwrap_err().to_string(), @"
    x.yaml:1:1: name: missing; what reports call the experiment, such as mine
    x.yaml:1:1: seed: missing; the number from which every random draw derives, such as 1
    x.yaml:1:1: data: missing; where the records come from, such as winequality
    x.yaml:1:1: federation: missing; the data owners and their hub, such as {parties: 3, records_per_party: 500, skew: simplex}
    ");
}

/// Overrides of [`SMALL`] that break one rule each.
pub(crate) const BROKEN: &[&str] = &[
    "federation.partis=3",
    "zzzzzzzz=1",
    "federation.parties=five",
    "federation.parties=0",
    "federation.parties=2.0",
    "federation.parties=10001",
    "federation.parties=2",
    "federation.records_per_party=-5",
    "federation.records_per_party=[20, 20]",
    "federation.records_per_party={skewed: {alpha: 1}}",
    "federation.records_per_party.skewd=1",
    "federation.skew=clustered",
    "federation.skew={clustered: {alpha: [1]}}",
    "federation.skew={clustered: {alpha: [100, 0.1]}}",
    "federation.skew={clustered: {alpha: 0.3, clusters: 0}}",
    "federation.skew={iid: {}, simplex: {}}",
    "federation.skew=[]",
    "federation.skew={simplex: {alpha: 1}}",
    "federation.skew=dirichlet",
    "federation.skew.dirichlet.alpha=.nan",
    "federation.skew.explicit=[[0.5, 0.5], [1, 0], [0.7, 0.7]]",
    "federation.learner=svm",
    "federation.learner.decision_tree.min_samples_split=1",
    "federation.on_degenerate=ignore",
    "adversaries.0.party.id=4",
    "adversaries.0.party.id=0",
    "adversaries.0.party.name=x",
    "adversaries.0.outsider={}",
    "adversaries.0.outsider.attacks=[shadow_federation: {shadows: 0}]",
    "adversaries.0.outsider.attacks=[gap: {id: a}, confidence: {id: a}]",
    "adversaries.0.outsider.attacks=[gap: {id: confidence}]",
    "adversaries.0.outsider.attacks=[gap: {id: \"a,b\"}]",
    "adversaries={}",
    "adversaries.1.party.id=2",
    "auxiliary.records=-1",
    "evaluation.test_records=0",
    "boundaries={}",
    "boundaries={features: [a, a]}",
    "boundaries={features: [a, b], grid: 1}",
    "boundaries={features: [a, b], repeat: 2}",
    "boundaries={features: [abc, def], region: {abd: [1, 2]}}",
    "boundaries={features: [abc, def], region: {def: [2, 2]}}",
    "data=purchase",
    "data.purchase={}",
    "data.purchase={classes: 2, path: p}",
    "data.valued_shoppers={}",
    "data.csv={}",
    "data.csv={path: a.csv, target: 0}",
    "data.csv={path: a.csv, separator: ':'}",
    "data.csv={path: a.csv, decimal: ';'}",
    "data.csv={path: a.csv, encoding: latin1}",
    "data.csv={path: a.csv, missing: [-9]}",
    "data.csv={path: a.csv, drop: [0]}",
    "data.csv={path: a.csv, ragged: skip}",
    "data.csv={path: a.csv, comment: ';'}",
    "data.csv={path: a.csv, columns: {age: number}}",
    "data.csv={path: 7}",
    "data.idx=[]",
    "data.idx.images=a",
    "data.synthetic=gaussians",
    "data.synthetic.purchases.flip=2",
    "preprocess.scale=standard",
    "launch.tls=maybe",
    "launch.mode=threads",
    "timeouts.fit_ms=0",
    "name=8",
    "name='a\tb'",
    "seed=18446744073709551616",
    "data={mnist: {}",
    "federation.parties",
];

#[test]
fn each_rule_has_its_message() {
    let messages: Vec<String> =
        BROKEN.iter().map(|overriding| format!("{overriding}\n    {}", rule(overriding))).collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    federation.partis=3
        federation.partis: unknown key; did you mean `parties`?
    zzzzzzzz=1
        zzzzzzzz: unknown key; allowed here: name, seed, data, federation, adversaries, auxiliary, boundaries, byzantine, evaluation, export, faults, kind, launch, limits, preprocess, repeats, sweep, timeouts
    federation.parties=five
        federation.parties is five: must be a whole number from 1 to 10000
    federation.parties=0
        federation.parties is 0: must be a whole number from 1 to 10000
    federation.parties=2.0
        federation.parties is 2.0: must be a whole number from 1 to 10000
    federation.parties=10001
        federation.parties is 10001: must be a whole number from 1 to 10000
    federation.parties=2
        x.yaml:9:17: adversaries.0.party.id is 3: there are parties 1 to 2 (federation.parties)
    federation.records_per_party=-5
        federation.records_per_party is -5: must be a whole number from 1 to 1000000000
    federation.records_per_party=[20, 20]
        federation.records_per_party is 2 numbers: must be one number for each of the 3 parties
    federation.records_per_party={skewed: {alpha: 1}}
        federation.records_per_party.skewed.total: missing; records of all parties together, such as 1500
    federation.records_per_party.skewd=1
        federation.records_per_party is skewd: must be `skewed`; did you mean `skewed`?
    federation.skew=clustered
        federation.skew.clustered.alpha: missing; concentration, such as 0.3
    federation.skew={clustered: {alpha: [1]}}
        federation.skew.clustered.alpha is a list: must be a number, or a range of two, such as [0.1, 100]
    federation.skew={clustered: {alpha: [100, 0.1]}}
        federation.skew.clustered.alpha is [100, 0.1]: must be from 0.000001 to 1000000, or a range [low, high] of such numbers
    federation.skew={clustered: {alpha: 0.3, clusters: 0}}
        federation.skew.clustered.clusters is 0: must be a whole number from 1 to 1000
    federation.skew={iid: {}, simplex: {}}
        federation.skew is iid and simplex: must be one of `iid`, `simplex`, `dirichlet`, `explicit`, `clustered`, and only one
    federation.skew=[]
        federation.skew is a list: must be one of `iid`, `simplex`, `dirichlet`, `explicit`, `clustered`
    federation.skew={simplex: {alpha: 1}}
        federation.skew.simplex.alpha: unknown key; none is allowed here
    federation.skew=dirichlet
        federation.skew.dirichlet.alpha: missing; concentration, such as 0.5
    federation.skew.dirichlet.alpha=.nan
        federation.skew.dirichlet.alpha is .nan: must be a number from 0.000001 to 1000000
    federation.skew.explicit=[[0.5, 0.5], [1, 0], [0.7, 0.7]]
        federation.skew.explicit.2 is [0.7, 0.7]: must be shares that sum to 1, not to 1.4
    federation.learner=svm
        federation.learner is svm: must be one of `decision_tree`, `logistic_regression`, `naive_bayes`, `random_forest`, `bagging`, `ada_boost`, `soft_voting`, `knn`, `defended`, `majority_class`
    federation.learner.decision_tree.min_samples_split=1
        federation.learner.decision_tree.min_samples_split is 1: must be a whole number of at least 2
    federation.on_degenerate=ignore
        federation.on_degenerate is ignore: must be one of `warn`, `error`
    adversaries.0.party.id=4
        adversaries.0.party.id is 4: there are parties 1 to 3 (federation.parties)
    adversaries.0.party.id=0
        adversaries.0.party.id is 0: must be the number of a party, from 1 to `federation.parties`
    adversaries.0.party.name=x
        adversaries.0.party.name: unknown key; allowed here: id, attacks
    adversaries.0.outsider={}
        adversaries.0.outsider.attacks: missing; what it tries, such as [least_loss, gap]
    adversaries.0.outsider.attacks=[shadow_federation: {shadows: 0}]
        --set adversaries.0.outsider.attacks=[shadow_federation: {shadows:…: adversaries.0.outsider.attacks.0.shadow_federation.shadows is 0: must be a whole number from 1 to 10000
    adversaries.0.outsider.attacks=[gap: {id: a}, confidence: {id: a}]
        --set adversaries.0.outsider.attacks=[gap: {id: a}, confidence: {i…: adversaries.0.outsider.attacks.1 is a: an attack of this id is there already; keep one, or give this one an `id` of its own
    adversaries.0.outsider.attacks=[gap: {id: confidence}]
        adversaries.0.outsider.attacks.0.gap.id is confidence: is the name of another attack
    adversaries.0.outsider.attacks=[gap: {id: "a,b"}]
        adversaries.0.outsider.attacks.0.gap.id is "a,b": must be letters, digits, `_`, `-` and `.`, at most 64 of them
    adversaries={}
        adversaries is a map: must be a list
    adversaries.1.party.id=2
        adversaries.1: adversaries is a list of 1, whose entries count from 0
    auxiliary.records=-1
        auxiliary.records is -1: must be a whole number from 0 to 1000000000, or null
    evaluation.test_records=0
        evaluation.test_records is 0: must be a whole number from 1 to 1000000000, or null
    boundaries={}
        boundaries.features: missing; the names of x and y, two different ones, such as [age, education-num]
    boundaries={features: [a, a]}
        boundaries.features is a list: must name two different features
    boundaries={features: [a, b], grid: 1}
        boundaries.grid is 1: must be a whole number from 2 to 300
    boundaries={features: [a, b], repeat: 2}
        boundaries.repeat is 2: must be a whole number from 1 to 1
    boundaries={features: [abc, def], region: {abd: [1, 2]}}
        boundaries.region.abd: unknown key; did you mean `abc`?
    boundaries={features: [abc, def], region: {def: [2, 2]}}
        boundaries.region.def is a list: must be two numbers, the lower first
    data=purchase
        data.purchase is empty: must be one of `classes`, `path`
    data.purchase={}
        data.purchase is a map: must be one of `classes`, `path`
    data.purchase={classes: 2, path: p}
        data.purchase is classes and path: must be one of `classes`, `path`, and only one
    data.valued_shoppers={}
        data.valued_shoppers.classes: missing; the file of that many classes K, such as 10
    data.csv={}
        data.csv.path: missing; path of the table, relative to the scenario file or the data folder, such as people.csv
    data.csv={path: a.csv, target: 0}
        data.csv.target is 0: must be the name of a column or its place: 1 is the first, -1 the last
    data.csv={path: a.csv, separator: ':'}
        data.csv.separator is ":": must be one of ",", ";", "\t", "|", " "
    data.csv={path: a.csv, decimal: ';'}
        data.csv.decimal is ";": must be one of ".", ","
    data.csv={path: a.csv, encoding: latin1}
        data.csv.encoding is latin1: must be one of `utf-8`, `utf-16`, `latin-1`, `windows-1252`, `mac-roman`; did you mean `latin-1`?
    data.csv={path: a.csv, missing: [-9]}
        data.csv.missing.0 is -9: must be a text; put it in quotes
    data.csv={path: a.csv, drop: [0]}
        data.csv.drop.0 is 0: must be the name of a column or its place: 1 is the first, -1 the last
    data.csv={path: a.csv, ragged: skip}
        data.csv.ragged is skip: must be one of `error`, `drop`
    data.csv={path: a.csv, comment: ';'}
        data.csv.comment is ";": must be one of `#`, `%`, `none`
    data.csv={path: a.csv, columns: {age: number}}
        data.csv.columns.age is number: must be one of `numeric`, `categorical`; did you mean `numeric`?
    data.csv={path: 7}
        data.csv.path is 7: must be a text; put it in quotes
    data.idx=[]
        data.idx is a list: must name at least one pair of `images` and `labels`
    data.idx.images=a
        data.idx.labels: missing; path of the labels, such as labels.idx
    data.synthetic=gaussians
        data.synthetic is gaussians: must be one of `census`, `purchases`, `gaussian_clusters`
    data.synthetic.purchases.flip=2
        data.synthetic.purchases.flip is 2: must be a number from 0 to 1
    preprocess.scale=standard
        preprocess.scale is standard: must be one of `none`, `min_max`
    launch.tls=maybe
        launch.tls is maybe: must be true or false
    launch.mode=threads
        launch.mode is threads: must be one of `processes`, `in_process`
    timeouts.fit_ms=0
        timeouts.fit_ms is 0: must be a whole number from 1 to 86400000
    name=8
        name is 8: must be a text; put it in quotes
    name='a	b'
        --set name='a\tb': name is "a\tb": must be one line of at most 100 characters
    seed=18446744073709551616
        seed is 18446744073709551616: must be a whole number from 0 to 18446744073709551615
    data={mnist: {}
        data: not YAML: while parsing a flow mapping, did not find expected ',' or '}'
    federation.parties
        write it as key.path=value
    "#);
}

#[test]
fn questions_need_parties_and_attacks_need_records() {
    let two = &["federation.parties=2", "adversaries.0.party.id=2"];
    insta::assert_snapshot!(refused(two).join("\n"), @"x.yaml:9:30: adversaries.0.party.attacks.0 is least_loss: asks whose record it is, among the parties but itself: that needs federation.parties of at least 3");
    let one = &["federation.parties=1", "adversaries=[{aggregator: {attacks: [least_loss, gap]}}]"];
    insta::assert_snapshot!(refused(one).join("\n"), @"--set adversaries=[{aggregator: {attacks: [least_loss, gap]}}]: adversaries.0.aggregator.attacks.0 is least_loss: asks whose record it is: that needs federation.parties of at least 2");
    let none = &["auxiliary.records=0", "adversaries=[{outsider: {attacks: [confidence, gap]}}]"];
    insta::assert_snapshot!(refused(none).join("\n"), @"--set adversaries=[{outsider: {attacks: [confidence, gap]}}]: adversaries.0.outsider.attacks.0 is confidence: learns from records, and the outsider holds none: auxiliary.records must be at least 1");
}

#[test]
fn parameters_of_learners() {
    let says = |learner: &str, parts: &[&str]| {
        let said = refused(&[&format!("federation.learner={learner}")]);
        assert_eq!(said.len(), parts.len(), "{said:?}");
        for part in parts {
            assert!(said.iter().any(|said| said.contains(part)), "{part} is not in {said:?}");
        }
    };
    says("knnn", &["did you mean `knn`?"]);
    says(
        "{knn: {k: 0, weights: near}}",
        &["k is 0: must be a whole number of at least 1", "`uniform`, `distance`"],
    );
    says("{logistic_regression: {c: -1, max_iterations: 0}}", &["c is -1", "max_iterations is 0"]);
    says("{naive_bayes: {distribution: bernouli}}", &["did you mean `bernoulli`?"]);
    says("{random_forest: {trees: 0, max_depth: 0}}", &["trees is 0", "max_depth is 0"]);
    says("{decision_tree: {max_features: some, class_weight: 2}}", &["`sqrt`, `log2`", "`balanced`"]);
    says("{decision_tree: {max_features: 1.5}}", &["above 0 and at most 1"]);
    says("{ada_boost: {learning_rate: 0, engine: linfa}}", &["engine: unknown key", "learning_rate is 0"]);
    says("bagging", &["bagging.learner: missing; what each model is"]);
    says("{soft_voting: {learners: []}}", &["learners is a list: must have from 1 to 10,000 learners"]);
    says(
        "{soft_voting: {learners: [{knn: {k: x}}, tree]}}",
        &["learners.0.knn.k is x", "learners.1 is tree"],
    );
    let deep = (0..10).fold("knn".to_owned(), |inner, _| format!("{{bagging: {{learner: {inner}}}}}"));
    says(&deep, &["at most 3 ensembles deep"]);
}

#[test]
fn learners_of_attacks() {
    let attacks = "adversaries.0={outsider: {attacks: [shadow_model: {generation: {knn: {k: 0}}, attack_learner: nb}, \
                   gap]}}";
    let said = refused(&[attacks]);
    assert!(said[0].contains("shadow_model.generation.knn.k is 0"), "{said:?}");
    assert!(said[1].contains("attack_learner is nb: must be one of `decision_tree`"), "{said:?}");
}
