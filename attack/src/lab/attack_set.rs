//! The attack set D*: what shadow models answered, and whether they had seen the record (Truex et al., section 3.2).

use ndarray::{Array2, ArrayView2};
use turncoat_learn::PredictionVectors;

/// Vectors labelled in and out.
#[derive(Clone, Debug, PartialEq)]
pub struct AttackSet {
    classes: usize,
    vectors: Vec<f64>,
    labels: Vec<u32>,
    members: Vec<bool>,
    models: Vec<u32>,
}

impl AttackSet {
    /// Without a row, for a target of that many classes.
    pub(super) fn empty(classes: usize) -> Self {
        Self { classes, vectors: Vec::new(), labels: Vec::new(), members: Vec::new(), models: Vec::new() }
    }

    /// Adds what a shadow model answered; the first `members` records are in.
    pub(super) fn add(
        &mut self,
        model: u32,
        vectors: &PredictionVectors,
        labels: impl Iterator<Item = u32>,
        members: usize,
    ) {
        self.vectors.extend(vectors.view().iter());
        self.labels.extend(labels);
        let rows = vectors.len();
        self.members.extend((0..rows).map(|row| row < members));
        self.models.extend(std::iter::repeat_n(model, rows));
    }

    /// Number of rows n.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of classes k of the target.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Prediction vectors, shape `[n, k]`.
    ///
    /// # Panics
    /// Never: rows of k values are all that is added.
    #[must_use]
    pub fn vectors(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.len(), self.classes), &self.vectors).expect("k values were added a row")
    }

    /// The shadow records' own classes, shape `[n]`.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Whether the shadow model had been trained on the record, shape `[n]`.
    #[must_use]
    pub fn members(&self) -> &[bool] {
        &self.members
    }

    /// Which shadow model answered, from zero, shape `[n]`.
    #[must_use]
    pub fn models(&self) -> &[u32] {
        &self.models
    }

    /// The rows of one class, those in as 1 and those out as 0: what an attack model of that class learns from.
    pub(super) fn truth(&self, rows: &[usize]) -> Vec<u32> {
        rows.iter().map(|&row| u32::from(self.members[row])).collect()
    }

    /// The vectors of some rows, shape `[rows, k]`.
    pub(super) fn select(&self, rows: &[usize]) -> Array2<f64> {
        self.vectors().select(ndarray::Axis(0), rows)
    }
}
