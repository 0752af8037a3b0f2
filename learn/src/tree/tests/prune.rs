//! Pruning against trees by hand and against the weakest links cut one by one; chains too deep for any stack; leaf reports.

use ndarray::{Array2, array};

use super::random::random;
use crate::dataset::Samples;
use crate::learner::{Model, Reader, Writer};
use crate::seed::Seed;
use crate::tree::model::{FlatNode, NO_LEAF};
use crate::tree::*;

fn fit(
    change: impl FnOnce(&mut RawTreeParams),
    records: &Array2<f32>,
    labels: &[u32],
    classes: usize,
) -> DecisionTree {
    let mut raw = RawTreeParams::default();
    change(&mut raw);
    let samples = Samples { records: records.view(), labels, classes };
    DecisionTree::fit(&raw.check().unwrap(), samples, Seed::root(0)).unwrap()
}

#[test]
fn the_weakest_link_by_hand() {
    // 0 0 0 1 0 1 1: the full tree is 0 0 0 | (1 | 0) | 1 1.
    let records = Array2::from_shape_fn((7, 1), |(row, _)| row as f32);
    let labels = [0, 0, 0, 1, 0, 1, 1];
    let leaves = |alpha| fit(|raw| raw.ccp_alpha = alpha, &records, &labels, 2).leaves();
    // R of the root 24/49; of its right child, (1, 3), 3/8 * 4/7 = 3/14; of (1, 1) 1/7. Links: the root 24/49/3 = 0.163, its
    // right child 3/14/2 = 0.107, (1, 1) 1/7 = 0.143: the right child is weakest.
    assert_eq!(leaves(0.0), 4);
    assert_eq!(leaves(0.107), 4);
    assert_eq!(leaves(0.1072), 2);
    // The root then is 24/49 - 3/14 = 0.2755.
    assert_eq!(leaves(0.2755), 2);
    assert_eq!(leaves(0.2756), 1);
    let pruned = fit(|raw| raw.ccp_alpha = 0.2, &records, &labels, 2);
    let whole = [
        Node::Split { feature: 0, threshold: 2.5, left: 1, right: 2 },
        Node::Leaf { counts: &[(0, 3)] },
        Node::Leaf { counts: &[(0, 1), (1, 3)] },
    ];
    assert_eq!(pruned.nodes().collect::<Vec<_>>(), whole);
    // An exclusive or gains all in two steps, half a bit for each of three leaves: no link below the root is cut first.
    let records = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let leaves = |alpha| {
        let change = |raw: &mut RawTreeParams| (raw.criterion, raw.ccp_alpha) = (Criterion::Entropy, alpha);
        fit(change, &records, &[0, 1, 1, 0], 2).leaves()
    };
    assert_eq!([leaves(0.33), leaves(0.34)], [4, 1]);
}

/// (R of the node alone, R of its branch, leaves of its branch), with `cut` nodes as leaves.
fn branch(tree: &DecisionTree, place: usize, cut: &[bool], total: f64) -> (f64, f64, f64, Vec<f64>) {
    let gini = |counts: &[f64]| {
        let records: f64 = counts.iter().sum();
        (records - counts.iter().map(|count| count * count).sum::<f64>() / records) / total
    };
    match tree.nodes().nth(place).unwrap() {
        Node::Leaf { counts } => {
            let mut by_class = vec![0.0; tree.classes()];
            counts.iter().for_each(|&(class, records)| by_class[class as usize] = f64::from(records));
            (gini(&by_class), gini(&by_class), 1.0, by_class)
        }
        Node::Split { left, right, .. } => {
            let (a, b) = (branch(tree, left, cut, total), branch(tree, right, cut, total));
            let by_class: Vec<f64> = a.3.iter().zip(&b.3).map(|(a, b)| a + b).collect();
            let alone = gini(&by_class);
            if cut[place] { (alone, alone, 1.0, by_class) } else { (alone, a.1 + b.1, a.2 + b.2, by_class) }
        }
    }
}

