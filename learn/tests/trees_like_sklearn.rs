//! Trees on real data against stored scikit-learn output (`sklearn/trees.py` made `sklearn/trees.json`).
//!
//! scikit-learn breaks ties between splits at random, so its figures are means over random states; ours, one tree a fold, must
//! have as many leaves within 2 % and be right as often within one point, over all folds of three cross-validations.

use linfa_datasets::{iris, winequality};
use ndarray::{Array2, Axis};
use turncoat_learn::tree::{Criterion, DecisionTree, Engine, RawTreeParams, TreeParams};
use turncoat_learn::{Model, Samples, Seed};

struct Data {
    records: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
}

fn load(name: &str) -> Data {
    let set = match name {
        "iris" => iris(),
        "winequality-red" => winequality(),
        other => panic!("no data set {other}"),
    };
    let lowest = set.targets.iter().copied().min().expect("the set has rows");
    let labels: Vec<u32> = set.targets.iter().map(|&label| (label - lowest) as u32).collect();
    let classes = *labels.iter().max().expect("the set has rows") as usize + 1;
    Data { records: set.records.mapv(|value| value as f32), labels, classes }
}

fn params(criterion: Criterion, engine: Engine) -> TreeParams {
    RawTreeParams { criterion, engine, ..RawTreeParams::default() }.check().expect("within bounds")
}

impl Data {
    fn take(&self, keep: impl Fn(usize) -> bool) -> (Array2<f32>, Vec<u32>) {
        let rows: Vec<usize> = (0..self.labels.len()).filter(|&row| keep(row)).collect();
        (self.records.select(Axis(0), &rows), rows.iter().map(|&row| self.labels[row]).collect())
    }

    fn fit(&self, params: &TreeParams, keep: impl Fn(usize) -> bool) -> DecisionTree {
        let (records, labels) = self.take(keep);
        let samples = Samples { records: records.view(), labels: &labels, classes: self.classes };
        DecisionTree::fit(params, samples, Seed::root(0)).expect("the samples are sound")
    }

    /// Mean leaves of the trees of a cross-validation by row number, and the share of rows they predict right.
    fn cross_validate(&self, params: &TreeParams, folds: usize) -> (f64, f64) {
        let (mut leaves, mut right) = (0.0, 0.0);
        for fold in 0..folds {
            let tree = self.fit(params, |row| row % folds != fold);
            let (records, labels) = self.take(|row| row % folds == fold);
            leaves += tree.leaves() as f64;
            let vectors = tree.predict_proba(records.view()).expect("as wide as in training");
            right += vectors.accuracy(&labels).expect("the fold has rows") * labels.len() as f64;
        }
        (leaves / folds as f64, right / self.labels.len() as f64)
    }
}

#[test]
fn as_many_leaves_and_as_accurate_as_scikit_learn() {
    let stored: serde_json::Value = serde_json::from_str(include_str!("sklearn/trees.json")).unwrap();
    let results = stored["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let name = result["data"].as_str().unwrap();
        let criterion = match result["criterion"].as_str().unwrap() {
            "gini" => Criterion::Gini,
            _ => Criterion::Entropy,
        };
        let data = load(name);
        let params = params(criterion, Engine::Cart);
        let whole = data.fit(&params, |_| true);
        let expected = result["whole"].as_f64().unwrap();
        let at = format!("{name}, {criterion:?}");
        assert!((whole.leaves() as f64 / expected - 1.0).abs() <= 0.02, "{at}: {} leaves", whole.leaves());
        let (mut leaves, mut accuracy) = (0.0, 0.0);
        let (mut expected_leaves, mut expected_accuracy) = (0.0, 0.0);
        let cross_validations = result["by_folds"].as_array().unwrap();
        for stored in cross_validations {
            let ours = data.cross_validate(&params, stored["folds"].as_u64().unwrap() as usize);
            leaves += ours.0;
            accuracy += ours.1;
            expected_leaves += stored["leaves"].as_f64().unwrap();
            expected_accuracy += stored["accuracy"].as_f64().unwrap();
        }
        let n = cross_validations.len() as f64;
        assert!((leaves / expected_leaves - 1.0).abs() <= 0.02, "{at}: {leaves} against {expected_leaves}");
        let apart = (accuracy - expected_accuracy) / n;
        assert!(apart.abs() <= 0.01, "{at}: accuracy {apart:+.4} apart");
    }
}

#[test]
fn both_engines_agree_up_to_ties() {
    for name in ["iris", "winequality-red"] {
        let data = load(name);
        for criterion in [Criterion::Gini, Criterion::Entropy] {
            let figures = [Engine::Cart, Engine::Linfa].map(|engine| {
                let params = params(criterion, engine);
                let tree = data.fit(&params, |_| true);
                let vectors = tree.predict_proba(data.records.view()).unwrap();
                assert_eq!(vectors.accuracy(&data.labels), Some(1.0), "{name}, {engine:?}");
                (tree.leaves() as f64, data.cross_validate(&params, 3).1)
            });
            let [(leaves, accuracy), (linfa_leaves, linfa_accuracy)] = figures;
            assert!((linfa_leaves / leaves - 1.0).abs() < 0.03, "{name}: {linfa_leaves} and {leaves}");
            assert!((linfa_accuracy - accuracy).abs() < 0.03, "{name}: {linfa_accuracy} and {accuracy}");
        }
    }
}
