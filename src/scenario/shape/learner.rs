//! What parties train, what shadow models are made of, what learns an attack.

use schemars::JsonSchema;

/// What is trained. Conventions and, where nothing else is said, defaults are scikit-learn's.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    rename = "learner",
    extend("x-choice" = true, "examples" = ["decision_tree", {"knn": {"k": 3}}])
)]
pub(super) struct Learner {
    decision_tree: DecisionTree,
    knn: Knn,
    logistic_regression: LogisticRegression,
    naive_bayes: NaiveBayes,
    random_forest: RandomForest,
    ada_boost: AdaBoost,
    bagging: Bagging,
    soft_voting: SoftVoting,
}

/// A map of what a tree takes, alone or in an ensemble, with the defaults of its depth and of the features it looks at.
macro_rules! tree {
    (
        $(#[$of:meta])* struct $name:ident;
        max_depth: $depth:expr, $depth_source:literal;
        max_features: $features:expr;
        $($(#[$own:meta])* $key:ident: $type:ty,)*
    ) => {
        #[derive(JsonSchema)]
        $(#[$of])*
        #[schemars(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$own])* $key: $type,)*
            /// Largest number of splits on a path; null for no bound.
            #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = $depth, "x-unit" = "splits", "x-source" = $depth_source))]
            max_depth: Option<u32>,
            /// Fewest records that a node needs to be split.
            #[schemars(range(min = 2, max = 4_294_967_295_u32), extend("default" = 2, "x-unit" = "records", "x-source" = "scikit-learn"))]
            min_samples_split: u32,
            /// Fewest records on each side of a split.
            #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 1, "x-unit" = "records", "x-source" = "scikit-learn"))]
            min_samples_leaf: u32,
            /// Smallest weighted drop of impurity that a split must bring, in units of the criterion.
            #[schemars(range(min = 0), extend("default" = 0.0, "x-source" = "scikit-learn"))]
            min_impurity_decrease: f64,
            #[schemars(extend("default" = "gini", "x-source" = "scikit-learn"))]
            criterion: Criterion,
            /// Complexity at which minimal cost-complexity pruning stops; 0 prunes nothing.
            #[schemars(range(min = 0), extend("default" = 0.0, "x-source" = "Breiman et al., 1984, section 3.3; scikit-learn"))]
            ccp_alpha: f64,
            /// How many features each node draws and looks at: `sqrt`, `log2`, a whole number, a share of them such as 0.3, or null for
            /// all.
            #[schemars(extend("default" = $features, "x-unit" = "features", "x-source" = "scikit-learn"))]
            max_features: Option<MaxFeatures>,
            /// What the records of a class weigh: `balanced` gives each class the same weight as a whole, a list has one weight for each
            /// class, null is 1 for all.
            #[schemars(extend("default" = (), "x-source" = "scikit-learn"))]
            class_weight: Option<ClassWeight>,
            /// Which of equally good splits on different features a node takes. scikit-learn draws: `random`. With `lowest`, trees of similar
            /// records are more alike than its.
            #[schemars(extend("default" = "lowest"))]
            ties: Ties,
        }
    };
}

tree! {
    /// A classification tree (CART). With `min_samples_leaf` of 1 it fits its training records perfectly, where no two of them are the
    /// same with different classes.
    #[schemars(rename = "decision_tree", extend("x-source" = "Breiman et al., 1984; scikit-learn"))]
    struct DecisionTree;
    max_depth: (), "scikit-learn";
    max_features: ();
    #[schemars(extend("default" = "cart"))]
    engine: Engine,
}

tree! {
    /// Trees on bootstrap samples of the records and draws of the features, whose vectors are averaged.
    #[schemars(rename = "random_forest", extend("x-source" = "Breiman, 2001; scikit-learn"))]
    struct RandomForest;
    max_depth: (), "scikit-learn";
    max_features: "sqrt";
    /// Number of trees.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 100, "x-unit" = "trees", "x-source" = "scikit-learn"))]
    trees: u32,
    /// Whether each tree is grown on as many records as there are, drawn with replacement, instead of all of them.
    #[schemars(extend("default" = true, "x-source" = "scikit-learn"))]
    bootstrap: bool,
}

tree! {
    /// AdaBoost (SAMME): trees in rounds, each on records weighed by the mistakes of those before.
    #[schemars(rename = "ada_boost", extend("x-source" = "Zhu et al., 2009; scikit-learn"))]
    struct AdaBoost;
    max_depth: 1, "scikit-learn";
    max_features: ();
    /// Most rounds; each grows a tree.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 50, "x-unit" = "rounds", "x-source" = "scikit-learn"))]
    rounds: u32,
    /// What each tree's weight is multiplied by.
    #[schemars(range(max = 1_000_000), extend("exclusiveMinimum" = 0, "default" = 1.0, "x-source" = "scikit-learn"))]
    learning_rate: f64,
}

/// What a split is chosen to lower.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Criterion {
    /// Gini impurity, 1 minus the sum of squared class shares.
    Gini,
    /// Shannon entropy of the class shares, in bits.
    Entropy,
}

/// Which of equally good splits on different features is taken; of one feature's, the lowest threshold is.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Ties {
    /// The one on the lowest feature, that is the first in the data.
    Lowest,
    /// Any of them with the same chance, drawn at each node from the model's seed.
    Random,
}

/// Which code looks for splits.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Engine {
    /// Our own exact CART.
    Cart,
    /// linfa-trees, a fit of depth 1 for each node; takes no `max_features`, no `class_weight` and no random `ties`. Not reproducible with more than two
    /// classes.
    Linfa,
}

