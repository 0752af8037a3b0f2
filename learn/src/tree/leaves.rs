//! The leaves of a tree: class counts and weights, the shares that they answer with, and what they give away.

use super::model::{DecisionTree, NO_LEAF};
use crate::columns::Prepared;

/// The leaves of a tree by the training records that they hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LeafReport {
    /// Number of leaves.
    pub leaves: usize,
    /// Splits on the longest path from the root to a leaf.
    pub depth: usize,
    /// Records of the smallest leaf: the k of the k-anonymity that the leaves give the training records (Sweeney, 2002). 0 only
    /// for a tree that saw no record.
    pub smallest_leaf: u64,
    /// Training records of each leaf, from the left; a record counts once, whatever it weighs.
    pub records: Vec<u64>,
}

impl DecisionTree {
    /// Class counts of a leaf, by its number from the left: (class, records), classes ascending, none with zero.
    ///
    /// # Panics
    /// When there is no such leaf.
    #[must_use]
    pub fn leaf_counts(&self, leaf: usize) -> &[(u32, u32)] {
        let start = if leaf == 0 { 0 } else { self.ends[leaf - 1] };
        &self.counts[start..self.ends[leaf]]
    }

    /// What the classes of a leaf weigh, in the order of [`leaf_counts`](Self::leaf_counts), as parts of a total below
    /// 2^31; `None` where every record weighs the same.
    ///
    /// # Panics
    /// When there is no such leaf.
    #[must_use]
    pub fn leaf_weights(&self, leaf: usize) -> Option<&[u32]> {
        let start = if leaf == 0 { 0 } else { self.ends[leaf - 1] };
        (!self.weights.is_empty()).then(|| &self.weights[start..self.ends[leaf]])
    }

    /// The class that each leaf answers with the largest probability, the lowest among equals.
    pub(crate) fn leaf_answers(&self) -> Vec<u32> {
        (0..self.leaves())
            .map(|leaf| {
                let counts = self.leaf_counts(leaf).iter();
                let weights = self.leaf_weights(leaf);
                let weight = |place: usize, records| weights.map_or(records, |weights| weights[place]);
                let mut most = (0, 0);
                for (place, &(class, records)) in counts.enumerate() {
                    if weight(place, records) > most.0 {
                        most = (weight(place, records), class);
                    }
                }
                most.1
            })
            .collect()
    }

    /// Shows the classes of a leaf, each with its share.
    pub(super) fn for_shares(&self, leaf: usize, mut show: impl FnMut(usize, f64)) {
        let counts = self.leaf_counts(leaf);
        match (counts, self.leaf_weights(leaf)) {
            // Only the tree that saw no record.
            ([], _) => (0..self.classes).for_each(|class| show(class, 1.0 / self.classes as f64)),
            // Most leaves of a full tree are pure.
            ([(class, _)], _) => show(*class as usize, 1.0),
            (_, None) => {
                let records: u64 = counts.iter().map(|&(_, count)| u64::from(count)).sum();
                counts
                    .iter()
                    .for_each(|&(class, count)| show(class as usize, f64::from(count) / records as f64));
            }
            (_, Some(weights)) => {
                let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
                for (&(class, _), &weight) in counts.iter().zip(weights) {
                    show(class as usize, f64::from(weight) / total as f64);
                }
            }
        }
    }

    /// Counts the records of the leaves.
    #[must_use]
    pub fn leaf_report(&self) -> LeafReport {
        let records: Vec<u64> = (0..self.leaves())
            .map(|leaf| self.leaf_counts(leaf).iter().map(|&(_, count)| u64::from(count)).sum())
            .collect();
        let smallest_leaf = records.iter().copied().min().expect("a tree has a leaf");
        LeafReport { leaves: self.leaves(), depth: self.depth(), smallest_leaf, records }
    }

    /// Keeps what the rows that grew the tree weigh, by leaf and class. `weights` and `labels` are those of all prepared records.
    pub(super) fn weigh(&mut self, prepared: &Prepared, labels: &[u32], rows: &[u32], weights: &[u32]) {
        self.weights = vec![0; self.counts.len()];
        for &row in rows {
            let leaf = self.reach_prepared(prepared, row) as usize;
            let first = if leaf == 0 { 0 } else { self.ends[leaf - 1] };
            let place = self.leaf_counts(leaf).partition_point(|&(class, _)| class < labels[row as usize]);
            self.weights[first + place] += weights[row as usize];
        }
    }

    /// The number of the leaf that a prepared record reaches, which has the features of the tree.
    pub(crate) fn reach_prepared(&self, prepared: &Prepared, row: u32) -> u32 {
        let mut place = 0;
        loop {
            let node = &self.nodes[place];
            if node.leaf != NO_LEAF {
                return node.leaf;
            }
            let value = prepared.column(node.feature).values[prepared.code(node.feature, row) as usize];
            place = if value <= node.threshold { place + 1 } else { node.right as usize };
        }
    }
}
