//! Trees with known answers, and what must not change a tree.

mod invariance;
mod prune;
pub(super) mod random;
mod reference;
mod weighted;

use ndarray::{Array2, Axis, array};

use super::*;
use crate::columns::Prepared;
use crate::dataset::Samples;
use crate::learner::{LearnerError, Model};
use crate::seed::Seed;

fn seed() -> Seed {
    Seed::root(1)
}

fn params(change: impl FnOnce(&mut RawTreeParams)) -> TreeParams {
    let mut raw = RawTreeParams::default();
    change(&mut raw);
    raw.check().unwrap()
}

fn fit_with(params: &TreeParams, records: &Array2<f32>, labels: &[u32], classes: usize) -> DecisionTree {
    DecisionTree::fit(params, Samples { records: records.view(), labels, classes }, seed()).unwrap()
}

fn fit(records: &Array2<f32>, labels: &[u32], classes: usize) -> DecisionTree {
    fit_with(&TreeParams::default(), records, labels, classes)
}

fn accuracy(tree: &DecisionTree, records: &Array2<f32>, labels: &[u32]) -> f64 {
    tree.predict_proba(records.view()).unwrap().accuracy(labels).unwrap()
}

fn split(feature: usize, threshold: f32, left: usize, right: usize) -> Node<'static> {
    Node::Split { feature, threshold, left, right }
}

fn leaf(counts: &[(u32, u32)]) -> Node<'_> {
    Node::Leaf { counts }
}

#[test]
fn a_tree_by_hand() {
    // Feature 1 can only divide 2 | 4 into (1, 1) and (1, 3): 2/2 + 10/4 = 3.5.
    let records = array![[1.0, 0.0], [2.0, 1.0], [3.0, 1.0], [5.0, 0.0], [6.0, 1.0], [7.0, 1.0]];
    let labels = [0, 0, 1, 1, 1, 1];
    let tree = fit(&records, &labels, 2);
    // Feature 0 divides 2 | 4 into (2, 0) and (0, 4): 2 + 4, the best there is.
    assert_eq!(tree.nodes().collect::<Vec<_>>(), [split(0, 2.5, 1, 2), leaf(&[(0, 2)]), leaf(&[(1, 4)])]);
    assert_eq!((tree.depth(), tree.leaves()), (1, 2));
}

#[test]
fn equal_splits_go_to_the_lowest_feature_and_then_the_lowest_threshold() {
    // The two columns are mirror images, so every split of one is a split of the other; in each, cutting off
    // either end is equally good.
    let records = array![[1.0, 4.0], [2.0, 3.0], [3.0, 2.0], [4.0, 1.0]];
    let tree = fit(&records, &[0, 1, 1, 0], 2);
    assert_eq!(
        tree.nodes().collect::<Vec<_>>(),
        [split(0, 1.5, 1, 2), leaf(&[(0, 1)]), split(0, 3.5, 3, 4), leaf(&[(1, 2)]), leaf(&[(0, 1)]),]
    );
}

/// What each node of a tree splits on, root first, left before right.
fn features(tree: &DecisionTree) -> Vec<usize> {
    tree.nodes()
        .filter_map(|node| match node {
            Node::Split { feature, .. } => Some(feature),
            Node::Leaf { .. } => None,
        })
        .collect()
}

