//! Whole trees against a reference that is slow and plain: every feature, every threshold, every node.

use ndarray::Array2;
use proptest::prelude::*;

use super::random::random;
use crate::columns::Prepared;
use crate::learner::LearnerError;
use crate::seed::Seed;
use crate::tree::fit::checked_rows;
use crate::tree::grow::{Search, grow};
use crate::tree::model::{DecisionTree, Node};
use crate::tree::params::{Criterion, RawTreeParams, Ties, TreeParams};
use crate::tree::split::entropy::Entropy;
use crate::tree::split::impurity::{Gini, Impurity, Sides};
use crate::tree::split::node::{NodeRows, Split};
use crate::tree::split::search::{NodeSearch, Setting};
use crate::tree::split::ties::TieOrder;
use crate::tree::weights::Ones;

/// A node: feature, threshold and the numbers of nodes in the two subtrees, or the class counts of a leaf.
#[derive(Debug, PartialEq)]
enum Plain {
    Split { feature: usize, threshold: f32, left: usize, right: usize },
    Leaf(Vec<(u32, u32)>),
}

struct Reference<'a, I> {
    impurity: I,
    params: &'a RawTreeParams,
    records: &'a Array2<f32>,
    labels: &'a [u32],
    classes: usize,
    total: usize,
}

impl<I: Impurity> Reference<'_, I> {
    fn counts(&self, rows: &[usize]) -> Vec<u32> {
        let mut counts = vec![0; self.classes];
        rows.iter().for_each(|&row| counts[self.labels[row] as usize] += 1);
        counts
    }

    fn sum(&self, rows: &[usize]) -> u64 {
        self.counts(rows).into_iter().map(|count| self.impurity.term(count)).sum()
    }

    fn best(&self, rows: &[usize], ties: TieOrder) -> Option<(Sides, usize, f32)> {
        let mut best: Option<(Sides, usize, f32)> = None;
        let mut features: Vec<usize> = (0..self.records.ncols()).collect();
        features.sort_by_key(|&a| {
            (0..self.records.ncols()).filter(|&b| ties.is_before(b as u32, a as u32)).count()
        });
        for feature in features {
            let mut values: Vec<f32> = rows.iter().map(|&row| self.records[(row, feature)]).collect();
            values.sort_by(f32::total_cmp);
            values.dedup();
            for pair in values.windows(2) {
                let (left, right) = self.sides(rows, feature, pair[0]);
                if left.len().min(right.len()) < self.params.min_samples_leaf as usize {
                    continue;
                }
                let sides = Sides {
                    left_records: left.len() as u32,
                    right_records: right.len() as u32,
                    left_sum: self.sum(&left),
                    right_sum: self.sum(&right),
                };
                if best.as_ref().is_none_or(|(best, ..)| self.impurity.better(&sides, best)) {
                    let middle = ((f64::from(pair[0]) + f64::from(pair[1])) / 2.0) as f32;
                    best = Some((sides, feature, if middle < pair[1] { middle } else { pair[0] }));
                }
            }
        }
        best
    }

    fn sides(&self, rows: &[usize], feature: usize, threshold: f32) -> (Vec<usize>, Vec<usize>) {
        rows.iter().partition(|&&row| self.records[(row, feature)] <= threshold)
    }

    fn grow(&self, rows: &[usize], depth: u32, ties: TieOrder, nodes: &mut Vec<Plain>) {
        let counts: Vec<(u32, u32)> = (0..).zip(self.counts(rows)).filter(|&(_, count)| count > 0).collect();
        let may_split = counts.len() > 1
            && self.params.max_depth.is_none_or(|deepest| depth < deepest)
            && rows.len() >= self.params.min_samples_split as usize;
        let split = if may_split { self.best(rows, ties) } else { None };
        let split = split.filter(|(sides, ..)| {
            let decrease = self.impurity.decrease(rows.len() as u32, self.sum(rows), sides);
            decrease / self.total as f64 + f64::EPSILON >= self.params.min_impurity_decrease
        });
        let Some((_, feature, threshold)) = split else {
            nodes.push(Plain::Leaf(counts));
            return;
        };
        let (left, right) = self.sides(rows, feature, threshold);
        let place = nodes.len();
        nodes.push(Plain::Leaf(Vec::new()));
        self.grow(&left, depth + 1, ties.child(false), nodes);
        let middle = nodes.len();
        self.grow(&right, depth + 1, ties.child(true), nodes);
        nodes[place] = Plain::Split { feature, threshold, left: place + 1, right: middle };
    }
}

fn reference(
    params: &TreeParams,
    records: &Array2<f32>,
    labels: &[u32],
    rows: &[usize],
    classes: usize,
) -> Vec<Plain> {
    let (params, total) = (params.get(), rows.len());
    let mut nodes = Vec::new();
    let ties = TieOrder::root(params.ties, Seed::root(0));
    match params.criterion {
        Criterion::Gini => {
            Reference { impurity: Gini, params, records, labels, classes, total }
                .grow(rows, 0, ties, &mut nodes);
        }
        Criterion::Entropy => {
            let impurity = Entropy::new(total as u32);
            Reference { impurity, params, records, labels, classes, total }.grow(rows, 0, ties, &mut nodes);
        }
    }
    nodes
}

