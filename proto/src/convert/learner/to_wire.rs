//! Learners as messages.

use turncoat_learn::Learner;
use turncoat_learn::knn::Weights;
use turncoat_learn::naive_bayes::Distribution;
use turncoat_learn::tree::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties};

use crate::wire::{self, learner::Kind, max_features::Rule};

pub(super) fn learner(learner: &Learner) -> wire::Learner {
    let kind = match learner {
        Learner::DecisionTree(params) => Kind::DecisionTree(tree(params.get())),
        Learner::Knn(params) => {
            let params = params.get();
            let weights = match params.weights {
                Weights::Uniform => wire::NeighbourWeights::Uniform,
                Weights::Distance => wire::NeighbourWeights::Distance,
            };
            Kind::Knn(wire::Knn { k: params.k, weights: weights as i32 })
        }
        Learner::LogisticRegression(params) => {
            let params = params.get();
            Kind::LogisticRegression(wire::LogisticRegression {
                c: params.c,
                max_iterations: params.max_iterations,
                tolerance: params.tolerance,
            })
        }
        Learner::NaiveBayes(params) => {
            let params = params.get();
            let distribution = match params.distribution {
                Distribution::Gaussian => wire::Distribution::Gaussian,
                Distribution::Bernoulli => wire::Distribution::Bernoulli,
            };
            Kind::NaiveBayes(wire::NaiveBayes {
                distribution: distribution as i32,
                var_smoothing: params.var_smoothing,
                alpha: params.alpha,
                threshold: params.threshold,
            })
        }
        Learner::RandomForest(params) => {
            let params = params.get();
            Kind::RandomForest(wire::RandomForest {
                trees: params.trees,
                bootstrap: params.bootstrap,
                tree: Some(tree(&params.tree)),
            })
        }
        Learner::AdaBoost(params) => {
            let params = params.get();
            Kind::AdaBoost(wire::AdaBoost {
                rounds: params.rounds,
                learning_rate: params.learning_rate,
                tree: Some(tree(&params.tree)),
            })
        }
        Learner::Bagging(params) => {
            let params = params.get();
            let learner = Some(Box::new(self::learner(&params.learner)));
            Kind::Bagging(Box::new(wire::Bagging { learner, models: params.models }))
        }
        Learner::SoftVoting(params) => {
            let params = params.get();
            Kind::SoftVoting(wire::SoftVoting {
                learners: params.learners.iter().map(self::learner).collect(),
                weights: params.weights.clone().unwrap_or_default(),
            })
        }
    };
    wire::Learner { kind: Some(kind) }
}

fn tree(params: &RawTreeParams) -> wire::DecisionTree {
    wire::DecisionTree {
        max_depth: params.max_depth,
        min_samples_split: params.min_samples_split,
        min_samples_leaf: params.min_samples_leaf,
        min_impurity_decrease: params.min_impurity_decrease,
        criterion: match params.criterion {
            Criterion::Gini => wire::Criterion::Gini,
            Criterion::Entropy => wire::Criterion::Entropy,
        } as i32,
        engine: match params.engine {
            Engine::Cart => wire::Engine::Cart,
            Engine::Linfa => wire::Engine::Linfa,
        } as i32,
        ccp_alpha: params.ccp_alpha,
        max_features: params.max_features.map(|rule| wire::MaxFeatures {
            rule: Some(match rule {
                MaxFeatures::Sqrt => Rule::Sqrt(true),
                MaxFeatures::Log2 => Rule::Log2(true),
                MaxFeatures::Count(count) => Rule::Count(count),
                MaxFeatures::Share(share) => Rule::Share(share),
            }),
        }),
        class_weight: params.class_weight.as_ref().map(|weight| wire::ClassWeight {
            weights: match weight {
                ClassWeight::Balanced => Vec::new(),
                ClassWeight::PerClass(weights) => weights.clone(),
            },
        }),
        ties: match params.ties {
            Ties::Lowest => wire::Ties::Lowest,
            Ties::Random => wire::Ties::Random,
        } as i32,
    }
}
