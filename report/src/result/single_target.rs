//! The part of `report.json` that only experiments on single targets have.

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use turncoat_attack::Summary;

use super::figure::Mean;

/// The targets, and what the adversary was given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SingleTargetFigures {
    /// Halvings trained on and attacked in each repeat.
    pub folds: u32,
    /// Sigma of the noise on the records asked about.
    pub target_noise: f64,
    /// `black_box`, `grey_box` or `white_box`.
    pub knowledge: String,
    /// Shadow records, mean over the data sets made.
    pub shadow_records: Mean,
    /// Queries that one shadow data set took, mean over the data sets made.
    pub shadow_queries: Mean,
    /// What was attacked, in the order of the scenario.
    pub targets: Vec<TargetFigures>,
}

/// One kind of target, over all repeats; a repeat's figure is the mean of its folds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TargetFigures {
    /// What was trained.
    pub learner: String,
    /// Records it was trained on, mean over folds and repeats.
    pub records: Mean,
    /// Accuracy on these.
    pub train_accuracy: Summary,
    /// Accuracy on as many others, class-matched.
    pub test_accuracy: Summary,
    /// Bytes that it takes in memory, mean over folds and repeats.
    pub model_bytes: Mean,
    /// Of a decision tree, records in the smallest leaf, the fewest of all; null for other learners.
    pub smallest_leaf: Option<u64>,
}

/// What a result on a single target was achieved with; of a federation nothing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Means {
    /// What was attacked.
    pub target: Option<String>,
    /// What shadow models were, joined by `+` where several trained on each partition; null without shadow models.
    pub generation: Option<String>,
    /// What learned to tell in from out; null without an attack model.
    pub attack_learner: Option<String>,
}

impl Serialize for Means {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.target.is_some() {
            map.serialize_entry("target", &self.target)?;
            map.serialize_entry("generation", &self.generation)?;
            map.serialize_entry("attack_learner", &self.attack_learner)?;
        }
        map.end()
    }
}

/// Standard deviations of accuracy as in Truex et al., Table 4: over all results in which one role has one type (population
/// deviation), averaged over the types of that role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deviations {
    /// The target's type is fixed; generation and attack learner vary.
    pub fixed_target: f64,
    /// The generation's type is fixed.
    pub fixed_generation: f64,
    /// The attack learner's type is fixed.
    pub fixed_attack: f64,
}

impl Deviations {
    /// Each with its name, in the order of names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f64)> {
        [
            ("fixed_attack", self.fixed_attack),
            ("fixed_generation", self.fixed_generation),
            ("fixed_target", self.fixed_target),
        ]
        .into_iter()
    }

    /// Of accuracies, each with the places of its target, generation and attack learner; `None` without any.
    #[must_use]
    pub fn of(results: &[([usize; 3], f64)]) -> Option<Self> {
        let fixed = |role: usize| -> Option<f64> {
            let mut types: Vec<usize> = results.iter().map(|(places, _)| places[role]).collect();
            types.sort_unstable();
            types.dedup();
            let deviation = |kind: &usize| {
                let of_kind = results.iter().filter(|(places, _)| places[role] == *kind);
                let values: Vec<f64> = of_kind.map(|(_, accuracy)| *accuracy).collect();
                let count = values.len() as f64;
                let mean = values.iter().sum::<f64>() / count;
                (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt()
            };
            (!types.is_empty()).then(|| types.iter().map(deviation).sum::<f64>() / types.len() as f64)
        };
        Some(Self { fixed_target: fixed(0)?, fixed_generation: fixed(1)?, fixed_attack: fixed(2)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Truex et al., Table 3 (CIFAR-10), from which their Table 4 has 0.0643, 0.1233 and 0.1366. By attack model, then
    /// target, then generation model.
    #[test]
    fn table_3_gives_table_4() {
        let table = [
            [90.44, 85.64, 60.48, 65.78],
            [54.92, 69.32, 55.01, 51.38],
            [53.84, 61.06, 61.10, 50.02],
            [50.46, 50.58, 49.98, 50.20],
            [89.96, 81.55, 89.07, 61.10],
            [55.33, 68.32, 62.45, 50.89],
            [51.34, 59.58, 64.78, 50.09],
            [50.12, 50.61, 50.46, 50.11],
            [90.37, 90.11, 88.81, 66.98],
            [51.72, 69.90, 65.29, 55.64],
            [50.01, 64.34, 67.40, 54.49],
            [50.54, 50.63, 50.60, 50.29],
            [90.42, 89.86, 90.52, 63.71],
            [50.33, 68.31, 57.65, 53.08],
            [50.00, 64.22, 67.63, 53.54],
            [50.58, 50.44, 50.58, 50.01],
        ];
        let results: Vec<([usize; 3], f64)> = (0..64)
            .map(|cell| ([cell / 4 % 4, cell % 4, cell / 16], table[cell / 4][cell % 4] / 100.0))
            .collect();
        let found = Deviations::of(&results).unwrap();
        for (got, published) in
            [(found.fixed_target, 0.0643), (found.fixed_generation, 0.1233), (found.fixed_attack, 0.1366)]
        {
            assert!((got - published).abs() < 5e-5, "{found:?}");
        }
        assert_eq!(Deviations::of(&[]), None);
    }
}
