//! Parameters of ensembles, checked: only `check` of each raw form makes a checked one.

use crate::learner::{Learner, LearnerError, MOST_NESTED, checked, defaults_of};
use crate::tree::{MaxFeatures, RawTreeParams};

/// Most members of one ensemble.
pub(super) const MOST_EACH: u32 = 10_000;

/// Largest learning rate of AdaBoost.
const MOST_RATE: f64 = 1e6;

/// Most plain models in all.
const MOST_MEMBERS: u64 = 100_000;

/// What a vote may weigh. Times a share of a vector, less would vanish and leave a mean of nothing; more would have no finite sum.
pub(super) const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Trees on bootstrap samples of the records and draws of the features, whose vectors are averaged.
///
/// These are its parameters, not yet checked; those of its trees stand beside its own.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawForestParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::RandomForest(RawForestParams { trees: 20, ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(
    rename = "random_forest",
    extend("x-source" = "Breiman, 2001; scikit-learn"),
    transform = of_trees::<Self>
)]
pub struct RawForestParams {
    /// Number of trees.
    #[schemars(range(min = 1, max = MOST_EACH), extend("x-unit" = "trees", "x-source" = "scikit-learn"))]
    pub trees: u32,
    /// Whether each tree is grown on as many records as there are, drawn with replacement, instead of all of them.
    #[schemars(extend("x-source" = "scikit-learn"))]
    pub bootstrap: bool,
    /// Each tree's own parameters. `max_features` is the square root unless told; `class_weight` counts the classes of
    /// the records that the tree is grown on.
    #[serde(flatten)]
    pub tree: RawTreeParams,
}

impl Default for RawForestParams {
    fn default() -> Self {
        let tree = RawTreeParams { max_features: Some(MaxFeatures::Sqrt), ..RawTreeParams::default() };
        Self { trees: 100, bootstrap: true, tree }
    }
}

/// AdaBoost (SAMME): trees in rounds, each on records weighed by the mistakes of those before.
///
/// These are its parameters, not yet checked; those of its trees stand beside its own.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawAdaBoostParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::AdaBoost(RawAdaBoostParams { rounds: 5, ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(
    rename = "ada_boost",
    extend("x-source" = "Zhu et al., 2009; scikit-learn"),
    transform = of_trees::<Self>
)]
pub struct RawAdaBoostParams {
    /// Most rounds; each grows a tree.
    #[schemars(range(min = 1, max = MOST_EACH), extend("x-unit" = "rounds", "x-source" = "scikit-learn"))]
    pub rounds: u32,
    /// What each tree's weight is multiplied by.
    #[schemars(range(max = MOST_RATE), extend("exclusiveMinimum" = 0, "x-source" = "scikit-learn"))]
    pub learning_rate: f64,
    /// Each tree's own parameters; one split unless told.
    #[serde(flatten)]
    pub tree: RawTreeParams,
}

impl Default for RawAdaBoostParams {
    fn default() -> Self {
        let tree = RawTreeParams { max_depth: Some(1), ..RawTreeParams::default() };
        Self { rounds: 50, learning_rate: 1.0, tree }
    }
}

/// Models of one learner, each on as many records as there are, drawn with replacement; their vectors are averaged.
///
/// These are its parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawBaggingParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::Bagging(RawBaggingParams::of(Learner::DecisionTree(Default::default())).check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "bagging", extend("x-source" = "Breiman, 1996; scikit-learn"))]
pub struct RawBaggingParams {
    /// What each model is. Ensembles nest four deep at most, and have 100,000 models in all at most.
    #[schemars(extend("examples" = ["knn"]))]
    pub learner: Box<Learner>,
    /// Number of models.
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = MOST_EACH), extend("x-unit" = "models", "x-source" = "scikit-learn"))]
    pub models: u32,
}

fn ten() -> u32 {
    10
}

impl RawBaggingParams {
    /// Ten models of that learner.
    #[must_use]
    pub fn of(learner: Learner) -> Self {
        Self { learner: Box::new(learner), models: ten() }
    }
}

/// Several learners, each on all records; their vectors are averaged.
///
/// These are its parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::RawSoftVotingParams;
/// use turncoat_learn::knn::RawKnnParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::SoftVoting(RawSoftVotingParams { learners: vec![Learner::Knn(RawKnnParams { k: 1, ..Default::default() }.check().unwrap())], weights: None }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "soft_voting", extend("x-source" = "scikit-learn (VotingClassifier, soft)"))]
pub struct RawSoftVotingParams {
    /// What votes.
    #[schemars(
        length(min = 1, max = MOST_EACH),
        extend("x-rule" = "have from 1 to 10,000 learners", "examples" = [["knn"]])
    )]
    pub learners: Vec<Learner>,
    /// What each learner's vector weighs, in their order; null for the same.
    #[serde(default)]
    #[schemars(inner(range(min = *WEIGHTS.start(), max = *WEIGHTS.end())), extend("x-source" = "scikit-learn"))]
    pub weights: Option<Vec<f64>>,
}

/// What the schema of an ensemble of trees says beyond its fields: the defaults of all keys, and that the engine is no choice.
fn of_trees<T: Default + serde::Serialize>(schema: &mut schemars::Schema) {
    defaults_of::<T>(schema);
    schema.get_mut("properties").and_then(serde_json::Value::as_object_mut).map(|keys| keys.remove("engine"));
}

