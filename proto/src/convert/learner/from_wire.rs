//! Learners of messages: every parameter checked, each violation named by the field where it stands.

use turncoat_learn::ensemble::{RawAdaBoostParams, RawBaggingParams, RawForestParams, RawSoftVotingParams};
use turncoat_learn::knn::{RawKnnParams, Weights};
use turncoat_learn::logistic::RawLogisticParams;
use turncoat_learn::naive_bayes::{Distribution, RawNaiveBayesParams};
use turncoat_learn::tree::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties};
use turncoat_learn::{Learner, LearnerError};

use crate::violation::Violation;
use crate::wire::{self, learner::Kind, max_features::Rule};

pub(super) fn learner(learner: Option<wire::Learner>) -> Result<Learner, Violation> {
    let kind = learner.and_then(|learner| learner.kind).ok_or(Violation::Missing { field: "learner" })?;
    match kind {
        Kind::DecisionTree(params) => {
            let raw = tree("learner.decision_tree", params)?;
            checked("learner.decision_tree", raw.check()).map(Learner::DecisionTree)
        }
        Kind::Knn(params) => {
            let weights = match params.weights() {
                wire::NeighbourWeights::Uniform => Weights::Uniform,
                wire::NeighbourWeights::Distance => Weights::Distance,
                wire::NeighbourWeights::Unspecified => {
                    return Err(unknown("learner.knn.weights", params.weights, "uniform or distance"));
                }
            };
            checked("learner.knn", RawKnnParams { k: params.k, weights }.check()).map(Learner::Knn)
        }
        Kind::LogisticRegression(params) => {
            let wire::LogisticRegression { c, max_iterations, tolerance } = params;
            let raw = RawLogisticParams { c, max_iterations, tolerance };
            checked("learner.logistic_regression", raw.check()).map(Learner::LogisticRegression)
        }
        Kind::NaiveBayes(params) => {
            let distribution = match params.distribution() {
                wire::Distribution::Gaussian => Distribution::Gaussian,
                wire::Distribution::Bernoulli => Distribution::Bernoulli,
                wire::Distribution::Unspecified => {
                    let field = "learner.naive_bayes.distribution";
                    return Err(unknown(field, params.distribution, "gaussian or bernoulli"));
                }
            };
            let wire::NaiveBayes { var_smoothing, alpha, threshold, .. } = params;
            let raw = RawNaiveBayesParams { distribution, var_smoothing, alpha, threshold };
            checked("learner.naive_bayes", raw.check()).map(Learner::NaiveBayes)
        }
        Kind::RandomForest(params) => {
            let tree = of_ensemble("learner.random_forest.tree", params.tree)?;
            let raw = RawForestParams { trees: params.trees, bootstrap: params.bootstrap, tree };
            checked("learner.random_forest", raw.check()).map(Learner::RandomForest)
        }
        Kind::AdaBoost(params) => {
            let tree = of_ensemble("learner.ada_boost.tree", params.tree)?;
            let raw = RawAdaBoostParams { rounds: params.rounds, learning_rate: params.learning_rate, tree };
            checked("learner.ada_boost", raw.check()).map(Learner::AdaBoost)
        }
        Kind::Bagging(params) => {
            let learner = Box::new(self::learner(params.learner.map(|learner| *learner))?);
            let raw = RawBaggingParams { learner, models: params.models };
            checked("learner.bagging", raw.check()).map(Learner::Bagging)
        }
        Kind::SoftVoting(params) => {
            let learners = params.learners.into_iter().map(|learner| self::learner(Some(learner)));
            let learners = learners.collect::<Result<Vec<_>, _>>()?;
            let weights = Some(params.weights).filter(|weights| !weights.is_empty());
            checked("learner.soft_voting", RawSoftVotingParams { learners, weights }.check())
                .map(Learner::SoftVoting)
        }
    }
}

fn of_ensemble(field: &'static str, params: Option<wire::DecisionTree>) -> Result<RawTreeParams, Violation> {
    tree(field, params.ok_or(Violation::Missing { field })?)
}

fn tree(field: &'static str, tree: wire::DecisionTree) -> Result<RawTreeParams, Violation> {
    let criterion = match tree.criterion() {
        wire::Criterion::Gini => Criterion::Gini,
        wire::Criterion::Entropy => Criterion::Entropy,
        wire::Criterion::Unspecified => {
            return Err(value(field, format!("criterion is {}", tree.criterion), "gini or entropy"));
        }
    };
    let engine = match tree.engine() {
        wire::Engine::Cart => Engine::Cart,
        wire::Engine::Linfa => Engine::Linfa,
        wire::Engine::Unspecified => {
            return Err(value(field, format!("engine is {}", tree.engine), "cart or linfa"));
        }
    };
    let ties = match wire::Ties::try_from(tree.ties) {
        Ok(wire::Ties::Unspecified | wire::Ties::Lowest) => Ties::Lowest,
        Ok(wire::Ties::Random) => Ties::Random,
        Err(_) => return Err(value(field, format!("ties is {}", tree.ties), "lowest or random")),
    };
    let max_features = match tree.max_features.map(|choice| choice.rule) {
        None => None,
        Some(Some(Rule::Sqrt(true))) => Some(MaxFeatures::Sqrt),
        Some(Some(Rule::Log2(true))) => Some(MaxFeatures::Log2),
        Some(Some(Rule::Count(count))) => Some(MaxFeatures::Count(count)),
        Some(Some(Rule::Share(share))) => Some(MaxFeatures::Share(share)),
        Some(None | Some(Rule::Sqrt(false) | Rule::Log2(false))) => {
            return Err(value(field, "max_features names no rule".into(), "sqrt, log2, a count or a share"));
        }
    };
    let class_weight = tree.class_weight.map(|weight| match weight.weights {
        weights if weights.is_empty() => ClassWeight::Balanced,
        weights => ClassWeight::PerClass(weights),
    });
    Ok(RawTreeParams {
        max_depth: tree.max_depth,
        min_samples_split: tree.min_samples_split,
        min_samples_leaf: tree.min_samples_leaf,
        min_impurity_decrease: tree.min_impurity_decrease,
        criterion,
        engine,
        ccp_alpha: tree.ccp_alpha,
        max_features,
        class_weight,
        ties,
    })
}

fn checked<P>(field: &'static str, checked: Result<P, Vec<LearnerError>>) -> Result<P, Violation> {
    checked.map_err(|violations| {
        let told: Vec<String> = violations.iter().map(ToString::to_string).collect();
        value(field, told.join("; "), "parameters within their bounds")
    })
}

fn unknown(field: &'static str, number: i32, rule: &'static str) -> Violation {
    value(field, number.to_string(), rule)
}

fn value(field: &'static str, value: String, rule: &'static str) -> Violation {
    Violation::Value { field, value, rule }
}
