//! Weights and drawn features: known answers, and what must not change a tree.

use ndarray::{Array2, Axis, array};
use proptest::prelude::*;

use super::random::random;
use crate::columns::Prepared;
use crate::dataset::Samples;
use crate::learner::{LearnerError, LocalModel, Model};
use crate::seed::Seed;
use crate::tree::*;

fn params(change: impl FnOnce(&mut RawTreeParams)) -> TreeParams {
    let mut raw = RawTreeParams::default();
    change(&mut raw);
    raw.check().unwrap()
}

fn seed() -> Seed {
    Seed::root(5)
}

fn fit(params: &TreeParams, records: &Array2<f32>, labels: &[u32], classes: usize) -> DecisionTree {
    DecisionTree::fit(params, Samples { records: records.view(), labels, classes }, seed()).unwrap()
}

fn fit_weighted(
    params: &TreeParams,
    records: &Array2<f32>,
    labels: &[u32],
    weights: &[f64],
    classes: usize,
) -> DecisionTree {
    let prepared = Prepared::new(records.view()).unwrap();
    let rows: Vec<usize> = (0..labels.len()).collect();
    DecisionTree::fit_weighted(params, &prepared, labels, weights, &rows, classes, seed()).unwrap()
}

/// Splits, with every leaf as nothing.
fn splits(tree: &DecisionTree) -> Vec<Option<(usize, f32, usize, usize)>> {
    tree.nodes()
        .map(|node| match node {
            Node::Split { feature, threshold, left, right } => Some((feature, threshold, left, right)),
            Node::Leaf { .. } => None,
        })
        .collect()
}

fn threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}

#[test]
fn class_weights_by_hand() {
    // One split: 0 | 0 1 1 1 at 1.5, or 0 0 1 | 1 1 at 2.5 where the second class 0 stands at 2.
    let records = array![[1.0], [2.0], [2.0], [3.0], [3.0]];
    let labels = [0, 0, 1, 1, 1];
    let stump = |class_weight| {
        let tree = fit(
            &params(|raw| (raw.max_depth, raw.class_weight) = (Some(1), class_weight)),
            &records,
            &labels,
            2,
        );
        let vectors = tree.predict_proba(array![[1.0], [2.0], [3.0]].view()).unwrap();
        (splits(&tree)[0].unwrap().1, vectors.view().column(1).to_vec())
    };
    // Equal weights: 1 + 10/4 = 3.5 against 5/3 + 2 = 3.67.
    assert_eq!(stump(None), (2.5, vec![1.0 / 3.0, 1.0 / 3.0, 1.0]));
    // Class 1 weighs a quarter: 1 + (1 + 9/16)/(7/4) = 1.893 against (4 + 1/16)/(9/4) + 1/2 = 2.306.
    let quarter = stump(Some(ClassWeight::PerClass(vec![1.0, 0.25])));
    assert_eq!(quarter, (2.5, vec![1.0 / 9.0, 1.0 / 9.0, 1.0]));
    // Class 1 weighs ten: 1 + 901/31 = 30.06 against 104/12 + 20 = 28.67.
    let ten = stump(Some(ClassWeight::PerClass(vec![1.0, 10.0])));
    assert_eq!(ten, (1.5, vec![0.0, 30.0 / 31.0, 30.0 / 31.0]));
    // Balanced: 2 of class 0 weigh as much as 3 of class 1, 3 and 2 each: 3 + 45/9 = 8 against 40/8 + 4 = 9.
    assert_eq!(stump(Some(ClassWeight::Balanced)), (2.5, vec![0.25, 0.25, 1.0]));
}

#[test]
fn limits_count_records_and_not_weights() {
    let records = array![[1.0], [2.0], [3.0], [4.0]];
    let labels = [0, 1, 1, 1];
    let tree = |min_samples_leaf| {
        fit_weighted(
            &params(|raw| raw.min_samples_leaf = min_samples_leaf),
            &records,
            &labels,
            &[9.0, 1.0, 1.0, 1.0],
            2,
        )
    };
    assert_eq!(splits(&tree(1))[0], Some((0, 1.5, 1, 2)));
    let two = tree(2);
    assert_eq!(splits(&two)[0], Some((0, 2.5, 1, 2)));
    assert_eq!(two.leaf_counts(0), [(0, 1), (1, 1)]);
    let weights = two.leaf_weights(0).unwrap();
    assert_eq!(weights[0], 9 * weights[1]);
    assert_eq!(two.predict_proba(array![[1.0]].view()).unwrap().view(), array![[0.9, 0.1]]);
    assert_eq!(two.leaf_answers(), [0, 1]);
    assert_eq!(fit(&TreeParams::default(), &records, &labels, 2).leaf_weights(0), None);
}

#[test]
fn a_weighted_tree_survives_its_file() {
    let (records, labels) = random(80, 4, 3, 2);
    let tree = fit(&params(|raw| raw.class_weight = Some(ClassWeight::Balanced)), &records, &labels, 3);
    let model = tree.into_local();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weighted.model");
    model.save(&path).unwrap();
    assert_eq!(LocalModel::load(&path).unwrap(), model);
}