/// Leaves after cutting the weakest link until it is stronger than alpha.
fn leaves_by_weakest_links(tree: &DecisionTree, alpha: f64, total: f64) -> f64 {
    let mut cut = vec![false; tree.nodes().len()];
    loop {
        let weakest = (0..cut.len())
            .map(|place| (branch(tree, place, &cut, total), place))
            .filter(|((_, _, leaves, _), _)| *leaves > 1.0)
            .map(|((alone, below, leaves, _), place)| ((alone - below) / (leaves - 1.0), place))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match weakest {
            Some((link, place)) if link <= alpha => cut[place] = true,
            _ => return branch(tree, 0, &cut, total).2,
        }
    }
}

#[test]
fn one_pass_cuts_what_the_weakest_links_do_one_by_one() {
    let mut sizes = Vec::new();
    for state in 0..12 {
        let (records, labels) = random(60, 4, 3, state);
        let full = fit(|_| (), &records, &labels, 3);
        for alpha in [0.001, 0.0101, 0.0173, 0.0291, 0.0507, 0.1003] {
            let pruned = fit(|raw| raw.ccp_alpha = alpha, &records, &labels, 3);
            assert_eq!(
                pruned.leaves() as f64,
                leaves_by_weakest_links(&full, alpha, 60.0),
                "{state}, {alpha}"
            );
            sizes.push(pruned.leaves());
        }
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() > 8, "{sizes:?}");
}

#[test]
fn leaves_keep_the_records_and_weights_of_what_was_cut() {
    let (records, labels) = random(200, 5, 4, 7);
    let pruned = fit(
        |raw| (raw.ccp_alpha, raw.class_weight) = (0.01, Some(ClassWeight::Balanced)),
        &records,
        &labels,
        4,
    );
    let report = pruned.leaf_report();
    assert!(report.leaves > 3 && report.leaves < 60, "{report:?}");
    let mut counts = vec![[0; 4]; report.leaves];
    for (&leaf, &label) in pruned.reach(records.view()).unwrap().iter().zip(&labels) {
        counts[leaf as usize][label as usize] += 1;
    }
    let unit: Vec<u32> = (0..4).map(|class| weight_of(&pruned, class)).collect();
    for (leaf, counts) in counts.iter().enumerate() {
        assert_eq!(report.records[leaf], counts.iter().sum::<u64>());
        for (&(class, records), &weight) in
            pruned.leaf_counts(leaf).iter().zip(pruned.leaf_weights(leaf).unwrap())
        {
            assert_eq!(u64::from(records), counts[class as usize]);
            assert_eq!(weight, records * unit[class as usize]);
        }
    }
    assert_eq!(report.smallest_leaf, *report.records.iter().min().unwrap());
    assert_eq!(report.depth, pruned.depth());
}

/// The weight of one record of a class.
fn weight_of(tree: &DecisionTree, class: u32) -> u32 {
    (0..tree.leaves())
        .find_map(|leaf| {
            let place = tree.leaf_counts(leaf).iter().position(|&(other, _)| other == class)?;
            Some(tree.leaf_weights(leaf)?[place] / tree.leaf_counts(leaf)[place].1)
        })
        .unwrap()
}

#[test]
fn leaf_reports_by_hand() {
    let records = array![[1.0], [2.0], [2.0], [3.0], [3.0], [3.0]];
    let report = fit(|_| (), &records, &[0, 1, 1, 0, 0, 1], 2).leaf_report();
    assert_eq!(report, LeafReport { leaves: 3, depth: 2, smallest_leaf: 1, records: vec![1, 2, 3] });
    let nothing = fit(|_| (), &Array2::zeros((0, 2)), &[], 2).leaf_report();
    assert_eq!(nothing, LeafReport { leaves: 1, depth: 0, smallest_leaf: 0, records: vec![0] });
}

/// On a thread whose stack has no room for a call a level.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(128 << 10).spawn(run).unwrap().join().unwrap();
}

