//! What Byzantine parties do, in `report.json`: every figure beside that of the same repeats in which all parties are honest.

use serde::{Deserialize, Serialize};
use turncoat_attack::Summary;

use super::service::DegradedResponses;

/// With Byzantine parties held against without, repeat by repeat from the same seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByzantineFigures {
    /// Which parties are Byzantine, in the order of the scenario.
    pub parties: Vec<ByzantineParty>,
    /// Accuracy of the averaged vector on the records of all shards.
    pub train_accuracy: Paired,
    /// Accuracy of the averaged vector on held-out records.
    pub test_accuracy: Paired,
    /// P1 to Pn: accuracy of its responses on held-out records.
    pub by_party: Vec<PartyPaired>,
    /// As the report's results.
    pub results: Vec<ResultPaired>,
    /// Queries of the repeats without Byzantine parties that were answered by fewer parties than all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<DegradedResponses>,
}

/// A Byzantine party.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByzantineParty {
    /// Which.
    pub id: u32,
    /// `label_flip`, `constant` or `amplified`.
    pub how: String,
    /// The class that it always predicts, from 0; null for other behaviour.
    pub class: Option<usize>,
    /// By how much it amplifies its vectors; null for other behaviour.
    pub by: Option<f64>,
}

/// A figure with and without Byzantine parties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paired {
    /// Without: all parties are honest.
    pub honest: Summary,
    /// With.
    #[serde(alias = "lying")]
    pub with_byzantine: Summary,
    /// With less without, in each repeat that has both.
    pub difference: Summary,
}

impl Paired {
    /// Of the repeats in their order.
    #[must_use]
    pub fn of(repeats: impl Iterator<Item = (Option<f64>, Option<f64>)>) -> Self {
        let (honest, with_byzantine): (Vec<_>, Vec<_>) = repeats.unzip();
        let pairs = honest.iter().zip(&with_byzantine);
        let difference = pairs.map(|(honest, other)| Some((*other)? - (*honest)?)).collect();
        Self {
            honest: Summary::new(honest),
            with_byzantine: Summary::new(with_byzantine),
            difference: Summary::new(difference),
        }
    }
}

/// A party's accuracy with and without Byzantine parties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyPaired {
    /// Which.
    pub id: u32,
    /// Accuracy of its responses on held-out records.
    pub test_accuracy: Paired,
}

/// An attack with and without Byzantine parties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultPaired {
    /// `outsider`, `party-3` or `aggregator`.
    pub adversary: String,
    /// What was asked.
    pub question: String,
    /// What tells the attack from the adversary's others; absent in a report of an older version.
    pub id: Option<String>,
    /// The attack.
    pub attack: String,
    /// How non-members were drawn; null for the source question.
    pub non_members: Option<String>,
    /// As in the report's results.
    pub precision: Paired,
    /// As in the report's results.
    pub accuracy: Paired,
}

impl ResultPaired {
    /// What tells the attack from the adversary's others: the id, or the name where an older version wrote no id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.attack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_taken_within_a_repeat() {
        let paired = Paired::of(
            [(Some(0.5), Some(0.25)), (Some(0.75), None), (None, Some(1.0)), (Some(1.0), Some(0.25))]
                .into_iter(),
        );
        assert_eq!(paired.honest.mean, Some(0.75));
        assert_eq!(paired.with_byzantine.mean, Some(0.5));
        assert_eq!(paired.difference.by_repeat, [Some(-0.25), None, None, Some(-0.75)]);
        assert_eq!(paired.difference.mean, Some(-0.5));
        // s = 0.3535..., t(0.975, 1) = 12.706: the interval is -0.5 -+ 12.706 * 0.25.
        let [low, high] = paired.difference.ci95.unwrap();
        assert!((low + 3.6766).abs() < 1e-3 && (high - 2.6766).abs() < 1e-3, "{low} {high}");
    }
}
