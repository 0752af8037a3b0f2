//! Single targets: what is attacked, what the adversary knows, and what it is made of.

use schemars::JsonSchema;

use super::adversaries::{Gap, PlainAttack};
use super::data::Nothing;
use super::learner::Learner;

/// What is attacked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "target")]
pub(super) struct Target {
    /// Records drawn in each repeat, half of which train the target in a fold.
    #[schemars(
        range(min = 4, max = 1_000_000_000),
        extend("default" = 10_000, "x-unit" = "records", "x-source" = "Truex et al., section 4.4")
    )]
    records: u64,
    /// Sigma of the noise, uniform in [0, sigma], on what the adversary knows of the records it asks about.
    #[schemars(
        range(min = 0, max = 1_000_000),
        extend("default" = 0.0, "x-unit" = "units of the features", "x-source" = "Truex et al., section 4.6")
    )]
    noise: f64,
    /// What is trained: one target for each, no kind twice.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["decision_tree"]]))]
    learners: Vec<Learner>,
}

/// What the adversary is given.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    rename = "knowledge",
    extend("x-choice" = true, "examples" = ["white_box"], "x-source" = "Truex et al., section 3.1")
)]
pub(super) struct Knowledge {
    /// The service alone, the structure of a record, and features normalised to [0, 1].
    black_box: Nothing,
    grey_box: GreyBox,
    white_box: WhiteBox,
}

/// Statistics of the population: distributions of the features and the class, alone and in pairs.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "grey_box")]
pub(super) struct GreyBox {
    /// From how many real records they are estimated; null for all there are.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("default" = (), "x-unit" = "records"))]
    records: Option<u64>,
}

/// Copies of real records with their labels, noisy or with missing values; none of them is the target's.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "white_box")]
pub(super) struct WhiteBox {
    /// How many; null for all there are.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("default" = (), "x-unit" = "records"))]
    records: Option<u64>,
    /// Sigma of the noise, uniform in [0, sigma], on every value.
    #[schemars(range(min = 0, max = 1_000_000), extend("default" = 0.0, "x-unit" = "units of the features"))]
    noise: f64,
    /// Chance of each value to be known; one that is not is replaced by a draw from its feature in the copies.
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0, "default" = 1.0, "x-unit" = "fraction"))]
    known_features: f64,
}

/// How shadow data is made: the records that the adversary takes for ones like the target's.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "shadow", extend("x-source" = "Truex et al., section 3.1.2"))]
pub(super) struct Shadow {
    /// How many records the adversary's data set holds.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-unit" = "records", "examples" = [10_000]))]
    records: u64,
    /// Sigma of the noise, uniform in [0, sigma], on every value of the finished records.
    #[schemars(
        range(min = 0, max = 1_000_000),
        extend("default" = 0.0, "x-unit" = "units of the features", "x-source" = "Truex et al., section 4.6")
    )]
    noise: f64,
    /// What is done, in order. First a source (`same_distribution` or `statistics`) or `query`; then, each at most once, `query` (next
    /// to its source), `active_learning`, `region`.
    #[schemars(length(min = 1), extend("examples" = [["statistics"], ["same_distribution"]]))]
    steps: Vec<Step>,
}

/// One step towards the adversary's data set.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "step", extend("x-choice" = true))]
pub(super) struct Step {
    /// Source: the copies of white-box knowledge, none twice.
    #[schemars(extend("x-source" = "Truex et al., section 4"))]
    same_distribution: Nothing,
    statistics: Statistics,
    active_learning: ActiveLearning,
    query: QueryStep,
    region: Region,
}

/// Source: draws from statistics of the population; from structure alone, uniform draws.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "statistics", extend("x-source" = "Truex et al., section 3.1.2"))]
pub(super) struct Statistics {
    #[schemars(extend("default" = "independent"))]
    dependence: Dependence,
}

/// What statistics say of how features hang together.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Dependence {
    /// Nothing: independent draws, one from each feature's distribution and one from that of the class.
    Independent,
    /// The tree over features and class that explains most (Chow and Liu, 1968). Not with black-box knowledge.
    Pairwise,
}

/// Labels a few records by asking the target, and the others by a learner trained on those.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "active_learning", extend("x-source" = "Truex et al., section 3.1.2"))]
pub(super) struct ActiveLearning {
    /// Records that the target labels, at most as many as there are; one query each.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-unit" = "queries", "examples" = [200]))]
    labelled: u64,
    /// What labels the others.
    #[schemars(extend("examples" = ["knn"]))]
    learner: Learner,
    /// In how many rounds the labelled are chosen, at most `labelled`: first at random, then those of which the learner is the least
    /// sure.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-default" = "5, or `labelled` where that is less", "x-unit" = "rounds"))]
    rounds: u64,
}