#[test]
fn weights_out_of_bounds_are_refused() {
    let records = array![[1.0], [2.0]];
    let prepared = Prepared::new(records.view()).unwrap();
    let fit = |params: &TreeParams, weights: &[f64]| {
        DecisionTree::fit_weighted(params, &prepared, &[0, 1], weights, &[0, 1], 2, seed()).unwrap_err()
    };
    assert!(matches!(fit(&TreeParams::default(), &[1.0]), LearnerError::Weights { records: 2, weights: 1 }));
    assert!(matches!(fit(&TreeParams::default(), &[1.0, -1.0]), LearnerError::Weight { row: 1, .. }));
    let linfa = params(|raw| raw.engine = Engine::Linfa);
    assert!(matches!(fit(&linfa, &[1.0, 1.0]), LearnerError::Parameter { parameter: "engine", .. }));
}

#[test]
fn a_feature_that_divides_is_found_among_constant_ones() {
    // Only feature 700 of 1,000 varies; 20 are drawn, and more until it is met.
    let records =
        Array2::from_shape_fn((10, 1000), |(row, feature)| if feature == 700 { row as f32 } else { 1.0 });
    let labels: Vec<u32> = (0..10).map(|row| row / 5).collect();
    let tree = fit(&params(|raw| raw.max_features = Some(MaxFeatures::Count(20))), &records, &labels, 2);
    assert_eq!(splits(&tree), [Some((700, 4.5, 1, 2)), None, None]);
}

#[test]
fn drawn_features_are_shared_out_evenly() {
    // Four copies of one feature: each is as good, so which one splits is which one was drawn.
    let records = Array2::from_shape_fn((8, 4), |(row, _)| row as f32);
    let labels: Vec<u32> = (0..8).map(|row| row / 4).collect();
    let prepared = Prepared::new(records.view()).unwrap();
    let rows: Vec<usize> = (0..8).collect();
    let params = params(|raw| raw.max_features = Some(MaxFeatures::Count(1)));
    let mut counts = [0; 4];
    for state in 0..400 {
        let tree = DecisionTree::fit_rows(&params, &prepared, &labels, &rows, 2, Seed::root(state)).unwrap();
        counts[splits(&tree)[0].unwrap().0] += 1;
    }
    // 100 each, standard deviation 8.7.
    assert!(counts.iter().all(|count| (65..135).contains(count)), "{counts:?}");
}

#[test]
fn any_number_of_threads_gives_the_same_weighted_tree() {
    let (mut records, labels) = random(2000, 300, 5, 3);
    records.columns_mut().into_iter().step_by(2).for_each(|mut column| {
        column.mapv_inplace(|value| f32::from(u8::from(value > 0.3)));
    });
    let weights: Vec<f64> = (0..2000).map(|row| 1.0 + f64::from(row % 7) / 3.0).collect();
    for max_features in [None, Some(MaxFeatures::Share(0.7))] {
        let params = params(|raw| (raw.max_depth, raw.max_features) = (Some(5), max_features));
        let trees =
            [1, 2, 5].map(|count| threads(count, || fit_weighted(&params, &records, &labels, &weights, 5)));
        assert!(trees[0].leaves() > 10);
        assert_eq!(trees[0], trees[1]);
        assert_eq!(trees[0], trees[2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn integer_weights_are_repeated_rows(
        seed in 0u64..1000, n in 2usize..150, classes in 1u32..6, entropy: bool,
        weights in proptest::collection::vec(1u32..6, 150),
    ) {
        let (records, labels) = random(n, 9, classes, seed);
        let criterion = if entropy { Criterion::Entropy } else { Criterion::Gini };
        let params = params(|raw| raw.criterion = criterion);
        let repeated: Vec<usize> =
            (0..n).flat_map(|row| std::iter::repeat_n(row, weights[row] as usize)).collect();
        let prepared = Prepared::new(records.view()).unwrap();
        let plain = DecisionTree::fit_rows(&params, &prepared, &labels, &repeated, classes as usize, self::seed()).unwrap();
        let given: Vec<f64> = weights[..n].iter().map(|&weight| f64::from(weight)).collect();
        let weighted = fit_weighted(&params, &records, &labels, &given, classes as usize);
        prop_assert_eq!(splits(&plain), splits(&weighted));
        let [plain, weighted] = [plain, weighted].map(|tree| tree.predict_proba(records.view()).unwrap());
        prop_assert_eq!(plain, weighted);
    }

    #[test]
    fn any_order_of_rows_gives_the_same_drawn_tree(
        seed in 0u64..1000, n in 1usize..200, classes in 1u32..6, balanced: bool, count in 1u32..9,
        order in Just((0..200usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = random(n, 9, classes, seed);
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled = records.select(Axis(0), &order);
        let shuffled_labels: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let params = params(|raw| {
            raw.max_features = Some(MaxFeatures::Count(count));
            raw.class_weight = balanced.then_some(ClassWeight::Balanced);
        });
        let tree = fit(&params, &records, &labels, classes as usize);
        prop_assert_eq!(&fit(&params, &shuffled, &shuffled_labels, classes as usize), &tree);
        // The fourth column tells all records apart.
        let vectors = tree.predict_proba(records.view()).unwrap();
        prop_assert_eq!(vectors.accuracy(&labels), Some(1.0));
    }

    #[test]
    fn drawing_all_features_is_looking_at_all(seed in 0u64..1000, n in 1usize..200, classes in 1u32..6) {
        let (records, labels) = random(n, 8, classes, seed);
        let all = params(|raw| raw.max_features = Some(MaxFeatures::Share(1.0)));
        let plain = fit(&TreeParams::default(), &records, &labels, classes as usize);
        prop_assert_eq!(&fit(&all, &records, &labels, classes as usize), &plain);
        let ones = fit_weighted(&TreeParams::default(), &records, &labels, &vec![1.0; n], classes as usize);
        prop_assert_eq!(splits(&ones), splits(&plain));
    }
}
