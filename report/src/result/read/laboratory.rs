//! The part of a report that only experiments on single targets have, read back.

use serde::Deserialize;

use super::ReadSummary;

/// The targets, and what the adversary was given.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadLaboratory {
    /// Halvings trained on and attacked in each repeat.
    pub folds: u32,
    /// Sigma of the noise on the records asked about.
    pub target_noise: f64,
    /// `black_box`, `grey_box` or `white_box`.
    pub knowledge: String,
    /// Shadow records, mean over the data sets made.
    pub shadow_records: f64,
    /// Queries that one shadow data set took, mean over the data sets made.
    pub shadow_queries: f64,
    /// What was attacked, in the order of the scenario.
    pub targets: Vec<ReadTarget>,
}

/// One kind of target, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadTarget {
    /// What was trained.
    pub learner: String,
    /// Records it was trained on.
    pub records: f64,
    /// Accuracy on these.
    pub train_accuracy: ReadSummary,
    /// Accuracy on as many others, class-matched.
    pub test_accuracy: ReadSummary,
}
