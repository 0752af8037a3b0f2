//! What a party trains: a [`Learner`] is a checked recipe, a [`LocalModel`] is what it makes of a shard.

use std::path::Path;

use ndarray::ArrayView2;

use crate::dataset::Samples;
use crate::prediction::PredictionVectors;
use crate::seed::Seed;
use crate::tree::{DecisionTree, Engine, Prepared, TreeParams};

/// A learner with checked parameters.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Classification and regression trees (Breiman et al., 1984), exact splits.
    DecisionTree(TreeParams),
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub enum LocalModel {
    /// A decision tree whose leaves keep their class counts.
    DecisionTree(DecisionTree),
}

/// What a learner or a model can refuse.
#[derive(Debug, thiserror::Error)]
pub enum LearnerError {
    /// A parameter outside its range.
    #[error("{parameter} is {value}: {rule}")]
    Parameter {
        /// The parameter, as a scenario writes it.
        parameter: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// A value no learner may see.
    #[error("record {row}, feature {feature} is {value}, not a finite number")]
    NotFinite {
        /// The record, from zero.
        row: usize,
        /// The feature, from zero.
        feature: usize,
        /// What stood there.
        value: f32,
    },
    /// A label outside the classes.
    #[error("record {row} has label {label}, but there are {classes} classes")]
    Label {
        /// The record, from zero.
        row: usize,
        /// Its label.
        label: u32,
        /// Number of classes.
        classes: usize,
    },
    /// As many labels as records are needed.
    #[error("{records} records and {labels} labels")]
    Lengths {
        /// Records.
        records: usize,
        /// Labels.
        labels: usize,
    },
    /// A row to train on that is not there.
    #[error("row {row} was asked for, but there are {records} records (0 to {})", records.saturating_sub(1))]
    Row {
        /// The row, from zero.
        row: usize,
        /// Number of records.
        records: usize,
    },
    /// No class to tell apart.
    #[error("a learner needs at least one class")]
    Classes,
    /// More than 32-bit counts can hold.
    #[error("{got} {what} are more than a model can count")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        got: usize,
    },
    /// Records of another width than the model was trained on.
    #[error("records have {got} features, the model was trained on {expected}")]
    Width {
        /// Features of the training records.
        expected: usize,
        /// Features of the records given.
        got: usize,
    },
    /// A model file that cannot be read or written.
    #[error("model file {path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The engine behind the learner gave up.
    #[error("the engine {engine} failed: {reason}")]
    Engine {
        /// Its name.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
}

impl Learner {
    /// Trains on the given records. The same records, labels and seed give the same model on any number of threads.
    /// Without any record the model knows nothing and answers the uniform vector.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds.
    pub fn fit(&self, samples: Samples<'_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        match self {
            Self::DecisionTree(params) => {
                DecisionTree::fit(params, samples, seed).map(LocalModel::DecisionTree)
            }
        }
    }

    /// Does the part of training that depends on the records `[n, d]` alone, so that many fits can share it.
    ///
    /// # Errors
    /// [`LearnerError::NotFinite`], [`LearnerError::TooMany`].
    pub fn prepare(&self, records: ArrayView2<'_, f32>) -> Result<Prepared, LearnerError> {
        match self {
            Self::DecisionTree(_) => Prepared::new(records),
        }
    }

    /// Trains on some rows of prepared records: the model that [`fit`](Self::fit) makes of those rows alone. `labels` are
    /// those of all prepared records, in their order; a row given twice counts twice; the order of rows says nothing.
    ///
    /// # Errors
    /// [`LearnerError`] when the lengths differ, or a row or one of its labels is out of bounds.
    pub fn fit_rows(
        &self,
        prepared: &Prepared,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<LocalModel, LearnerError> {
        match self {
            Self::DecisionTree(params) => {
                DecisionTree::fit_rows(params, prepared, labels, rows, classes, seed)
                    .map(LocalModel::DecisionTree)
            }
        }
    }

    /// Whether the same records, labels and seed give the same model every time, with that many classes. Only the engine
    /// on linfa-trees, with more than two classes, does not: it adds f32 shares of classes in random order.
    #[must_use]
    pub fn reproducible(&self, classes: usize) -> bool {
        match self {
            Self::DecisionTree(params) => params.get().engine == Engine::Cart || classes <= 2,
        }
    }
}

impl LocalModel {
    /// Class probabilities of records `[n, d]`, one row a record, in class order.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::NotFinite`].
    pub fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        match self {
            Self::DecisionTree(tree) => tree.predict_proba(records),
        }
    }

    /// Number of features of the training records.
    #[must_use]
    pub fn features(&self) -> usize {
        match self {
            Self::DecisionTree(tree) => tree.features(),
        }
    }

    /// Number of classes of the federation.
    #[must_use]
    pub fn classes(&self) -> usize {
        match self {
            Self::DecisionTree(tree) => tree.classes(),
        }
    }

    /// Writes the model to a file, whole or not at all.
    ///
    /// # Errors
    /// [`LearnerError::File`].
    pub fn save(&self, path: &Path) -> Result<(), LearnerError> {
        match self {
            Self::DecisionTree(tree) => tree.save(path),
        }
    }

    /// Reads a model that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// [`LearnerError::File`] when the file is missing, cut short or not a model.
    pub fn load(path: &Path) -> Result<Self, LearnerError> {
        DecisionTree::load(path).map(Self::DecisionTree)
    }
}