/// Searches points that the target is sure of, from draws of the source or, without one before it, from what is known of each feature.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "query", extend("x-source" = "Truex et al., section 3.1.2 and Figure 4; Shokri et al., 2017"))]
pub(super) struct QueryStep {
    /// A point is accepted when the largest probability of the target's answer reaches this.
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0, "default" = 0.8, "x-unit" = "probability"))]
    confidence: f64,
    /// Most updates of one starting point; then a new one is drawn.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 100, "x-unit" = "updates"))]
    attempts: u32,
    /// Features drawn anew in an update, all where there are fewer; null for a tenth of them.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = (), "x-unit" = "features"))]
    redraw: Option<u32>,
    /// Most queries in all, at least one for each point that the plan needs. When they are spent, the search ends with what it has.
    #[schemars(range(min = 1, max = 4_294_967_295_000_000_000_u64), extend("x-unit" = "queries", "examples" = [100_000]))]
    budget: u64,
}

/// Adds points around each record, with its label.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "region", extend("x-source" = "Truex et al., section 3.1.2 and Figure 4"))]
pub(super) struct Region {
    /// Side of the hypercube whose centre is the record.
    #[schemars(range(max = 1_000_000), extend("exclusiveMinimum" = 0, "default" = 0.1, "x-unit" = "units of the features"))]
    side: f64,
    /// Points drawn in each hypercube; the record stays beside them.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("default" = 10, "x-unit" = "records"))]
    points: u64,
}

/// What shadow models are made of.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "generation", extend("x-source" = "Truex et al., section 3.2"))]
pub(super) struct Generation {
    /// How many parts the shadow data is split into, one shadow model each.
    #[schemars(range(min = 1, max = 1000), extend("default" = 1, "x-unit" = "models"))]
    partitions: u32,
    /// What stands in for the target: one kind of shadow model for each entry, nothing twice.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["decision_tree"]]))]
    learners: Vec<Imitation>,
}

/// A learner, or several that are trained side by side.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum Imitation {
    One(Learner),
    Several(Ensemble),
}

/// Several learners that imitate the target together.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "ensemble", extend("x-choice" = true))]
pub(super) struct Ensemble {
    /// Which, no kind twice.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["knn", "naive_bayes"]]))]
    ensemble: Vec<Learner>,
}

/// What attack models are made of.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "attack", extend("x-source" = "Truex et al., section 3.3"))]
pub(super) struct Attack {
    /// What learns to tell in from out: one attack model for each, no kind twice.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["decision_tree"]]))]
    learners: Vec<Learner>,
    #[schemars(extend("default" = "vector"))]
    sees: Sees,
    /// Whether it also sees the record's class.
    #[schemars(extend("default" = false))]
    label: bool,
    #[schemars(extend("default" = "per_class", "x-source" = "Shokri et al., 2017 (one for each class)"))]
    models: Models,
}

/// What an attack model sees of an answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "sees", extend("x-choice" = true))]
pub(super) struct Sees {
    /// The whole vector.
    vector: Nothing,
    /// The largest probabilities, so many, in descending order.
    #[schemars(range(min = 1, max = 100_000), extend("x-unit" = "probabilities", "x-source" = "Salem et al., 2019", "examples" = [3]))]
    top_k: u32,
}

/// How many attack models there are.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Models {
    /// One for all classes.
    One,
    /// One for each class.
    PerClass,
}

/// An attack on a single target.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "target_attack", extend("x-choice" = true, "examples" = ["gap"]))]
pub(super) struct TargetAttack {
    gap: Gap,
    /// In if the probability of the record's class reaches a threshold, learned on shadow data.
    confidence: PlainAttack,
    shadow_model: TargetShadowModel,
}

/// In if an attack model says so, learned from shadow models.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "target_shadow_model")]
pub(super) struct TargetShadowModel {
    /// What reports call the attack; tells it from the others, so that one attack can stand there with several parameters. Letters,
    /// digits, `_`, `-` and `.`; no other attack's name.
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9_.-]+$"), extend("x-default" = "the attack's name", "examples" = ["deep"]))]
    id: Option<String>,
    /// What learns this attack, in place of the shared learners.
    #[schemars(extend("x-default" = "each of `attack.learners` in turn"))]
    attack_learner: Option<Learner>,
}

/// What is kept beside the report.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Export {
    /// Every claim beside the truth.
    Claims,
    /// Every attack set: what attack models learned from.
    AttackSets,
    /// Every target's vectors of the records that it is asked about, beside label and membership.
    Vectors,
}
