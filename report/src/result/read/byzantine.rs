//! What lies did, read back: every figure beside that of the same repeats without them.

use serde::Deserialize;

use super::{ReadDegraded, ReadSummary};

/// Lies held against honesty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadByzantine {
    /// Who lied.
    pub parties: Vec<ReadLiar>,
    /// Accuracy of the averaged vector on all dealt records.
    pub train_accuracy: ReadPaired,
    /// Accuracy of the averaged vector on new records.
    pub test_accuracy: ReadPaired,
    /// P1 to Pn.
    pub by_party: Vec<ReadPartyPaired>,
    /// As the report's results.
    pub results: Vec<ReadResultPaired>,
    /// Queries of the repeats without lies that were answered by fewer parties than all.
    pub degraded: Vec<ReadDegraded>,
}

/// A party that lied.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadLiar {
    /// Which.
    pub id: u32,
    /// `label_flip`, `constant` or `amplified`.
    pub how: String,
    /// The class that it always says, from 0.
    pub class: Option<usize>,
    /// How many times as loud it is.
    pub by: Option<f64>,
}

/// A figure with and without lies.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadPaired {
    /// Without.
    pub honest: ReadSummary,
    /// With.
    pub lying: ReadSummary,
    /// With less without.
    pub difference: ReadSummary,
}

/// A party's accuracy with and without lies.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadPartyPaired {
    /// Which.
    pub id: u32,
    /// Accuracy of its answers on new records.
    pub test_accuracy: ReadPaired,
}

/// An attack with and without lies.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadResultPaired {
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What was asked.
    pub question: String,
    /// What tells the attack from the adversary's others; absent in a report of an older version.
    id: Option<String>,
    /// The attack.
    pub attack: String,
    /// How non-members were drawn; none for the source question.
    pub non_members: Option<String>,
    /// As in the report's results.
    pub precision: ReadPaired,
    /// As in the report's results.
    pub accuracy: ReadPaired,
}

impl ReadResultPaired {
    /// What tells the attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.attack)
    }
}