#[test]
fn random_ties_take_each_of_equal_features_as_often_and_each_node_for_itself() {
    // Cutting off either end of four records is equally good, by three columns that are alike: two nodes in a row have three
    // choices each, and the lowest threshold of the column that is drawn is taken. The fourth column says nothing.
    let column = [1.0, 2.0, 3.0, 4.0];
    let records = Array2::from_shape_fn((4, 4), |(row, feature)| if feature < 3 { column[row] } else { 7.0 });
    let labels = [0, 1, 1, 0];
    // Many copies of the columns, all of two values, stand side by side and are counted at once.
    let wide = Array2::from_shape_fn((2, 30), |(row, feature)| if feature < 20 { row as f32 } else { 0.5 });
    for (weighted, drawn) in [(false, None), (true, None), (false, Some(MaxFeatures::Share(0.99)))] {
        let params = params(|raw| {
            raw.ties = Ties::Random;
            raw.max_features = drawn;
            raw.class_weight = weighted.then(|| ClassWeight::PerClass(vec![2.0, 2.0]));
        });
        let mut nodes = [[0u32; 3]; 3];
        let mut pairs = [0u32; 20];
        for tree in 0..1800 {
            let fit = |records: &Array2<f32>, labels: &[u32]| {
                let samples = Samples { records: records.view(), labels, classes: 2 };
                DecisionTree::fit(&params, samples, Seed::root(tree)).unwrap()
            };
            let tree = fit(&records, &labels);
            let [root, below] = features(&tree)[..] else { panic!("{tree:?}") };
            assert_eq!(tree.nodes().next(), Some(split(root, 1.5, 1, 2)));
            nodes[root][below] += 1;
            pairs[features(&fit(&wide, &[0, 1]))[0]] += 1;
        }
        // 200 of each pair of choices, standard deviation 13; 90 of each column, standard deviation 9.
        assert!(nodes.iter().flatten().all(|count| (140..260).contains(count)), "{nodes:?}");
        assert!(pairs.iter().all(|count| (50..130).contains(count)), "{pairs:?}");
    }
}

#[test]
fn random_ties_of_a_seed_are_known_and_a_better_split_is_no_tie() {
    let records = array![[1.0, 4.0, 1.0], [2.0, 3.0, 2.0], [3.0, 2.0, 3.0], [4.0, 1.0, 4.0]];
    let random = params(|raw| raw.ties = Ties::Random);
    let of_seed = |seed| {
        let samples = Samples { records: records.view(), labels: &[0, 1, 1, 0], classes: 2 };
        features(&DecisionTree::fit(&random, samples, Seed::root(seed)).unwrap())
    };
    // Held fast, so that a published tree can be made again.
    assert_eq!([1, 2, 3, 4, 5, 6].map(of_seed), [[0, 1], [2, 0], [0, 0], [2, 2], [2, 0], [2, 2]]);
    // One split of the second column is perfect; no other column has one.
    let records = array![[1.0, 1.0], [2.0, 9.0], [3.0, 2.0], [4.0, 8.0]];
    let labels = [0, 1, 0, 1];
    assert_eq!(fit_with(&random, &records, &labels, 2), fit(&records, &labels, 2));
    let refused =
        RawTreeParams { ties: Ties::Random, engine: Engine::Linfa, ..RawTreeParams::default() }.check();
    assert!(refused.unwrap_err()[0].to_string().contains("random ties"));
}

#[test]
fn an_exclusive_or_is_split_although_no_split_gains_anything() {
    let records = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let labels = [0, 1, 1, 0];
    for engine in [Engine::Cart, Engine::Linfa] {
        for criterion in [Criterion::Gini, Criterion::Entropy] {
            let params = params(|raw| (raw.engine, raw.criterion) = (engine, criterion));
            let tree = fit_with(&params, &records, &labels, 2);
            assert_eq!(accuracy(&tree, &records, &labels), 1.0);
            assert_eq!(tree.nodes().next(), Some(split(0, 0.5, 1, 4)));
            assert_eq!((tree.leaves(), tree.depth()), (4, 2));
        }
    }
}

