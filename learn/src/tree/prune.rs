//! Minimal cost-complexity pruning (Breiman et al., 1984, section 3.3), as scikit-learn defines it.
//!
//! R(t) = impurity of node t * weight of its records / weight of all; R of a branch is the sum over its leaves. The weakest
//! link is the node with the smallest (R(t) - R(branch)) / (leaves of the branch - 1); cutting the weakest links one after the other
//! while that is at most alpha ends in the smallest subtree that minimises R + alpha * leaves (Theorem 3.10). That
//! subtree is found here in one pass from the leaves up: a branch whose own branches are cut already is cut where that
//! quotient, of what is left of it, is at most alpha. So there is no order among equal links to decide.
//!
//! R is computed from counts, so it depends on no order of records. Nothing here calls itself: deep trees are safe.

use super::model::{DecisionTree, NO_LEAF};
use super::params::Criterion;

/// Classes, ascending, each with its records and their weight.
type Classes = Vec<(u32, u32, u32)>;

/// A branch, after what is to be cut in it was cut.
struct Branch {
    classes: Classes,
    /// R of its leaves together.
    cost: f64,
    /// At most as many as records.
    leaves: u32,
}

impl DecisionTree {
    /// Cuts every branch that is not worth `alpha` for each leaf; nothing where `alpha` is 0.
    pub(super) fn prune(self, alpha: f64, criterion: Criterion) -> Self {
        if alpha <= 0.0 || self.nodes.len() < 2 {
            return self;
        }
        let total =
            (0..self.leaves()).flat_map(|leaf| self.leaf_classes(leaf)).map(|(.., weight)| u64::from(weight));
        let total = total.sum::<u64>() as f64;
        // Children stand behind their parents, so from the last node on a left child is done just before its parent, and the
        // right one waits below it.
        let mut branches: Vec<Branch> = Vec::new();
        let mut cut: Vec<Option<Classes>> = vec![None; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            if node.leaf != NO_LEAF {
                let classes: Vec<_> = self.leaf_classes(node.leaf as usize).collect();
                let cost = risk(&classes, total, criterion);
                branches.push(Branch { classes, cost, leaves: 1 });
                continue;
            }
            let left = branches.pop().expect("a split has a left branch");
            let right = branches.pop().expect("a split has a right branch");
            let classes = merge(&left.classes, &right.classes);
            let (cost, leaves) = (left.cost + right.cost, left.leaves + right.leaves);
            let alone = risk(&classes, total, criterion);
            if (alone - cost) / f64::from(leaves - 1) <= alpha {
                cut[place] = Some(classes.clone());
                branches.push(Branch { classes, cost: alone, leaves: 1 });
            } else {
                branches.push(Branch { classes, cost, leaves });
            }
        }
        self.without(&cut)
    }

    /// (class, records, weight) of a leaf.
    fn leaf_classes(&self, leaf: usize) -> impl Iterator<Item = (u32, u32, u32)> {
        let counts = self.leaf_counts(leaf).iter();
        let weights = self.leaf_weights(leaf);
        counts.enumerate().map(move |(place, &(class, records))| {
            (class, records, weights.map_or(records, |weights| weights[place]))
        })
    }

    /// The tree with a leaf of these classes wherever a branch is cut.
    fn without(&self, cut: &[Option<Classes>]) -> Self {
        let weighted = !self.weights.is_empty();
        let mut tree = Self::empty(self.features, self.classes);
        // Places to come and whose right child each is.
        let mut open = vec![(0usize, None)];
        while let Some((place, right_of)) = open.pop() {
            let new = tree.nodes.len() as u32;
            if let Some::<u32>(parent) = right_of {
                tree.nodes[parent as usize].right = new;
            }
            let node = self.nodes[place];
            let classes: Vec<_> = match &cut[place] {
                Some(classes) => classes.clone(),
                None if node.leaf != NO_LEAF => self.leaf_classes(node.leaf as usize).collect(),
                None => {
                    tree.nodes.push(node);
                    open.push((node.right as usize, Some(new)));
                    open.push((place + 1, None));
                    continue;
                }
            };
            tree.push_counts(classes.iter().map(|&(class, records, _)| (class, records)));
            if weighted {
                tree.weights.extend(classes.iter().map(|&(.., weight)| weight));
            }
        }
        tree
    }
}

/// R of a node.
fn risk(classes: &[(u32, u32, u32)], total: f64, criterion: Criterion) -> f64 {
    let weight: u64 = classes.iter().map(|&(.., weight)| u64::from(weight)).sum();
    let weight = weight as f64;
    let impurity = match criterion {
        Criterion::Gini => {
            // Below 2^62: weights sum to less than 2^31.
            let squares: u64 =
                classes.iter().map(|&(.., weight)| u64::from(weight) * u64::from(weight)).sum();
            1.0 - squares as f64 / (weight * weight)
        }
        Criterion::Entropy => classes
            .iter()
            .map(|&(.., part)| f64::from(part) / weight)
            .map(|share| -share * share.log2())
            .sum(),
    };
    impurity * weight / total
}

/// The classes of two branches together.
fn merge(left: &[(u32, u32, u32)], right: &[(u32, u32, u32)]) -> Classes {
    let mut merged: Classes = Vec::with_capacity(left.len().max(right.len()));
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a.0 == b.0 => {
                let sum = (a.0, a.1 + b.1, a.2 + b.2);
                left.next();
                right.next();
                Some(sum)
            }
            (Some(a), Some(b)) if a.0 < b.0 => left.next(),
            (Some(_), None) => left.next(),
            _ => right.next(),
        };
        match next {
            Some(class) => merged.push(class),
            None => return merged,
        }
    }
}
