//! What must not change a tree: the order of rows, the other rows of a preparation, the number of threads; and an oracle that
//! looks at every split the slow way.

use ndarray::{Array2, Axis};
use proptest::prelude::*;

use super::random::random;
use crate::columns::Prepared;
use crate::dataset::Samples;
use crate::learner::Model;
use crate::seed::Seed;
use crate::tree::*;

fn fit(params: &TreeParams, records: &Array2<f32>, labels: &[u32], classes: usize) -> DecisionTree {
    DecisionTree::fit(params, Samples { records: records.view(), labels, classes }, Seed::root(0)).unwrap()
}

fn fit_rows(
    params: &TreeParams,
    prepared: &Prepared,
    labels: &[u32],
    rows: &[usize],
    classes: usize,
) -> DecisionTree {
    DecisionTree::fit_rows(params, prepared, labels, rows, classes, Seed::root(0)).unwrap()
}

fn criterion(entropy: bool, random_ties: bool) -> TreeParams {
    let ties = if random_ties { Ties::Random } else { Ties::Lowest };
    let criterion = if entropy { Criterion::Entropy } else { Criterion::Gini };
    RawTreeParams { criterion, ties, ..RawTreeParams::default() }.check().unwrap()
}

/// The root's best split by trying all of them: impurities as exact fractions, features and thresholds ascending.
fn best_root_split(records: &Array2<f32>, labels: &[u32], classes: usize) -> Option<(usize, f32)> {
    let mut best: Option<(u128, u128, usize, f32)> = None;
    for feature in 0..records.ncols() {
        let mut values = records.column(feature).to_vec();
        values.sort_by(f32::total_cmp);
        values.dedup();
        for pair in values.windows(2) {
            let mut sides = [vec![0u128; classes], vec![0u128; classes]];
            for (value, &label) in records.column(feature).iter().zip(labels) {
                sides[usize::from(*value > pair[0])][label as usize] += 1;
            }
            let [l, r] = [0, 1].map(|side: usize| sides[side].iter().sum::<u128>());
            let [l2, r2] =
                [0, 1].map(|side: usize| sides[side].iter().map(|count| count * count).sum::<u128>());
            let (over, under) = (l2 * r + r2 * l, l * r);
            if best.is_none_or(|(best_over, best_under, ..)| over * best_under > best_over * under) {
                best = Some((over, under, feature, pair[0] / 2.0 + pair[1] / 2.0));
            }
        }
    }
    best.map(|(_, _, feature, threshold)| (feature, threshold))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_rows_gives_the_same_tree(
        seed in 0u64..1000, n in 1usize..200, classes in 1u32..6, entropy: bool, random_ties: bool,
        order in Just((0..200usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = random(n, 9, classes, seed);
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled = records.select(Axis(0), &order);
        let shuffled_labels: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let params = criterion(entropy, random_ties);
        let tree = fit(&params, &records, &labels, classes as usize);
        prop_assert_eq!(&fit(&params, &shuffled, &shuffled_labels, classes as usize), &tree);
        let prepared = Prepared::new(records.view()).unwrap();
        prop_assert_eq!(&fit_rows(&params, &prepared, &labels, &order, classes as usize), &tree);
    }

    #[test]
    fn rows_of_a_larger_preparation_give_the_tree_of_those_rows(
        seed in 0u64..1000, rows in proptest::collection::vec(0usize..250, 0..120), entropy: bool,
        random_ties: bool,
    ) {
        // Rows repeat: each time counts.
        let (records, labels) = random(250, 9, 3, seed);
        let prepared = Prepared::new(records.view()).unwrap();
        let params = criterion(entropy, random_ties);
        let alone = records.select(Axis(0), &rows);
        let alone_labels: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        prop_assert_eq!(
            fit_rows(&params, &prepared, &labels, &rows, 3),
            fit(&params, &alone, &alone_labels, 3)
        );
    }

    #[test]
    fn the_root_is_the_best_of_all_splits(seed in 0u64..1000, n in 2usize..150, classes in 2u32..9) {
        let (records, labels) = random(n, 8, classes, seed);
        let tree = fit(&TreeParams::default(), &records, &labels, classes as usize);
        let root = match tree.nodes().next() {
            Some(Node::Split { feature, threshold, .. }) => Some((feature, threshold)),
            _ => None,
        };
        let impure = labels.iter().any(|&label| label != labels[0]);
        let expected = best_root_split(&records, &labels, classes as usize).filter(|_| impure);
        prop_assert_eq!(root, expected);
    }

    #[test]
    fn consistent_records_are_all_learned(seed in 0u64..1000, n in 1usize..300, engine_is_linfa: bool) {
        // The fourth column is continuous: no two records are alike.
        let (records, labels) = random(n, 4, 3, seed);
        let engine = if engine_is_linfa && n < 100 { Engine::Linfa } else { Engine::Cart };
        let params = RawTreeParams { engine, ..RawTreeParams::default() }.check().unwrap();
        let vectors = fit(&params, &records, &labels, 3).predict_proba(records.view()).unwrap();
        prop_assert_eq!(vectors.accuracy(&labels), Some(1.0));
    }
}

#[test]
fn a_row_given_twice_is_a_row_of_weight_two() {
    // Two against one at the same value: the double row decides the leaf.
    let records = ndarray::array![[1.0], [1.0], [2.0]];
    let prepared = Prepared::new(records.view()).unwrap();
    let tree = fit_rows(&TreeParams::default(), &prepared, &[0, 1, 1], &[0, 1, 2, 0], 2);
    assert_eq!(tree.leaf_counts(0), [(0, 2), (1, 1)]);
    assert_eq!(tree.leaf_counts(1), [(1, 1)]);
}

#[test]
fn any_number_of_threads_gives_the_same_tree() {
    // Large enough for both kinds of features to be shared out among threads.
    let (mut records, labels) = random(3000, 400, 5, 3);
    records.columns_mut().into_iter().step_by(2).for_each(|mut column| {
        column.mapv_inplace(|value| f32::from(u8::from(value > 0.3)));
    });
    for ties in [Ties::Lowest, Ties::Random] {
        let params = RawTreeParams { max_depth: Some(6), ties, ..RawTreeParams::default() }.check().unwrap();
        let trees = [1, 2, 5].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fit(&params, &records, &labels, 5))
        });
        assert!(trees[0].leaves() > 20);
        assert_eq!(trees[0], trees[1]);
        assert_eq!(trees[0], trees[2]);
    }
}
