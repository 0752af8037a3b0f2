//! Parameters of a decision tree, checked: only [`RawTreeParams::check`] makes a [`TreeParams`].

use crate::learner::{LearnerError, checked};

/// What a split is chosen to lower.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Gini impurity, 1 minus the sum of squared class shares.
    #[default]
    Gini,
    /// Shannon entropy of the class shares, in bits.
    Entropy,
}

/// Which code looks for splits.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Our own exact CART.
    #[default]
    Cart,
    /// linfa-trees, a fit of depth 1 for each node; takes no `max_features`, no `class_weight` and no random `ties`. Not reproducible with more than two
    /// classes.
    Linfa,
}

/// Which of equally good splits on different features is taken; of one feature's, the lowest threshold is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "tree_ties")]
pub enum Ties {
    /// The one on the lowest feature, that is the first in the data.
    #[default]
    Lowest,
    /// Any of them with the same chance, drawn at each node from the model's seed.
    Random,
}

/// A classification tree (CART). With `min_samples_leaf` of 1 it fits its training records perfectly, where no two of them are the
/// same with different classes.
///
/// These are its parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::tree::RawTreeParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::DecisionTree(RawTreeParams { max_depth: Some(3), ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "decision_tree",
    extend("x-source" = "Breiman et al., 1984; scikit-learn"),
    transform = crate::learner::defaults_of::<Self>
)]
pub struct RawTreeParams {
    /// Largest number of splits on a path; null for no bound.
    #[schemars(range(min = 1), extend("x-unit" = "splits", "x-source" = "scikit-learn"))]
    pub max_depth: Option<u32>,
    /// Fewest records that a node needs to be split.
    #[schemars(range(min = 2), extend("x-unit" = "records", "x-source" = "scikit-learn"))]
    pub min_samples_split: u32,
    /// Fewest records on each side of a split.
    #[schemars(range(min = 1), extend("x-unit" = "records", "x-source" = "scikit-learn"))]
    pub min_samples_leaf: u32,
    /// Smallest weighted drop of impurity that a split must bring, in units of the criterion.
    #[schemars(range(min = 0.0), extend("x-source" = "scikit-learn"))]
    pub min_impurity_decrease: f64,
    /// What a split is chosen to lower.
    #[schemars(extend("x-source" = "scikit-learn"))]
    pub criterion: Criterion,
    /// Complexity at which minimal cost-complexity pruning stops; 0 prunes nothing.
    ///
    /// A branch stays if each leaf beyond its first lowers R by more than this, on average, where R of a tree is the mean impurity of
    /// its leaves, weighted by their share of all records.
    #[serde(default)]
    #[schemars(range(min = 0.0), extend("x-source" = "Breiman et al., 1984, section 3.3; scikit-learn"))]
    pub ccp_alpha: f64,
    /// How many features each node draws and looks at: `sqrt`, `log2`, a whole number, a share of them such as 0.3, or null for
    /// all.
    #[serde(default)]
    #[schemars(extend(
        "x-rule" = "be `sqrt`, `log2`, a whole number, a share such as 0.3, or null for all",
        "x-unit" = "features",
        "x-source" = "scikit-learn"
    ))]
    pub max_features: Option<MaxFeatures>,
    /// What the records of a class weigh: `balanced` gives each class the same weight as a whole, a list has one weight for each
    /// class, null is 1 for all.
    #[serde(default)]
    #[schemars(extend("x-rule" = "be `balanced`, a list of one weight for each class, or null", "x-source" = "scikit-learn"))]
    pub class_weight: Option<ClassWeight>,
    /// Which of equally good splits on different features a node takes. scikit-learn draws: `random`. With `lowest`, trees of similar
    /// records are more alike than its.
    #[serde(default)]
    pub ties: Ties,
    /// Which code looks for splits.
    #[serde(default)]
    pub engine: Engine,
}

impl Default for RawTreeParams {
    fn default() -> Self {
        Self {
            max_depth: None,
            min_samples_split: 2,
            min_samples_leaf: 1,
            min_impurity_decrease: 0.0,
            criterion: Criterion::Gini,
            ccp_alpha: 0.0,
            max_features: None,
            class_weight: None,
            ties: Ties::Lowest,
            engine: Engine::Cart,
        }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    TreeParams of RawTreeParams, "RawTreeParams"
}

impl RawTreeParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<TreeParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        let mut refuse = |parameter, value: String, rule| {
            violations.push(LearnerError::Parameter { parameter, value, rule });
        };
        if self.max_depth == Some(0) {
            refuse("max_depth", "0".into(), "at least 1, or null for no bound");
        }
        if self.min_samples_split < 2 {
            refuse("min_samples_split", self.min_samples_split.to_string(), "at least 2");
        }
        if self.min_samples_leaf < 1 {
            refuse("min_samples_leaf", self.min_samples_leaf.to_string(), "at least 1");
        }
        if !self.min_impurity_decrease.is_finite() || self.min_impurity_decrease < 0.0 {
            refuse("min_impurity_decrease", self.min_impurity_decrease.to_string(), "finite and at least 0");
        }
        if !self.ccp_alpha.is_finite() || self.ccp_alpha < 0.0 {
            refuse("ccp_alpha", self.ccp_alpha.to_string(), "finite and at least 0");
        }
        let only_cart =
            self.max_features.is_some() || self.class_weight.is_some() || self.ties == Ties::Random;
        if self.engine == Engine::Linfa && only_cart {
            refuse(
                "engine",
                "linfa".into(),
                "cart where max_features, class_weight or random ties are asked for",
            );
        }
        violations.extend(self.max_features.and_then(MaxFeatures::violation));
        violations.extend(self.class_weight.as_ref().and_then(ClassWeight::violation));
        if violations.is_empty() { Ok(TreeParams(self)) } else { Err(violations) }
    }

    /// Refuses class weights that are not one for each of so many classes.
    pub(crate) fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.class_weight.as_ref().map_or(Ok(()), |weights| weights.check_classes(classes))
    }
}

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
    fn violation(self) -> Option<LearnerError> {
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
    fn violation(&self) -> Option<LearnerError> {
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
