//! What learners and models refuse: what, where, and what is allowed.

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
    /// A weight of a record out of bounds.
    #[error("record {row} weighs {weight}: weights are finite and above 0")]
    Weight {
        /// The record, from zero.
        row: usize,
        /// Its weight.
        weight: f64,
    },
    /// As many weights as records are needed.
    #[error("{records} records and {weights} weights")]
    Weights {
        /// Records.
        records: usize,
        /// Weights.
        weights: usize,
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
    /// Parameters that a model cannot have.
    #[error("parameters: {reason}")]
    Parameters {
        /// What is wrong.
        reason: String,
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
    /// Records prepared for another kind of learner.
    #[error(
        "the records were prepared by a learner that ranks no columns; prepare them with the one that is to train"
    )]
    Prepared,
}
