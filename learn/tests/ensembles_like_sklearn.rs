//! AdaBoost, random forests, pruned and balanced trees against stored scikit-learn output (`sklearn/ensembles.py` made
//! `sklearn/ensembles.json`), on winequality, iris and the first 3,000 rows of Adult.
//!
//! Boosting, and trees of balanced classes, are compared number by number where scikit-learn's random states agree; pruned
//! trees have as many leaves as the trees of its states, and random forests are right as often within a point.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod real;

use ndarray::{Array2, Axis};
use serde_json::Value;
use turncoat_learn::ensemble::{AdaBoostModel, RawAdaBoostParams, RawForestParams};
use turncoat_learn::tree::{ClassWeight, Criterion, DecisionTree, RawTreeParams};
use turncoat_learn::{Learner, LocalModel, Model, Samples, Seed};

const ADULT_ROWS: usize = 3000;

struct Data {
    records: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
}

impl Data {
    /// The data set, where its files are there.
    fn load(name: &str) -> Option<Self> {
        let set = real::load(name)?;
        let rows = if name == "adult" { ADULT_ROWS } else { set.len() };
        let rows: Vec<usize> = (0..set.len().min(rows)).collect();
        let (records, labels) = set.take(&rows);
        Some(Self { records, labels, classes: set.classes() })
    }

    fn fit(&self, learner: &Learner, keep: impl Fn(usize) -> bool, seed: u64) -> LocalModel {
        let (records, labels) = self.take(keep);
        let samples = Samples { records: records.view(), labels: &labels, classes: self.classes };
        learner.fit(samples, Seed::root(seed)).expect("the samples are sound")
    }

    fn tree(&self, raw: RawTreeParams) -> DecisionTree {
        let samples = Samples { records: self.records.view(), labels: &self.labels, classes: self.classes };
        let params = raw.check().expect("within bounds");
        DecisionTree::fit(&params, samples, Seed::root(0)).expect("the samples are sound")
    }

    fn take(&self, keep: impl Fn(usize) -> bool) -> (Array2<f32>, Vec<u32>) {
        let rows: Vec<usize> = (0..self.labels.len()).filter(|&row| keep(row)).collect();
        (self.records.select(Axis(0), &rows), rows.iter().map(|&row| self.labels[row]).collect())
    }

    /// Every 50th record.
    fn requested(&self) -> Array2<f32> {
        self.take(|row| row % 50 == 0).0
    }
}

/// Each data set that is there, with what is stored of it.
fn for_each(run: impl Fn(&str, &Data, &Value)) {
    let stored: Value = serde_json::from_str(include_str!("sklearn/ensembles.json")).expect("stored so");
    let results = stored["results"].as_array().expect("stored so");
    assert_eq!(results.len(), 3);
    for result in results {
        let name = result["data"].as_str().expect("stored so");
        if let Some(data) = Data::load(name) {
            run(name, &data, result);
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("stored so").iter().map(|number| number.as_f64().expect("stored so")).collect()
}

fn criterion(result: &Value) -> Criterion {
    if result["criterion"] == "gini" { Criterion::Gini } else { Criterion::Entropy }
}

/// Compares answers with those stored, which are rounded to nine places; `null` stands where states differ.
fn compare(answers: &Array2<f64>, stored: &Value, within: f64, at: &str) {
    let stored = stored.as_array().expect("stored so");
    assert_eq!(answers.nrows(), stored.len(), "{at}");
    let mut compared = 0;
    for (answer, stored) in answers.rows().into_iter().zip(stored).filter(|(_, stored)| !stored.is_null()) {
        for (answer, stored) in answer.iter().zip(numbers(stored)) {
            assert!((answer - stored).abs() < within, "{at}: {answer} and {stored}");
        }
        compared += 1;
    }
    assert!(compared * 2 > stored.len(), "{at}: {compared} compared");
}

#[test]
fn boosting_votes_as_scikit_learn_does() {
    for_each(|name, data, result| {
        for stored in result["boosting"].as_array().unwrap() {
            let depth = stored["depth"].as_u64().unwrap() as u32;
            let votes = numbers(&stored["votes"]);
            let at = format!("{name}, depth {depth}");
            assert_eq!(votes.len(), 50, "{at}");
            let tree = RawTreeParams { max_depth: Some(depth), ..RawTreeParams::default() };
            let raw = RawAdaBoostParams { tree, ..RawAdaBoostParams::default() };
            let model = data.fit(&Learner::AdaBoost(raw.check().unwrap()), |_| true, 0);
            let boosted = model.downcast_ref::<AdaBoostModel>().unwrap();
            for (round, ((_, ours), theirs)) in boosted.rounds().iter().zip(&votes).enumerate() {
                assert!((ours - theirs).abs() < 1e-6, "{at}, round {round}: {ours} and {theirs}");
            }
            assert_eq!(boosted.rounds().len(), votes.len(), "{at}");
            let answers = model.predict_proba(data.requested().view()).unwrap();
            compare(&answers.view().to_owned(), &stored["probabilities"], 1e-6, &at);
        }
    });
}

#[test]
fn pruned_trees_have_as_many_leaves_as_scikit_learns() {
    for_each(|name, data, result| {
        for stored in result["pruning"].as_array().unwrap() {
            let (criterion, ccp_alpha) = (criterion(stored), stored["alpha"].as_f64().unwrap());
            let leaves =
                data.tree(RawTreeParams { criterion, ccp_alpha, ..RawTreeParams::default() }).leaves();
            let [least, most] = ["least", "most"].map(|key| stored[key].as_u64().unwrap() as usize);
            // Where ties let its states differ, ours may differ as much again.
            let slack = most - least;
            assert!(
                (least - slack..=most + slack).contains(&leaves),
                "{name}, {criterion:?}, {ccp_alpha}: {leaves} leaves, scikit-learn has {least} to {most}"
            );
        }
    });
}

#[test]
fn balanced_classes_answer_as_scikit_learns() {
    for_each(|name, data, result| {
        for stored in result["balanced"].as_array().unwrap() {
            let criterion = criterion(stored);
            let class_weight = Some(ClassWeight::Balanced);
            let raw =
                RawTreeParams { criterion, class_weight, max_depth: Some(3), ..RawTreeParams::default() };
            let answers = data.tree(raw).predict_proba(data.requested().view()).unwrap();
            let at = format!("{name}, {criterion:?}");
            compare(&answers.view().to_owned(), &stored["probabilities"], 1e-6, &at);
        }
    });
}

#[test]
fn forests_are_right_as_often_as_scikit_learns() {
    for_each(|name, data, result| {
        let stored = &result["forests"];
        let trees = stored["trees"].as_u64().unwrap() as u32;
        let raw = RawForestParams { trees, ..RawForestParams::default() };
        let learner = Learner::RandomForest(raw.check().unwrap());
        let (states, mut right) = (5, 0.0);
        for state in 0..states {
            for fold in 0..3 {
                let model = data.fit(&learner, |row| row % 3 != fold, state);
                let (records, labels) = data.take(|row| row % 3 == fold);
                let vectors = model.predict_proba(records.view()).unwrap();
                right += vectors.accuracy(&labels).unwrap() * labels.len() as f64;
            }
        }
        let accuracy = right / states as f64 / data.labels.len() as f64;
        let expected = stored["accuracy"].as_f64().unwrap();
        assert!((accuracy - expected).abs() <= 0.01, "{name}: {accuracy:.4}, scikit-learn {expected:.4}");
        println!("{name}: {accuracy:.4}, scikit-learn {expected:.4}");
    });
}
