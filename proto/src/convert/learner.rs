//! What to train: learners and training runs.

use turncoat_learn::{Learner, MOST_CLASSES, Seed};

mod from_wire;
mod to_wire;

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
            learner: Some(to_wire::learner(&self.learner)),
            classes: self.classes,
            seed: seed_to_wire(self.seed),
        }
    }

    /// Of a message.
    ///
    /// # Errors
    /// [`Violation`]: an absent learner, a parameter out of bounds, no class or too many, or a seed that is not 32 bytes.
    pub fn from_wire(request: wire::FitRequest) -> Result<Self, Violation> {
        let learner = from_wire::learner(request.learner)?;
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

fn seed_to_wire(seed: Seed) -> Vec<u8> {
    let digits = seed.to_string().into_bytes();
    let value = |digit: u8| (digit as char).to_digit(16).map_or(0, |value| value as u8);
    digits.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn seed_from_wire(bytes: &[u8]) -> Result<Seed, Violation> {
    if bytes.len() != 32 {
        return Err(Violation::Length { field: "seed", got: bytes.len(), expected: 32 });
    }
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digits.parse().expect("32 bytes are 64 hexadecimal digits"))
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
        let says = |change: &dyn Fn(&mut wire::FitRequest, &mut wire::DecisionTree)| {
            let mut request = order().to_wire();
            let Some(wire::learner::Kind::DecisionTree(mut tree)) = request.learner.take().unwrap().kind
            else {
                panic!("a tree was ordered")
            };
            change(&mut request, &mut tree);
            request.learner = Some(wire::Learner { kind: Some(wire::learner::Kind::DecisionTree(tree)) });
            FitOrder::from_wire(request).unwrap_err().to_string()
        };
        assert!(says(&|request, _| request.classes = 0).contains("classes is 0"));
        assert!(
            says(&|request, _| request.classes = 1 << 21).contains("classes is 2097152: at most 1,048,576")
        );
        assert!(says(&|request, _| request.seed.truncate(31)).contains("seed has 31 entries"));
        assert!(says(&|_, tree| tree.criterion = 0).contains("criterion is 0: gini or entropy"));
        assert!(says(&|_, tree| tree.engine = 99).contains("engine is 99"));
        assert!(says(&|_, tree| tree.min_samples_split = 1).contains("min_samples_split"));
        assert!(says(&|_, tree| tree.min_impurity_decrease = f64::NAN).contains("min_impurity_decrease"));
        assert!(says(&|_, tree| tree.ccp_alpha = -1.0).contains("ccp_alpha"));
        assert!(says(&|_, tree| tree.ties = 7).contains("ties is 7: lowest or random"));
        let no_rule = Some(wire::MaxFeatures { rule: None });
        assert!(says(&|_, tree| tree.max_features = no_rule).contains("max_features names no rule"));
        let none = wire::FitRequest { learner: None, ..order().to_wire() };
        assert!(FitOrder::from_wire(none).unwrap_err().to_string().contains("learner is missing"));
    }

    #[test]
    fn bad_fields_of_the_other_learners_are_named() {
        use wire::learner::Kind;
        let says = |kind| {
            let learner = Some(wire::Learner { kind: Some(kind) });
            FitOrder::from_wire(wire::FitRequest { learner, ..order().to_wire() }).unwrap_err().to_string()
        };
        assert!(says(Kind::Knn(wire::Knn { k: 5, weights: 0 })).contains("learner.knn.weights is 0"));
        assert!(says(Kind::Knn(wire::Knn { k: 0, weights: 1 })).contains("k is 0"));
        let logistic = wire::LogisticRegression { c: f64::NAN, max_iterations: 5, tolerance: 1e-4 };
        assert!(says(Kind::LogisticRegression(logistic)).contains("c is NaN"));
        let bayes = wire::NaiveBayes { distribution: 9, var_smoothing: 0.0, alpha: 1.0, threshold: 0.0 };
        assert!(says(Kind::NaiveBayes(bayes)).contains("learner.naive_bayes.distribution is 9"));
        let forest = wire::RandomForest { trees: 3, bootstrap: true, tree: None };
        assert!(says(Kind::RandomForest(forest)).contains("learner.random_forest.tree is missing"));
        let boost = wire::AdaBoost { rounds: 3, learning_rate: 1.0, tree: None };
        assert!(says(Kind::AdaBoost(boost)).contains("learner.ada_boost.tree is missing"));
        let bagging = wire::Bagging { learner: None, models: 3 };
        assert!(says(Kind::Bagging(Box::new(bagging))).contains("learner is missing"));
        let voting = wire::SoftVoting { learners: vec![], weights: vec![] };
        assert!(says(Kind::SoftVoting(voting)).contains("0 learners"));
    }
}
