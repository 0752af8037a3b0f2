//! A learner with every parameter.

use turncoat_learn::Learner;
use turncoat_learn::knn::Weights;
use turncoat_learn::naive_bayes::Distribution;
use turncoat_learn::tree::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties};

use super::tagged;
use crate::scenario::write::Out;

pub(super) fn learner(given: &Learner) -> Out {
    let body = match given {
        Learner::DecisionTree(params) => {
            let engine = match params.get().engine {
                Engine::Cart => "cart",
                Engine::Linfa => "linfa",
            };
            Out::map(tree(params.get()).into_iter().chain([("engine", Out::plain(engine))]))
        }
        Learner::Knn(params) => {
            let weights = match params.get().weights {
                Weights::Uniform => "uniform",
                Weights::Distance => "distance",
            };
            Out::map([("k", Out::plain(params.get().k)), ("weights", Out::plain(weights))])
        }
        Learner::LogisticRegression(params) => {
            let params = params.get();
            Out::map([
                ("c", Out::number(params.c)),
                ("max_iterations", Out::plain(params.max_iterations)),
                ("tolerance", Out::number(params.tolerance)),
            ])
        }
        Learner::NaiveBayes(params) => {
            let params = params.get();
            let distribution = match params.distribution {
                Distribution::Gaussian => "gaussian",
                Distribution::Bernoulli => "bernoulli",
            };
            Out::map([
                ("distribution", Out::plain(distribution)),
                ("var_smoothing", Out::number(params.var_smoothing)),
                ("alpha", Out::number(params.alpha)),
                ("threshold", Out::number(params.threshold)),
            ])
        }
        Learner::RandomForest(params) => {
            let params = params.get();
            let own = [("trees", Out::plain(params.trees)), ("bootstrap", Out::plain(params.bootstrap))];
            Out::map(own.into_iter().chain(tree(&params.tree)))
        }
        Learner::AdaBoost(params) => {
            let params = params.get();
            let own =
                [("rounds", Out::plain(params.rounds)), ("learning_rate", Out::number(params.learning_rate))];
            Out::map(own.into_iter().chain(tree(&params.tree)))
        }
        Learner::Bagging(params) => {
            let params = params.get();
            Out::map([("learner", learner(&params.learner)), ("models", Out::plain(params.models))])
        }
        Learner::SoftVoting(params) => {
            let params = params.get();
            let weights = params.weights.as_deref().map_or_else(|| Out::plain("null"), numbers);
            Out::map([
                ("learners", Out::List(params.learners.iter().map(learner).collect())),
                ("weights", weights),
            ])
        }
    };
    tagged(given.name(), body)
}

/// What a tree takes, alone or in an ensemble.
fn tree(params: &RawTreeParams) -> [(&'static str, Out); 9] {
    let criterion = match params.criterion {
        Criterion::Gini => "gini",
        Criterion::Entropy => "entropy",
    };
    let ties = match params.ties {
        Ties::Lowest => "lowest",
        Ties::Random => "random",
    };
    let max_features = match params.max_features {
        None => Out::plain("null"),
        Some(MaxFeatures::Sqrt) => Out::plain("sqrt"),
        Some(MaxFeatures::Log2) => Out::plain("log2"),
        Some(MaxFeatures::Count(count)) => Out::plain(count),
        Some(MaxFeatures::Share(share)) => Out::number(share),
    };
    let class_weight = match &params.class_weight {
        None => Out::plain("null"),
        Some(ClassWeight::Balanced) => Out::plain("balanced"),
        Some(ClassWeight::PerClass(weights)) => numbers(weights),
    };
    [
        ("max_depth", Out::optional(params.max_depth)),
        ("min_samples_split", Out::plain(params.min_samples_split)),
        ("min_samples_leaf", Out::plain(params.min_samples_leaf)),
        ("min_impurity_decrease", Out::number(params.min_impurity_decrease)),
        ("criterion", Out::plain(criterion)),
        ("ccp_alpha", Out::number(params.ccp_alpha)),
        ("max_features", max_features),
        ("class_weight", class_weight),
        ("ties", Out::plain(ties)),
    ]
}

fn numbers(values: &[f64]) -> Out {
    Out::List(values.iter().map(|value| Out::number(*value)).collect())
}
