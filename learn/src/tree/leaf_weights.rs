//! What the records of each leaf weigh, and which leaf a prepared record reaches.

use super::model::{DecisionTree, NO_LEAF};
use crate::columns::Prepared;

impl DecisionTree {
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
}
