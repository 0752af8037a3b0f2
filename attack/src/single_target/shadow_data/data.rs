//! Shadow data D': what the adversary takes for records like the target's (Truex et al., section 3.1), and the draft
//! that steps work on.

use ndarray::Array2;

/// Labelled records to train shadow models on.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowData {
    /// Shape `[n, d]`, finite, as many features as the target has.
    pub records: Array2<f32>,
    /// Shape `[n]`, classes of the target.
    pub labels: Vec<u32>,
}

/// D' between two steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// Shape `[n, d]`.
    pub(super) records: Array2<f32>,
    /// Shape `[n]`.
    pub(super) labels: Vec<u32>,
    /// Shape `[n]`: whether the label is the target's own answer.
    pub(super) answered: Vec<bool>,
}

impl Draft {
    /// Records that the target was not asked about.
    pub(super) fn unanswered(records: Array2<f32>, labels: Vec<u32>) -> Self {
        let answered = vec![false; labels.len()];
        Self { records, labels, answered }
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }
}