#[test]
fn limits_are_kept() {
    // Seven in a row: labels 0 0 0 1 0 1 1.
    let records = Array2::from_shape_fn((7, 1), |(row, _)| row as f32);
    let labels = [0, 0, 0, 1, 0, 1, 1];
    let fit = |change: fn(&mut RawTreeParams)| fit_with(&params(change), &records, &labels, 2);
    // 3 | 4: 3 + 10/4 = 5.5; 5 | 2: 17/5 + 2 = 5.4.
    assert_eq!(
        fit(|raw| raw.max_depth = Some(1)).nodes().collect::<Vec<_>>(),
        [split(0, 2.5, 1, 2), leaf(&[(0, 3)]), leaf(&[(0, 1), (1, 3)])]
    );
    // The right side has four records; 2 | 2 gives 1 + 2, 1 | 3 gives 1 + 5/3.
    assert_eq!(
        fit(|raw| raw.min_samples_leaf = 2).nodes().collect::<Vec<_>>(),
        [split(0, 2.5, 1, 2), leaf(&[(0, 3)]), split(0, 4.5, 3, 4), leaf(&[(0, 1), (1, 1)]), leaf(&[(1, 2)]),]
    );
    assert_eq!(fit(|raw| raw.min_samples_split = 5).leaves(), 2);
    assert_eq!(fit(|raw| raw.min_samples_split = 8).leaves(), 1);
    // The root's drop is (5.5 - 25/7)/7 = 0.2755; that of its right child (3 - 10/4)/7 = 0.0714.
    assert_eq!(fit(|raw| raw.min_impurity_decrease = 0.2756).leaves(), 1);
    assert_eq!(fit(|raw| raw.min_impurity_decrease = 0.2755).leaves(), 2);
    assert_eq!(fit(|raw| raw.min_impurity_decrease = 0.0713).leaves(), 4);
    assert_eq!(fit(|raw| raw.min_impurity_decrease = 0.0715).leaves(), 2);
}

#[test]
fn what_cannot_be_split_is_a_leaf() {
    for engine in [Engine::Cart, Engine::Linfa] {
        let params = params(|raw| raw.engine = engine);
        // Constant features.
        let constant = Array2::from_elem((5, 3), 2.0);
        let tree = fit_with(&params, &constant, &[0, 1, 1, 3, 1], 5);
        assert_eq!(tree.nodes().collect::<Vec<_>>(), [leaf(&[(0, 1), (1, 3), (3, 1)])]);
        let vectors = tree.predict_proba(array![[9.0, 9.0, 9.0]].view()).unwrap();
        assert_eq!(vectors.view(), array![[0.2, 0.6, 0.0, 0.2, 0.0]]);
        // One class, one row, no feature, no record.
        assert_eq!(fit_with(&params, &array![[1.0], [2.0]], &[1, 1], 2).leaves(), 1);
        assert_eq!(fit_with(&params, &array![[1.0]], &[1], 2).leaves(), 1);
        assert_eq!(fit_with(&params, &Array2::zeros((3, 0)), &[0, 1, 1], 2).leaves(), 1);
        let nothing = fit_with(&params, &Array2::zeros((0, 2)), &[], 4);
        let vectors = nothing.predict_proba(array![[1.0, 2.0]].view()).unwrap();
        assert_eq!(vectors.view(), array![[0.25, 0.25, 0.25, 0.25]]);
        // Values closer than linfa-trees can tell apart, and at the ends of f32.
        let near = array![[1.0], [f32::from_bits(1.0f32.to_bits() + 1)], [f32::MAX], [f32::MIN], [1e-40]];
        let labels = [0, 1, 2, 1, 0];
        assert_eq!(accuracy(&fit_with(&params, &near, &labels, 3), &near, &labels), 1.0);
    }
}

#[test]
fn input_out_of_bounds_is_refused() {
    let params = TreeParams::default();
    let records = array![[1.0], [2.0]];
    let fit = |records: &Array2<f32>, labels: &[u32], classes| {
        DecisionTree::fit(&params, Samples { records: records.view(), labels, classes }, seed()).unwrap_err()
    };
    assert!(matches!(
        fit(&array![[1.0], [f32::NAN]], &[0, 1], 2),
        LearnerError::NotFinite { row: 1, feature: 0, .. }
    ));
    assert!(matches!(fit(&records, &[0, 2], 2), LearnerError::Label { row: 1, label: 2, classes: 2 }));
    assert!(matches!(fit(&records, &[0], 2), LearnerError::Lengths { records: 2, labels: 1 }));
    assert!(matches!(fit(&records, &[0, 0, 0], 2), LearnerError::Lengths { records: 2, labels: 3 }));
    assert!(matches!(fit(&records, &[0, 0], 0), LearnerError::Classes));
    let prepared = Prepared::new(records.view()).unwrap();
    let error = DecisionTree::fit_rows(&params, &prepared, &[0, 1], &[0, 2], 2, seed()).unwrap_err();
    assert!(matches!(error, LearnerError::Row { row: 2, records: 2 }));
    let tree = fit_with(&params, &records, &[0, 1], 2);
    let wide = tree.predict_proba(array![[1.0, 2.0]].view());
    assert!(matches!(wide, Err(LearnerError::Width { expected: 1, got: 2 })));
    let endless = tree.predict_proba(array![[1.0], [f32::INFINITY]].view());
    assert!(matches!(endless, Err(LearnerError::NotFinite { row: 1, feature: 0, .. })));
}