/// A chain of that many splits, each of which sends one record to the left, or to the right.
fn chain(levels: u32, leftwards: bool) -> DecisionTree {
    let mut tree = DecisionTree::empty(1, 2);
    let nodes = 2 * levels + 1;
    for level in 0..levels {
        let (threshold, right) = if leftwards {
            ((levels - level) as f32, nodes - 1 - level)
        } else {
            (level as f32, 2 * level + 2)
        };
        tree.nodes.push(FlatNode { feature: 0, threshold, right, leaf: NO_LEAF });
        if !leftwards {
            tree.nodes.push(FlatNode::of_leaf(level, 2 * level + 1));
        }
    }
    while tree.nodes.len() < nodes as usize {
        let place = tree.nodes.len() as u32;
        tree.nodes.push(FlatNode::of_leaf(if leftwards { place - levels } else { levels }, place));
    }
    tree.counts = (0..=levels).map(|leaf| (leaf % 2, 1)).collect();
    tree.ends = (1..=levels as usize + 1).collect();
    tree
}

#[test]
fn chains_of_100_000_levels_need_no_stack() {
    on_a_small_stack(|| {
        for leftwards in [false, true] {
            let levels = 100_000;
            let tree = chain(levels, leftwards);
            let report = tree.leaf_report();
            assert_eq!((report.depth, report.leaves, report.smallest_leaf), (100_000, 100_001, 1));
            let mut writer = Writer::default();
            tree.encode(&mut writer);
            let bytes = writer.into_bytes();
            assert_eq!(DecisionTree::read(&mut Reader::new(&bytes)).unwrap(), tree);
            let ends = array![[-5.0], [2e5]];
            assert_eq!(tree.reach(ends.view()).unwrap(), [0, levels]);
            // Alternating classes: no link pays until half of the impurity is to be had for all leaves.
            let kept = tree.clone().prune(1e-12, Criterion::Gini);
            assert_eq!(kept, tree);
            let pruned = tree.clone().prune(0.5, Criterion::Gini);
            assert_eq!(
                pruned.nodes().collect::<Vec<_>>(),
                [Node::Leaf { counts: &[(0, 50_001), (1, 50_000)] }]
            );
            drop(tree);
        }
    });
}

#[test]
fn a_deep_chain_is_grown_and_pruned_without_stack() {
    on_a_small_stack(|| {
        let n = 4000;
        let records =
            Array2::from_shape_fn((n, 2), |(row, feature)| if feature == 0 { row as f32 } else { 1.0 });
        let labels: Vec<u32> = (0..n as u32).map(|row| row % 2).collect();
        for class_weight in [None, Some(ClassWeight::PerClass(vec![1.0, 3.0]))] {
            let change = |raw: &mut RawTreeParams| (raw.class_weight, raw.ccp_alpha) = (class_weight, 1e-9);
            let tree = fit(change, &records, &labels, 2);
            assert_eq!(tree.leaves(), n);
            assert!(tree.depth() > n / 4, "{}", tree.depth());
        }
    });
}

#[test]
fn many_equal_records_and_many_features_are_fine() {
    let records = Array2::from_elem((100_000, 3), 1.5);
    let labels: Vec<u32> = (0..100_000).map(|row| row % 4).collect();
    let tree = fit(|raw| raw.max_features = Some(MaxFeatures::Sqrt), &records, &labels, 5);
    assert_eq!(tree.leaf_report().records, [100_000]);
    let vectors = tree.predict_proba(array![[0.0, 0.0, 0.0]].view()).unwrap();
    assert_eq!(vectors.view(), array![[0.25, 0.25, 0.25, 0.25, 0.0]]);
    let weighted = fit(|raw| raw.class_weight = Some(ClassWeight::Balanced), &records, &labels, 5);
    assert_eq!(weighted.predict_proba(array![[0.0, 0.0, 0.0]].view()).unwrap(), vectors);

    let (records, labels) = random(40, 50_000, 3, 1);
    for max_features in [None, Some(MaxFeatures::Sqrt)] {
        let tree = fit(|raw| raw.max_features = max_features, &records, &labels, 3);
        assert_eq!(tree.predict_proba(records.view()).unwrap().accuracy(&labels), Some(1.0));
    }
}
