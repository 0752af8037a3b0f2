//! What the parameters of a learner do: train a model, and say what is to be known of it beforehand.

use std::fmt::Debug;

use ndarray::ArrayView2;

use super::{Learner, LearnerError, LocalModel, PreparedRecords, TrainingSet, canonical_rows};
use crate::dataset::Samples;
use crate::seed::Seed;

/// Most learners within each other on the way from the outermost to a plain one.
pub(crate) const MOST_NESTED: u32 = 4;

/// Checked parameters of a learner.
///
/// What must hold of a fit: the same records, labels and seed give the same model, whatever the order of the rows and the number
/// of threads; a class that the rows do not show gets probability 0; without rows the model answers the uniform vector.
pub(crate) trait Train: Debug {
    /// Trains a model.
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError>;

    /// The learner within, of one that trains another: what is not said otherwise below is as of that.
    fn inner(&self) -> Option<&Learner> {
        None
    }

    /// Whether it works on ranked columns, so that records are to be prepared with them.
    fn ranks_columns(&self) -> bool {
        self.inner().is_some_and(Learner::ranks_columns)
    }

    /// Refuses class weights that are not one for each of so many classes.
    fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.inner().map_or(Ok(()), |inner| inner.check_classes(classes))
    }

    /// Whether the same records, labels and seed give the same model every time, with that many classes.
    fn reproducible(&self, classes: usize) -> bool {
        self.inner().is_none_or(|inner| inner.reproducible(classes))
    }

    /// Ensembles on the way to a plain model: 0 for a plain learner.
    fn nesting(&self) -> u32 {
        self.inner().map_or(0, |inner| 1 + inner.nesting())
    }

    /// Plain models that it trains, at most.
    fn members(&self) -> u64 {
        self.inner().map_or(1, Learner::members)
    }

    /// Whether its models are [`Parametric`](super::Parametric).
    fn is_parametric(&self) -> bool {
        false
    }
}

/// Rows of prepared records, with the labels of all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrainingRows<'a, 'r> {
    /// The records.
    pub(crate) prepared: &'a PreparedRecords<'r>,
    /// The labels of all prepared records, in their order.
    pub(crate) labels: &'a [u32],
    /// The rows to train on; one that is given twice counts twice.
    pub(crate) rows: &'a [usize],
    /// Classes of the federation.
    pub(crate) classes: usize,
}

impl<'a, 'r> TrainingRows<'a, 'r> {
    /// Copies the rows out, checked and in an order that the records alone decide.
    pub(crate) fn set(&self) -> Result<TrainingSet, LearnerError> {
        TrainingSet::new(self.prepared.records(), self.labels, self.rows, self.classes)
    }

    /// The rows, checked, in an order that the records alone decide.
    pub(crate) fn in_order(&self) -> Result<Vec<usize>, LearnerError> {
        canonical_rows(self.prepared.records(), self.labels, self.rows, self.classes)
    }

    /// Other rows of the same records.
    pub(crate) fn with<'b>(&self, rows: &'b [usize]) -> TrainingRows<'b, 'r>
    where
        'a: 'b,
    {
        TrainingRows { rows, ..*self }
    }
}

impl Learner {
    /// Refuses class weights, its own or of a learner that it is made of, that are not one for each of so many classes: to be
    /// asked as soon as the data is known, and not when the first model is trained.
    ///
    /// # Errors
    /// [`LearnerError::Parameter`].
    ///
    /// ```
    /// use turncoat_learn::Learner;
    /// use turncoat_learn::tree::{ClassWeight, RawTreeParams};
    ///
    /// let class_weight = Some(ClassWeight::PerClass(vec![1.0, 2.0]));
    /// let tree = RawTreeParams { class_weight, ..Default::default() }.check().unwrap();
    /// assert!(Learner::DecisionTree(tree.clone()).check_classes(2).is_ok());
    /// assert!(Learner::DecisionTree(tree).check_classes(3).is_err());
    /// ```
    pub fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.params().check_classes(classes)
    }

    /// Trains on the given records. The same records, labels and seed give the same model on any number of threads.
    /// Without any record the model knows nothing and answers the uniform vector.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds.
    pub fn fit(&self, samples: Samples<'_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let prepared = self.prepare(samples.records)?;
        let rows: Vec<usize> = (0..samples.labels.len().min(prepared.len())).collect();
        self.fit_rows(&prepared, samples.labels, &rows, samples.classes, seed)
    }

    /// Does the part of training that depends on the records `[n, d]` alone, so that many fits can share it.
    ///
    /// # Errors
    /// [`LearnerError::NotFinite`], [`LearnerError::TooMany`].
    pub fn prepare<'a>(&self, records: ArrayView2<'a, f32>) -> Result<PreparedRecords<'a>, LearnerError> {
        if self.ranks_columns() {
            PreparedRecords::with_columns(records)
        } else {
            PreparedRecords::new(records)
        }
    }

    /// Trains on some rows of prepared records: the model that [`fit`](Self::fit) makes of those rows alone. `labels` are
    /// those of all prepared records, in their order; a row given twice counts twice; the order of rows says nothing.
    ///
    /// # Errors
    /// [`LearnerError`] when the lengths differ, a row or one of its labels is out of bounds, or the records were
    /// prepared by a learner that shares less than this one needs.
    pub fn fit_rows(
        &self,
        prepared: &PreparedRecords<'_>,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<LocalModel, LearnerError> {
        self.params().fit(TrainingRows { prepared, labels, rows, classes }, seed)
    }

    /// Trains on rows that a learner made of this one was given.
    pub(crate) fn train(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        self.params().fit(data, seed)
    }

    /// Whether it works on ranked columns.
    pub(crate) fn ranks_columns(&self) -> bool {
        self.params().ranks_columns()
    }

    /// Whether the same records, labels and seed give the same model every time, with that many classes. Only the engine
    /// on linfa-trees, with more than two classes, does not: it adds f32 shares of classes in random order.
    #[must_use]
    pub fn reproducible(&self, classes: usize) -> bool {
        self.params().reproducible(classes)
    }

    /// Ensembles on the way to a plain model: 0 for a plain learner.
    pub(crate) fn nesting(&self) -> u32 {
        self.params().nesting()
    }

    /// Plain models that it trains, at most: one, unless it is an ensemble.
    #[must_use]
    pub fn members(&self) -> u64 {
        self.params().members()
    }

    /// Whether its models have parameters and gradients, see [`Parametric`](super::Parametric).
    #[must_use]
    pub fn is_parametric(&self) -> bool {
        self.params().is_parametric()
    }
}
