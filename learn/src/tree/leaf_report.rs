//! What the leaves of a tree give away: how many training records stand behind each answer.
//!
//! Records that reach the same leaf get the same vector, so a leaf hides each of its records among the others; the
//! smallest leaf bounds the anonymity of all.

use super::model::DecisionTree;

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
    /// Counts the records of the leaves.
    #[must_use]
    pub fn leaf_report(&self) -> LeafReport {
        let records: Vec<u64> = (0..self.leaves())
            .map(|leaf| self.leaf_counts(leaf).iter().map(|&(_, count)| u64::from(count)).sum())
            .collect();
        let smallest_leaf = records.iter().copied().min().expect("a tree has a leaf");
        LeafReport { leaves: self.leaves(), depth: self.depth(), smallest_leaf, records }
    }
}
