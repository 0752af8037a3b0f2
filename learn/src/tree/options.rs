//! Choices that a tree offers beyond its limits: how many features a node looks at, and what a class weighs.

use crate::learner::LearnerError;

/// How many features a node draws.
///
/// Of `d` that there are. At least one of those drawn varies within the node,
/// if any does: draws go on until one is met. The rule is scikit-learn's; features that do not vary count as drawn.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MaxFeatures {
    /// The square root of d: floor(sqrt(d)), at least 1.
    Sqrt,
    /// The binary logarithm of d: floor(log2(d)), at least 1.
    Log2,
    /// So many, at least 1; all where there are fewer.
    #[serde(untagged)]
    Count(#[schemars(range(min = 1))] u32),
    /// floor(share * d), at least 1; the share is above 0 and at most 1.
    #[serde(untagged)]
    Share(#[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))] f64),
}

impl MaxFeatures {
    /// Of that many features.
    #[must_use]
    pub fn of(self, features: usize) -> usize {
        let count = match self {
            Self::Sqrt => features.isqrt(),
            Self::Log2 => features.checked_ilog2().unwrap_or(0) as usize,
            Self::Count(count) => count as usize,
            Self::Share(share) => (share * features as f64) as usize,
        };
        count.max(1).min(features)
    }

    /// What is wrong with it.
    pub(super) fn violation(self) -> Option<LearnerError> {
        let (value, rule) = match self {
            Self::Count(0) => ("0".into(), "at least 1 feature"),
            Self::Share(share) if !(share > 0.0 && share <= 1.0) => {
                (share.to_string(), "a share of the features above 0 and at most 1")
            }
            _ => return None,
        };
        Some(LearnerError::Parameter { parameter: "max_features", value, rule })
    }
}

/// What the records of a class weigh, in impurities and in the shares of leaves. Limits on records count records.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ClassWeight {
    /// Every class that the records show weighs the same as a whole: n / (classes shown * records of the class).
    Balanced,
    /// One weight for each class of the federation, each above 0.
    #[serde(untagged)]
    PerClass(#[schemars(length(min = 1), with = "Vec<Weight>")] Vec<f64>),
}

/// What the records of one class weigh.
#[derive(schemars::JsonSchema)]
#[schemars(transparent, inline)]
#[allow(dead_code, reason = "a description, never built")]
struct Weight(#[schemars(extend("exclusiveMinimum" = 0))] f64);

impl ClassWeight {
    /// What is wrong with it.
    pub(super) fn violation(&self) -> Option<LearnerError> {
        let Self::PerClass(weights) = self else { return None };
        let wrong = weights.iter().find(|weight| !(weight.is_finite() && **weight > 0.0));
        let value = match wrong {
            Some(weight) => weight.to_string(),
            None if weights.is_empty() => "[]".into(),
            None => return None,
        };
        let rule = "one weight for each class, each finite and above 0";
        Some(LearnerError::Parameter { parameter: "class_weight", value, rule })
    }

    /// Refuses weights of another number than there are classes.
    pub(crate) fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        match self {
            Self::PerClass(weights) if weights.len() != classes => Err(LearnerError::Parameter {
                parameter: "class_weight",
                value: format!("{} weights for {classes} classes", weights.len()),
                rule: "one weight for each class",
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_features_by_hand() {
        let of = |choice: MaxFeatures| [0, 1, 2, 15, 16, 600].map(|features| choice.of(features));
        assert_eq!(of(MaxFeatures::Sqrt), [0, 1, 1, 3, 4, 24]);
        assert_eq!(of(MaxFeatures::Log2), [0, 1, 1, 3, 4, 9]);
        assert_eq!(of(MaxFeatures::Count(15)), [0, 1, 2, 15, 15, 15]);
        assert_eq!(of(MaxFeatures::Share(0.5)), [0, 1, 1, 7, 8, 300]);
    }
}
