//! Trees with known answers, and what must not change a tree.

use ndarray::{Array2, array};

use super::*;
use crate::dataset::Samples;
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
    // Feature 0 splits 3 | 3 into (2, 1) and (0, 3): 5/3 + 3 = 14/3. Feature 1 only manages (1, 1) and (1, 3): 1 + 10/4.
    let records = array![[1.0, 0.0], [2.0, 1.0], [3.0, 1.0], [5.0, 0.0], [6.0, 1.0], [7.0, 1.0]];
    let labels = [0, 0, 1, 1, 1, 1];
    let tree = fit(&records, &labels, 2);
    // 2 | 4 gives 2 + 4, both pure: the best there is.
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