/// How many features a node draws.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum MaxFeatures {
    Rule(FeatureRule),
    Count(#[schemars(range(min = 1, max = 4_294_967_295_u32))] u32),
    Share(#[schemars(range(max = 1), extend("exclusiveMinimum" = 0))] f64),
}

/// A rule for the number of features, of d that there are.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum FeatureRule {
    /// The square root of d.
    Sqrt,
    /// The binary logarithm of d.
    Log2,
}

/// What the records of a class weigh.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum ClassWeight {
    Rule(WeightRule),
    PerClass(#[schemars(length(min = 1))] Vec<Weight>),
}

/// What the records of one class weigh.
#[derive(JsonSchema)]
#[schemars(transparent, inline)]
pub(super) struct Weight(#[schemars(extend("exclusiveMinimum" = 0))] f64);

/// A rule for the weights of classes.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum WeightRule {
    /// Every class that the records show weighs the same as a whole.
    Balanced,
}

/// The nearest records vote. Distances are Euclidean and exact; records at the k-th distance share its place.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "knn", extend("x-source" = "Cover and Hart, 1967; scikit-learn"))]
pub(super) struct Knn {
    /// Neighbours that vote; all records where there are fewer.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 5, "x-unit" = "records", "x-source" = "scikit-learn"))]
    k: u32,
    #[schemars(extend("default" = "uniform", "x-source" = "scikit-learn"))]
    weights: Weights,
}

/// What a neighbour's vote weighs.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Weights {
    /// Every neighbour the same.
    Uniform,
    /// One over its distance (Dudani, 1976).
    Distance,
}

/// Multinomial logistic regression with an L2 penalty. A fit that has not converged says so in the report.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "logistic_regression", extend("x-source" = "scikit-learn"))]
pub(super) struct LogisticRegression {
    /// Weight of the records' loss against the penalty: the smaller, the smaller the coefficients.
    #[schemars(range(min = 1e-15, max = 1e15), extend("default" = 1.0, "x-source" = "scikit-learn"))]
    c: f64,
    /// Most steps of L-BFGS.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 1000, "x-unit" = "steps"))]
    max_iterations: u32,
    /// Largest entry that the gradient may have at the end, as a fraction of the objective, in units that do not depend on the data.
    #[schemars(range(min = 1e-8, max = 0.1), extend("default" = 1e-3))]
    tolerance: f64,
}

/// Naive Bayes: features independent within each class.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "naive_bayes", extend("x-source" = "scikit-learn"))]
pub(super) struct NaiveBayes {
    #[schemars(extend("default" = "gaussian"))]
    distribution: Distribution,
    /// Gaussian: added to every variance, as a fraction of the largest variance of a feature.
    #[schemars(range(min = 0, max = 1_000_000), extend("default" = 1e-9, "x-unit" = "fraction", "x-source" = "scikit-learn"))]
    var_smoothing: f64,
    /// Bernoulli: records added to each class on either side of the threshold (Laplace: 1).
    #[schemars(range(min = 1e-10, max = 1e15), extend("default" = 1.0, "x-unit" = "records", "x-source" = "scikit-learn"))]
    alpha: f64,
    /// Bernoulli: a feature is on where its value is above this.
    #[schemars(extend("default" = 0.0, "x-unit" = "units of the features", "x-source" = "scikit-learn"))]
    threshold: f64,
}

/// What the values of a feature are taken to follow in each class.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Distribution {
    /// A normal distribution.
    Gaussian,
    /// A coin: whether the value is above the threshold.
    Bernoulli,
}

/// Models of one learner, each on as many records as there are, drawn with replacement; their vectors are averaged.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "bagging", extend("x-source" = "Breiman, 1996; scikit-learn"))]
pub(super) struct Bagging {
    /// What each model is. Ensembles nest four deep at most, and have 100,000 models in all at most.
    #[schemars(extend("examples" = ["knn"]))]
    learner: Box<Learner>,
    /// Number of models.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 10, "x-unit" = "models", "x-source" = "scikit-learn"))]
    models: u32,
}

/// Several learners, each on all records; their vectors are averaged.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "soft_voting", extend("x-source" = "scikit-learn (VotingClassifier, soft)"))]
pub(super) struct SoftVoting {
    /// What votes.
    #[schemars(length(min = 1, max = 10_000), extend("examples" = [["knn"]]))]
    learners: Vec<Learner>,
    /// What each learner's vector weighs, in their order; null for the same.
    #[schemars(inner(range(min = 1e-100, max = 1e100)), extend("default" = (), "x-source" = "scikit-learn"))]
    weights: Option<Vec<f64>>,
}
