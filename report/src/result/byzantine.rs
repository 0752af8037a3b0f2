//! What lies do, in `report.json`: every figure beside that of the same repeats without them.

use serde::{Deserialize, Serialize};
use turncoat_attack::Summary;

use super::service::DegradedAnswers;

/// Lies held against honesty, repeat by repeat from the same seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByzantineFigures {
    /// Who lied, in the order of the scenario.
    pub parties: Vec<Liar>,
    /// Accuracy of the averaged vector on all dealt records.
    pub train_accuracy: Paired,
    /// Accuracy of the averaged vector on new records.
    pub test_accuracy: Paired,
    /// P1 to Pn: accuracy of its answers on new records.
    pub by_party: Vec<PartyPaired>,
    /// As the report's results.
    pub results: Vec<ResultPaired>,
    /// Queries of the repeats without lies that were answered by fewer parties than all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<DegradedAnswers>,
}

/// A party that lied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Liar {
    /// Which.
    pub id: u32,
    /// `label_flip`, `constant` or `amplified`.
    pub how: String,
    /// The class that it always says, from 0; null for other lies.
    pub class: Option<usize>,
    /// How many times as loud it is; null for other lies.
    pub by: Option<f64>,
}

/// A figure with and without lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paired {
    /// Without.
    pub honest: Summary,
    /// With.
    pub lying: Summary,
    /// With less without, in each repeat that has both.
    pub difference: Summary,
}

impl Paired {
    /// Of the repeats in their order.
    #[must_use]
    pub fn of(repeats: impl Iterator<Item = (Option<f64>, Option<f64>)>) -> Self {
        let (honest, lying): (Vec<_>, Vec<_>) = repeats.unzip();
        let difference =
            honest.iter().zip(&lying).map(|(honest, lying)| Some((*lying)? - (*honest)?)).collect();
        Self {
            honest: Summary::new(honest),
            lying: Summary::new(lying),
            difference: Summary::new(difference),
        }
    }
}

/// A party's accuracy with and without lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyPaired {
    /// Which.
    pub id: u32,
    /// Accuracy of its answers on new records.
    pub test_accuracy: Paired,
}

/// An attack with and without lies.
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
        assert_eq!(paired.lying.mean, Some(0.5));
        assert_eq!(paired.difference.by_repeat, [Some(-0.25), None, None, Some(-0.75)]);
        assert_eq!(paired.difference.mean, Some(-0.5));
        // s = 0.3535..., t(0.975, 1) = 12.706: the interval is -0.5 -+ 12.706 * 0.25.
        let [low, high] = paired.difference.ci95.unwrap();
        assert!((low + 3.6766).abs() < 1e-3 && (high - 2.6766).abs() < 1e-3, "{low} {high}");
    }
}
