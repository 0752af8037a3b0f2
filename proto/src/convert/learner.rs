//! What to train: learners and training runs.

use turncoat_learn::{Learner, MOST_CLASSES, Seed};

use super::positive;
use crate::violation::Violation;
use crate::wire;

/// A training run.
#[derive(Clone, Debug, PartialEq)]
pub struct FitOrder {
    /// What to train.
    pub learner: Learner,
    /// Classes of the federation, at least 1.
    pub classes: u32,
    /// The key of the run's random draws.
    pub seed: Seed,
}

impl FitOrder {
    /// As a message.
    #[must_use]
    pub fn to_wire(&self) -> wire::FitRequest {
        wire::FitRequest {
            learner: serde_json::to_string(&self.learner).expect("parameters are numbers and words"),
            classes: self.classes,
            seed: self.seed.as_bytes().to_vec(),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: no learner or one that is not known, a parameter that is missing or out of bounds, no class or too many, or a
    /// seed that is not 32 bytes.
    pub fn from_wire(request: wire::FitRequest) -> Result<Self, Violation> {
        if request.learner.is_empty() {
            return Err(Violation::Missing { field: "learner" });
        }
        let learner = serde_json::from_str(&request.learner)
            .map_err(|error| Violation::Document { field: "learner", reason: error.to_string() })?;
        Ok(Self { learner, classes: countable(request.classes)?, seed: seed_from_wire(&request.seed)? })
    }
}

/// A number of classes that a vector can have.
fn countable(classes: u32) -> Result<u32, Violation> {
    if classes as usize > MOST_CLASSES {
        let value = classes.to_string();
        return Err(Violation::Value { field: "classes", value, rule: "at most 1,048,576" });
    }
    positive(classes, "classes")
}

fn seed_from_wire(bytes: &[u8]) -> Result<Seed, Violation> {
    let length = Violation::Length { field: "seed", got: bytes.len(), expected: 32 };
    <[u8; 32]>::try_from(bytes).map(Seed::from).map_err(|_| length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use turncoat_learn::ensemble::{
        RawAdaBoostParams, RawBaggingParams, RawForestParams, RawSoftVotingParams,
    };
    use turncoat_learn::knn::{RawKnnParams, Weights};
    use turncoat_learn::logistic::RawLogisticParams;
    use turncoat_learn::naive_bayes::{Distribution, RawNaiveBayesParams};
    use turncoat_learn::tree::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties};

    fn tree() -> RawTreeParams {
        RawTreeParams {
            max_depth: Some(7),
            min_samples_split: 4,
            min_samples_leaf: 3,
            min_impurity_decrease: 0.125,
            criterion: Criterion::Entropy,
            ccp_alpha: 0.25,
            ..RawTreeParams::default()
        }
    }

    /// One of each, none of its parameters at the default.
    fn learners() -> Vec<Learner> {
        let trees = [
            RawTreeParams { engine: Engine::Linfa, ..tree() },
            RawTreeParams { max_features: Some(MaxFeatures::Log2), ..tree() },
            RawTreeParams { ties: Ties::Random, ..tree() },
            RawTreeParams { max_features: Some(MaxFeatures::Count(3)), ..tree() },
            RawTreeParams { max_features: Some(MaxFeatures::Share(0.5)), ..tree() },
            RawTreeParams { class_weight: Some(ClassWeight::Balanced), ..tree() },
            RawTreeParams { class_weight: Some(ClassWeight::PerClass(vec![1.0, 2.5])), ..tree() },
        ];
        let mut learners: Vec<Learner> =
            trees.into_iter().map(|raw| Learner::DecisionTree(raw.check().unwrap())).collect();
        let knn = RawKnnParams { k: 7, weights: Weights::Distance };
        learners.push(Learner::Knn(knn.check().unwrap()));
        let logistic = RawLogisticParams { c: 0.5, max_iterations: 9, tolerance: 1e-3 };
        learners.push(Learner::LogisticRegression(logistic.check().unwrap()));
        let bayes = RawNaiveBayesParams {
            distribution: Distribution::Bernoulli,
            var_smoothing: 1e-8,
            alpha: 0.5,
            threshold: 0.25,
        };
        learners.push(Learner::NaiveBayes(bayes.check().unwrap()));
        let forest = RawForestParams { trees: 3, bootstrap: false, tree: tree() };
        learners.push(Learner::RandomForest(forest.check().unwrap()));
        let boost = RawAdaBoostParams { rounds: 3, learning_rate: 0.5, tree: tree() };
        learners.push(Learner::AdaBoost(boost.check().unwrap()));
        let bagging = RawBaggingParams { models: 3, ..RawBaggingParams::of(learners[6].clone()) };
        learners.push(Learner::Bagging(bagging.check().unwrap()));
        let weights = (0..learners.len()).map(|place| 1.0 + place as f64).collect();
        let votes = [None, Some(weights)].map(|weights| {
            let voting = RawSoftVotingParams { learners: learners.clone(), weights };
            Learner::SoftVoting(voting.check().unwrap())
        });
        learners.extend(votes);
        learners
    }

    fn order() -> FitOrder {
        let learner = Learner::DecisionTree(tree().check().unwrap());
        FitOrder { learner, classes: 10, seed: Seed::root(8).child("party", 3) }
    }

    #[test]
    fn an_order_survives_the_wire() {
        for learner in learners() {
            let order = FitOrder { learner, ..order() };
            assert_eq!(FitOrder::from_wire(order.to_wire()).unwrap(), order);
        }
        let plain = FitOrder { learner: Learner::DecisionTree(Default::default()), ..order() };
        assert_eq!(FitOrder::from_wire(plain.to_wire()).unwrap(), plain);
    }

    #[test]
    fn each_bad_field_is_named() {
        let says = |change: &dyn Fn(&mut wire::FitRequest)| {
            let mut request = order().to_wire();
            change(&mut request);
            FitOrder::from_wire(request).unwrap_err().to_string()
        };
        assert!(says(&|request| request.classes = 0).contains("classes is 0"));
        assert!(says(&|request| request.classes = 1 << 21).contains("classes is 2097152: at most 1,048,576"));
        assert!(says(&|request| request.seed.truncate(31)).contains("seed has 31 entries"));
        assert!(says(&|request| request.learner.clear()).contains("learner is missing"));
        let learner = |text: &str| says(&|request| request.learner = text.into());
        let reported = learner("{\"svm\":{}}");
        assert!(
            reported.contains("learner: unknown variant `svm`") && reported.contains("`decision_tree`"),
            "{reported}"
        );
        assert!(learner("{\"knn\":{\"kk\":1}}").contains("learner: unknown field `kk`"));
        assert!(learner("{\"knn\":{\"k\":0}}").contains("learner: k is 0: at least 1"));
        assert!(learner("{\"knn\":{\"k\":-1}}").contains("learner: invalid value"));
        let tree = learner("{\"decision_tree\":{\"criterion\":\"ginny\"}}");
        assert!(tree.contains("unknown variant `ginny`"), "{tree}");
        assert!(learner("knn").contains("learner: expected"));
        let deep =
            format!("{}{}", "{\"bagging\":{\"models\":1,\"learner\":".repeat(5_000), "}}".repeat(5_000));
        assert!(learner(&deep).contains("recursion limit"));
    }
}