fn plain(tree: &DecisionTree) -> Vec<Plain> {
    tree.nodes()
        .map(|node| match node {
            Node::Split { feature, threshold, left, right } => {
                Plain::Split { feature, threshold, left, right }
            }
            Node::Leaf { counts } => Plain::Leaf(counts.to_vec()),
        })
        .collect()
}

/// The exact search without its way to grow whole subtrees.
struct NodeByNode<S>(S);

impl<S: Search> Search for NodeByNode<S> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        self.0.best(node, features, varying)
    }
}

fn node_by_node(
    params: &TreeParams,
    prepared: &Prepared,
    labels: &[u32],
    rows: &[usize],
    classes: usize,
) -> DecisionTree {
    let total = rows.len() as u64;
    let rows = checked_rows(prepared, labels, rows, classes).unwrap();
    let raw = params.get();
    let ties = TieOrder::root(raw.ties, Seed::root(0));
    fn grown<I: Impurity>(
        setting: Setting<'_, I>,
        labels: &[u32],
        rows: Vec<u32>,
        classes: usize,
        ties: TieOrder,
    ) -> DecisionTree {
        let mut search = NodeByNode(NodeSearch::new(&setting, Ones, None));
        grow(setting.prepared, setting.params, labels, rows, classes, ties, &mut search).unwrap()
    }
    match raw.criterion {
        Criterion::Gini => {
            grown(Setting { prepared, impurity: &Gini, params: raw, total }, labels, rows, classes, ties)
        }
        Criterion::Entropy => {
            let impurity = &Entropy::new(total as u32);
            grown(Setting { prepared, impurity, params: raw, total }, labels, rows, classes, ties)
        }
    }
}

fn any_params() -> impl Strategy<Value = TreeParams> {
    let depth = prop_oneof![3 => Just(None), 1 => (1u32..6).prop_map(Some)];
    let decrease = prop_oneof![3 => Just(0.0), 1 => 0.0..0.05];
    let ties = prop_oneof![Just(Ties::Lowest), Just(Ties::Random)];
    (depth, 2u32..8, prop_oneof![2 => Just(1), 1 => 1u32..20], decrease, any::<bool>(), ties).prop_map(
        |(max_depth, min_samples_split, min_samples_leaf, min_impurity_decrease, entropy, ties)| {
            let criterion = if entropy { Criterion::Entropy } else { Criterion::Gini };
            let raw = RawTreeParams {
                max_depth,
                min_samples_split,
                min_samples_leaf,
                min_impurity_decrease,
                criterion,
                ties,
                ..RawTreeParams::default()
            };
            raw.check().unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    // Up to 12 features there are too few of two values to stand side by side; 60 have enough.
    #[test]
    fn trees_are_those_of_the_reference(
        seed in 0u64..1000, n in 1usize..130, d in prop_oneof![3 => 1usize..12, 1 => Just(60usize)],
        classes in 1u32..12, params in any_params(), again in proptest::collection::vec(0usize..130, 0..60),
    ) {
        let (records, labels) = random(n, d, classes, seed);
        // Coarse values make ties, and common values that are not the lowest.
        let records = records.mapv(|value| if seed % 2 == 0 { (value * 4.0).round().max(-1.0) } else { value });
        let rows: Vec<usize> = (0..n).chain(again.into_iter().filter(|&row| row < n)).collect();
        let classes = classes as usize;
        let expected = reference(&params, &records, &labels, &rows, classes);
        let prepared = Prepared::new(records.view()).unwrap();
        let tree = DecisionTree::fit_rows(&params, &prepared, &labels, &rows, classes, Seed::root(0)).unwrap();
        prop_assert_eq!(plain(&tree), expected);
        prop_assert_eq!(&node_by_node(&params, &prepared, &labels, &rows, classes), &tree);
    }
}

#[test]
fn large_trees_are_the_same_node_by_node() {
    // Beyond the bounds of all criteria, with blocks shared out among threads, subtrees side by side and wide codes; the last has more
    // records than numbers of 16 bits.
    for (n, d, classes, entropy, ties) in [
        (11_000, 40, 7, false, Ties::Lowest),
        (3_000, 120, 2, false, Ties::Random),
        (9_000, 30, 2, true, Ties::Random),
        (9_000, 30, 2, true, Ties::Lowest),
        (70_000, 4, 3, false, Ties::Random),
    ] {
        let (records, labels) = random(n, d, classes, 11);
        let criterion = if entropy { Criterion::Entropy } else { Criterion::Gini };
        let params = RawTreeParams { criterion, ties, ..RawTreeParams::default() }.check().unwrap();
        let prepared = Prepared::new(records.view()).unwrap();
        let rows: Vec<usize> = (0..n).collect();
        let classes = classes as usize;
        let tree =
            DecisionTree::fit_rows(&params, &prepared, &labels, &rows, classes, Seed::root(0)).unwrap();
        assert!(tree.leaves() > 300, "{}", tree.leaves());
        assert_eq!(node_by_node(&params, &prepared, &labels, &rows, classes), tree);
    }
}
