//! What is trained: by a party, for a shadow model, as an attack model.

use turncoat_learn::Learner;
use turncoat_learn::ensemble::{RawAdaBoostParams, RawBaggingParams, RawForestParams, RawSoftVotingParams};
use turncoat_learn::knn::{RawKnnParams, Weights};
use turncoat_learn::logistic::RawLogisticParams;
use turncoat_learn::naive_bayes::{Distribution, RawNaiveBayesParams};
use turncoat_learn::tree::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties};

use super::given::Given;
use crate::scenario::reader::{At, Reader};
use crate::scenario::yaml::{Scalar, Value};

const LEARNERS: [&str; 8] = [
    "decision_tree",
    "knn",
    "logistic_regression",
    "naive_bayes",
    "random_forest",
    "ada_boost",
    "bagging",
    "soft_voting",
];
const CRITERIA: [(&str, Criterion); 2] = [("gini", Criterion::Gini), ("entropy", Criterion::Entropy)];
const ENGINES: [(&str, Engine); 2] = [("cart", Engine::Cart), ("linfa", Engine::Linfa)];
const TIES: [(&str, Ties); 2] = [("lowest", Ties::Lowest), ("random", Ties::Random)];
const WEIGHTS: [(&str, Weights); 2] = [("uniform", Weights::Uniform), ("distance", Weights::Distance)];
const DISTRIBUTIONS: [(&str, Distribution); 2] =
    [("gaussian", Distribution::Gaussian), ("bernoulli", Distribution::Bernoulli)];
/// What a tree takes, alone or in an ensemble.
const TREE: [&str; 9] = [
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "min_impurity_decrease",
    "criterion",
    "ccp_alpha",
    "max_features",
    "class_weight",
    "ties",
];
/// Learners within learners that are read; the checked parameters allow fewer.
const DEEPEST: u32 = 8;

/// Reads a learner with its parameters.
pub(in crate::scenario) fn learner(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Learner> {
    within(reader, at, 0)
}

fn within(reader: &mut Reader<'_>, at: &At<'_>, depth: u32) -> Option<Learner> {
    let (tag, body) = reader.tagged(at, &LEARNERS)?;
    match tag {
        "decision_tree" => decision_tree(reader, body),
        "knn" => knn(reader, body),
        "logistic_regression" => logistic_regression(reader, body),
        "naive_bayes" => naive_bayes(reader, body),
        "random_forest" => random_forest(reader, body),
        "ada_boost" => ada_boost(reader, body),
        _ if depth == DEEPEST => {
            reader.refuse(at, "an ensemble too deep within others");
            None
        }
        "bagging" => bagging(reader, body, depth + 1),
        _ => soft_voting(reader, body, depth + 1),
    }
}

fn decision_tree(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&TREE, &["engine"]])?;
    let mut raw = tree(&mut given, RawTreeParams::default());
    raw.engine = given.word("engine", &ENGINES, raw.engine);
    given.checked(raw.check()).map(Learner::DecisionTree)
}

fn tree(given: &mut Given<'_, '_, '_>, unless_told: RawTreeParams) -> RawTreeParams {
    RawTreeParams {
        max_depth: given.bound("max_depth", unless_told.max_depth),
        min_samples_split: given.count("min_samples_split", unless_told.min_samples_split),
        min_samples_leaf: given.count("min_samples_leaf", unless_told.min_samples_leaf),
        min_impurity_decrease: given.number("min_impurity_decrease", unless_told.min_impurity_decrease),
        criterion: given.word("criterion", &CRITERIA, unless_told.criterion),
        engine: unless_told.engine,
        ccp_alpha: given.number("ccp_alpha", unless_told.ccp_alpha),
        max_features: given.read("max_features", unless_told.max_features, max_features),
        class_weight: given.read("class_weight", unless_told.class_weight, class_weight),
        ties: given.word("ties", &TIES, unless_told.ties),
    }
}