#[test]
fn a_deep_chain_is_no_deeper_for_the_stack() {
    // Alternating labels: every split takes one record off an end.
    let n = 3000;
    let records = Array2::from_shape_fn((n, 1), |(row, _)| row as f32);
    let labels: Vec<u32> = (0..n as u32).map(|row| row % 2).collect();
    let tree = fit(&records, &labels, 2);
    assert_eq!(tree.leaves(), n);
    assert!(tree.depth() > n / 3, "{}", tree.depth());
    assert_eq!(accuracy(&tree, &records, &labels), 1.0);
}

#[test]
fn every_leaf_is_reached_by_the_records_it_counts() {
    let (records, labels) = random(300, 5, 4, 7);
    let tree = fit_with(&params(|raw| raw.min_samples_leaf = 5), &records, &labels, 4);
    let mut counts = vec![[0; 4]; tree.leaves()];
    for (&leaf, &label) in tree.reach(records.view()).unwrap().iter().zip(&labels) {
        counts[leaf as usize][label as usize] += 1;
    }
    for (leaf, counts) in counts.iter().enumerate() {
        let expected: Vec<(u32, u32)> =
            (0..4).map(|class| (class, counts[class as usize])).filter(|&(_, count)| count > 0).collect();
        assert_eq!(tree.leaf_counts(leaf), expected);
        assert!(expected.iter().map(|&(_, count)| count).sum::<u32>() >= 5);
    }
}

#[test]
fn a_record_reaches_the_same_leaf_alone_and_in_any_batch() {
    let (records, labels) = random(200, 6, 3, 4);
    let tree = fit(&records, &labels, 3);
    let leaves = tree.reach(records.view()).unwrap();
    assert!(leaves.iter().max() > Some(&20));
    for (row, record) in records.rows().into_iter().enumerate() {
        assert_eq!(tree.reach(record.insert_axis(Axis(0))).unwrap(), leaves[row..=row]);
    }
    for size in [15, 16, 17, 47, 200] {
        let batches = records.axis_chunks_iter(Axis(0), size);
        let together: Vec<u32> = batches.flat_map(|batch| tree.reach(batch).unwrap()).collect();
        assert_eq!(together, leaves);
    }
    let columns_first = records.t().as_standard_layout().into_owned().reversed_axes();
    assert_eq!(tree.reach(columns_first.view()).unwrap(), leaves);
}

#[test]
fn the_first_value_that_is_not_finite_is_named_wherever_it_stands() {
    let (records, labels) = random(40, 4, 2, 5);
    let tree = fit(&records, &labels, 2);
    for (row, feature) in [(0, 3), (15, 0), (16, 2), (31, 3), (32, 1), (39, 3)] {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut records = records.clone();
            records[(row, feature)] = bad;
            records[(39, 3)] = bad;
            let found = tree.predict_proba(records.view()).unwrap_err();
            assert!(
                matches!(found, LearnerError::NotFinite { row: r, feature: f, .. } if (r, f) == (row, feature)),
                "{found}"
            );
        }
    }
    // The largest values are finite, and so are the smallest.
    for value in [f32::MAX, f32::MIN, f32::MIN_POSITIVE / 2.0, -0.0] {
        assert!(tree.predict_proba(Array2::from_elem((33, 4), value).view()).is_ok());
    }
}
