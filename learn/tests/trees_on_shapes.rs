//! Full trees on four shapes of data (`shapes`) against stored scikit-learn output (`sklearn/shapes.py` made
//! `sklearn/shapes.json`), and the two engines against each other.

mod shapes;

use ndarray::{Axis, Slice};
use shapes::{NAMES, Shape};
use turncoat_learn::tree::{DecisionTree, Engine, RawTreeParams};
use turncoat_learn::{Model, Seed};

fn fit(shape: &Shape, records: usize, engine: Engine) -> DecisionTree {
    let params = RawTreeParams { engine, ..RawTreeParams::default() }.check().expect("within bounds");
    DecisionTree::fit(&params, shape.learned(records), Seed::root(0)).expect("the samples are sound")
}

/// The share of records that the tree tells right, among those it learned and among those behind them.
fn accuracies(shape: &Shape, records: usize, tree: &DecisionTree) -> [f64; 2] {
    [Slice::from(..records), Slice::from(shape.train..)].map(|rows| {
        let labels =
            &shape.labels[rows.start as usize..rows.end.map_or(shape.labels.len(), |end| end as usize)];
        let vectors =
            tree.predict_proba(shape.records.slice_axis(Axis(0), rows)).expect("as wide as in training");
        vectors.accuracy(labels).expect("there are records")
    })
}

#[test]
fn as_many_leaves_and_as_accurate_as_scikit_learn() {
    let stored: serde_json::Value = serde_json::from_str(include_str!("sklearn/shapes.json")).unwrap();
    for (name, stored) in NAMES.into_iter().zip(stored["results"].as_array().unwrap()) {
        assert_eq!(stored["shape"], name);
        let shape = Shape::make(name);
        let not_zero = shape.records.iter().filter(|&&value| value != 0.0).count() as f64;
        let expected = stored["not_zero"].as_f64().unwrap() * shape.records.len() as f64;
        assert!((not_zero - expected).abs() <= 1e-4 * expected, "{name} is not what scikit-learn was given");
        let tree = fit(&shape, shape.train, Engine::Cart);
        let [train, test] = accuracies(&shape, shape.train, &tree);
        assert!(
            (train - stored["train_accuracy"].as_f64().unwrap()).abs() < 1e-12,
            "{name}: {train} in training"
        );
        let expected = stored["test_accuracy"].as_f64().unwrap();
        assert!((test - expected).abs() <= 0.01, "{name}: accuracy {test} against {expected}");
        let expected = stored["leaves"].as_f64().unwrap();
        let leaves = tree.leaves() as f64;
        assert!((leaves / expected - 1.0).abs() <= 0.02, "{name}: {leaves} leaves against {expected}");
    }
}

/// On fewer records where the other engine takes long.
#[test]
fn both_engines_agree_up_to_ties() {
    for (name, records) in [("a", 10_000), ("d", 30_000), ("b", 3_000), ("c", 2_000)] {
        let shape = Shape::make(name);
        let trees = [Engine::Cart, Engine::Linfa].map(|engine| fit(&shape, records, engine));
        let [own, other] = [0, 1].map(|place| accuracies(&shape, records, &trees[place]));
        assert_eq!(own[0], other[0], "{name}: both learn what can be learned");
        assert!((own[1] - other[1]).abs() <= 0.02, "{name}: accuracies {own:?} and {other:?}");
        let [leaves, others] = [0, 1].map(|place| trees[place].leaves() as f64);
        assert!((leaves / others - 1.0).abs() <= 0.02, "{name}: {leaves} and {others} leaves");
    }
}
