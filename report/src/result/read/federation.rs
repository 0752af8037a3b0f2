//! The federation of a report, read back: shares, accuracies, and how attacks go with distances.

use serde::Deserialize;

use super::ReadFigure;

/// A figure with its repeats; whatever is null or missing is absent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadSummary {
    /// Mean of the repeats that have it.
    pub mean: Option<f64>,
    /// The 95 % interval of the mean.
    pub ci95: Option<[f64; 2]>,
    /// Repeat by repeat.
    pub by_repeat: Vec<Option<f64>>,
}

impl ReadSummary {
    /// The mean with its interval, where there is one.
    #[must_use]
    pub fn figure(&self) -> Option<ReadFigure> {
        self.mean.map(|mean| ReadFigure { mean, ci95: self.ci95 })
    }
}

/// The federation, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadFederation {
    /// Who was shown single vectors: `open` or `aggregator`.
    pub disclosure: String,
    /// What each party trained.
    pub learner: String,
    /// P1 to Pn.
    pub parties: Vec<ReadParty>,
    /// Accuracy of the averaged vector on all dealt records.
    pub train_accuracy: ReadSummary,
    /// Accuracy of the averaged vector on new records.
    pub test_accuracy: ReadSummary,
    /// How far apart the shards are, class by class.
    pub in_class_distance: ReadSummary,
}

/// One party, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadParty {
    /// Which, from 1.
    pub id: u32,
    /// Records of its shard, mean over the repeats.
    pub records: f64,
    /// Records of each class, mean over the repeats.
    pub class_counts: Vec<f64>,
    /// Records that its class shares asked for and that were no longer there, mean over the repeats.
    pub missing: f64,
    /// Accuracy of its own model on its own shard.
    pub train_accuracy: ReadSummary,
    /// Accuracy of its own model on new records.
    pub test_accuracy: ReadSummary,
}

/// How an attack's accuracy goes with the in-class distance of its candidates.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadCorrelation {
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What tells the attack from the adversary's others; absent in a report of an older version.
    id: Option<String>,
    /// The attack.
    pub attack: String,
    /// In-class distance of the candidates' shards.
    pub in_class_distance: ReadSummary,
    /// How many repeats have both figures.
    pub repeats: usize,
    /// How near to a line.
    pub pearson: Option<ReadCoefficient>,
    /// How near to one order.
    pub spearman: Option<ReadCoefficient>,
}

impl ReadCorrelation {
    /// What tells the attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.attack)
    }
}

/// A coefficient with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct ReadCoefficient {
    /// From -1 to 1.
    pub r: f64,
    /// Lower and upper end.
    pub ci95: [f64; 2],
}