/// `sqrt`, `log2`, a whole number, a share, or null for all.
fn max_features(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Option<MaxFeatures>> {
    match at.value {
        Value::Scalar(Scalar::Null, _) => Some(None),
        Value::Scalar(Scalar::Int(_), _) => {
            reader.whole_u32(at, 0..=u32::MAX).map(|count| Some(MaxFeatures::Count(count)))
        }
        Value::Scalar(Scalar::Float(_), _) => reader.number(at).map(|share| Some(MaxFeatures::Share(share))),
        Value::Scalar(Scalar::Text(text), _) if text == "sqrt" => Some(Some(MaxFeatures::Sqrt)),
        Value::Scalar(Scalar::Text(text), _) if text == "log2" => Some(Some(MaxFeatures::Log2)),
        _ => {
            reader.refuse(at, "must be `sqrt`, `log2`, a whole number, a share such as 0.3, or null for all");
            None
        }
    }
}

/// `balanced`, a list of weights, or null for none.
fn class_weight(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Option<ClassWeight>> {
    match at.value {
        Value::Scalar(Scalar::Null, _) => Some(None),
        Value::Scalar(Scalar::Text(text), _) if text == "balanced" => Some(Some(ClassWeight::Balanced)),
        Value::List(_) => numbers(reader, at).map(|weights| Some(ClassWeight::PerClass(weights))),
        _ => {
            reader.refuse(at, "must be `balanced`, a list of one weight for each class, or null");
            None
        }
    }
}

fn numbers(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Vec<f64>> {
    let list = reader.list(at)?;
    // All entries are read before the first violation is given way to.
    let list: Vec<_> = list.iter().map(|at| reader.number(at)).collect();
    list.into_iter().collect()
}

fn knn(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&["k", "weights"]])?;
    let unless_told = RawKnnParams::default();
    let raw = RawKnnParams {
        k: given.count("k", unless_told.k),
        weights: given.word("weights", &WEIGHTS, unless_told.weights),
    };
    given.checked(raw.check()).map(Learner::Knn)
}

fn logistic_regression(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&["c", "max_iterations", "tolerance"]])?;
    let unless_told = RawLogisticParams::default();
    let raw = RawLogisticParams {
        c: given.number("c", unless_told.c),
        max_iterations: given.count("max_iterations", unless_told.max_iterations),
        tolerance: given.number("tolerance", unless_told.tolerance),
    };
    given.checked(raw.check()).map(Learner::LogisticRegression)
}

fn naive_bayes(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&["distribution", "var_smoothing", "alpha", "threshold"]])?;
    let unless_told = RawNaiveBayesParams::default();
    let raw = RawNaiveBayesParams {
        distribution: given.word("distribution", &DISTRIBUTIONS, unless_told.distribution),
        var_smoothing: given.number("var_smoothing", unless_told.var_smoothing),
        alpha: given.number("alpha", unless_told.alpha),
        threshold: given.number("threshold", unless_told.threshold),
    };
    given.checked(raw.check()).map(Learner::NaiveBayes)
}

fn random_forest(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&TREE, &["trees", "bootstrap"]])?;
    let unless_told = RawForestParams::default();
    let raw = RawForestParams {
        trees: given.count("trees", unless_told.trees),
        bootstrap: given.flag("bootstrap", unless_told.bootstrap),
        tree: tree(&mut given, unless_told.tree),
    };
    given.checked(raw.check()).map(Learner::RandomForest)
}

fn ada_boost(reader: &mut Reader<'_>, body: At<'_>) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&TREE, &["rounds", "learning_rate"]])?;
    let unless_told = RawAdaBoostParams::default();
    let raw = RawAdaBoostParams {
        rounds: given.count("rounds", unless_told.rounds),
        learning_rate: given.number("learning_rate", unless_told.learning_rate),
        tree: tree(&mut given, unless_told.tree),
    };
    given.checked(raw.check()).map(Learner::AdaBoost)
}

fn bagging(reader: &mut Reader<'_>, body: At<'_>, depth: u32) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&["learner", "models"]])?;
    let of = given.required("learner", "what each model is", |reader, at| within(reader, at, depth));
    // What stands in for a learner that could not be read breaks no rule, so that the rest is checked all the same.
    let unless_told = RawBaggingParams::of(of.unwrap_or(Learner::Knn(Default::default())));
    let raw = RawBaggingParams { models: given.count("models", unless_told.models), ..unless_told };
    given.checked(raw.check()).map(Learner::Bagging)
}

fn soft_voting(reader: &mut Reader<'_>, body: At<'_>, depth: u32) -> Option<Learner> {
    let mut given = Given::new(reader, body, &[&["learners", "weights"]])?;
    let learners = given.required("learners", "the list of what votes", |reader, at| {
        let list = reader.list(at)?;
        let list: Vec<_> = list.iter().map(|at| within(reader, at, depth)).collect();
        list.into_iter().collect::<Option<Vec<_>>>()
    });
    let weights =
        given.read(
            "weights",
            None,
            |reader, at| {
                if at.is_null() { Some(None) } else { numbers(reader, at).map(Some) }
            },
        );
    let raw = RawSoftVotingParams { learners: learners?, weights };
    given.checked(raw.check()).map(Learner::SoftVoting)
}