checked! {
    /// Checked parameters of a random forest.
    #[derive(Default)]
    ForestParams of RawForestParams, "RawForestParams"
}
checked! {
    /// Checked parameters of AdaBoost.
    #[derive(Default)]
    AdaBoostParams of RawAdaBoostParams, "RawAdaBoostParams"
}
checked! {
    /// Checked parameters of bagging.
    BaggingParams of RawBaggingParams, "RawBaggingParams"
}
checked! {
    /// Checked parameters of soft voting.
    SoftVotingParams of RawSoftVotingParams, "RawSoftVotingParams"
}

impl RawForestParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<ForestParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        check_count("trees", self.trees, &mut violations);
        violations.extend(self.tree.clone().check().err().into_iter().flatten());
        if violations.is_empty() { Ok(ForestParams(self)) } else { Err(violations) }
    }
}

impl RawAdaBoostParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<AdaBoostParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        check_count("rounds", self.rounds, &mut violations);
        if !(self.learning_rate > 0.0 && self.learning_rate <= MOST_RATE) {
            let value = self.learning_rate.to_string();
            let rule = "above 0 and at most 1,000,000";
            violations.push(LearnerError::Parameter { parameter: "learning_rate", value, rule });
        }
        if self.tree.engine != crate::tree::Engine::Cart {
            let rule = "cart: the other engine knows no weights of records";
            violations.push(LearnerError::Parameter { parameter: "engine", value: "linfa".into(), rule });
        }
        violations.extend(self.tree.clone().check().err().into_iter().flatten());
        if violations.is_empty() { Ok(AdaBoostParams(self)) } else { Err(violations) }
    }
}

impl RawBaggingParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<BaggingParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        check_count("models", self.models, &mut violations);
        let members = self.learner.members().saturating_mul(u64::from(self.models));
        check_nesting("learner", self.learner.nesting(), members, &mut violations);
        if violations.is_empty() { Ok(BaggingParams(self)) } else { Err(violations) }
    }
}

impl RawSoftVotingParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<SoftVotingParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        if self.learners.is_empty() || self.learners.len() > MOST_EACH as usize {
            let value = format!("{} learners", self.learners.len());
            let rule = "from 1 to 10,000 learners";
            violations.push(LearnerError::Parameter { parameter: "learners", value, rule });
        }
        let nesting = self.learners.iter().map(Learner::nesting).max().unwrap_or(0);
        let members = self.learners.iter().map(Learner::members).fold(0, u64::saturating_add);
        check_nesting("learners", nesting, members, &mut violations);
        if let Some(weights) = &self.weights {
            let sound =
                weights.len() == self.learners.len() && weights.iter().all(|weight| WEIGHTS.contains(weight));
            if !sound {
                let value = format!("{weights:?}");
                let rule = "one weight for each learner, each from 1e-100 to 1e100";
                violations.push(LearnerError::Parameter { parameter: "weights", value, rule });
            }
        }
        if violations.is_empty() { Ok(SoftVotingParams(self)) } else { Err(violations) }
    }
}

fn check_count(parameter: &'static str, count: u32, violations: &mut Vec<LearnerError>) {
    if !(1..=MOST_EACH).contains(&count) {
        violations.push(LearnerError::Parameter {
            parameter,
            value: count.to_string(),
            rule: "from 1 to 10,000",
        });
    }
}

fn check_nesting(parameter: &'static str, nesting: u32, members: u64, violations: &mut Vec<LearnerError>) {
    if nesting >= MOST_NESTED {
        let value = format!("ensembles {nesting} deep");
        let rule = "at most 3 ensembles deep, so that the whole is at most 4";
        violations.push(LearnerError::Parameter { parameter, value, rule });
    }
    if members > MOST_MEMBERS {
        let value = format!("{members} models in all");
        violations.push(LearnerError::Parameter { parameter, value, rule: "at most 100,000 models in all" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::TreeParams;

    fn names(violations: Vec<LearnerError>) -> Vec<&'static str> {
        violations
            .into_iter()
            .map(|violation| match violation {
                LearnerError::Parameter { parameter, .. } => parameter,
                other => panic!("{other}"),
            })
            .collect()
    }

    fn tree() -> Learner {
        Learner::DecisionTree(TreeParams::default())
    }

    #[test]
    fn every_violation_is_told_at_once() {
        let tree = RawTreeParams { min_samples_leaf: 0, ccp_alpha: -1.0, ..RawTreeParams::default() };
        let forest = RawForestParams { trees: 0, tree: tree.clone(), ..RawForestParams::default() };
        assert_eq!(names(forest.check().unwrap_err()), ["trees", "min_samples_leaf", "ccp_alpha"]);
        let boost = RawAdaBoostParams { rounds: 10_001, learning_rate: f64::NAN, tree };
        let reported = names(boost.check().unwrap_err());
        assert_eq!(reported, ["rounds", "learning_rate", "min_samples_leaf", "ccp_alpha"]);
        let voting = RawSoftVotingParams { learners: vec![], weights: Some(vec![1.0]) };
        assert_eq!(names(voting.check().unwrap_err()), ["learners", "weights"]);
        let bagging = RawBaggingParams { models: 0, ..RawBaggingParams::of(self::tree()) };
        assert_eq!(names(bagging.check().unwrap_err()), ["models"]);
        for weights in [vec![1.0, 0.0], vec![f64::MAX, f64::MAX], vec![1e-320, 1e-320]] {
            let voting = RawSoftVotingParams { learners: vec![self::tree(); 2], weights: Some(weights) };
            assert_eq!(names(voting.check().unwrap_err()), ["weights"]);
        }
    }
}
