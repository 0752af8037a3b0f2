//! The two kinds of scenarios and what both have.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::adversaries::Adversary;
use super::data::{Data, Preprocess};
use super::faults::{Byzantine, Fault, Limits};
use super::federation::Federation;
use super::run::{Auxiliary, Boundaries, Evaluation, Launch, Timeouts};
use super::single_target::{Attack, Export, Generation, Knowledge, Shadow, Target, TargetAttack};

/// What a scenario is an experiment on.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A federation and its adversaries.
    Federation,
    /// Single models, each attacked through its predictions.
    SingleTarget,
}

/// Lists of values for keys: every combination is run, the last key fastest, at most 10,000 runs. A key is a whole key path, such
/// as `federation.parties`; to give a list as a value, write a list of lists.
#[derive(JsonSchema)]
#[schemars(transparent)]
pub(super) struct Sweep(
    #[schemars(
        inner(length(min = 1)),
        extend(
            "propertyNames" = serde_json::json!({"pattern": "^(?!sweep(\\.|$))[^.]+(\\.[^.]+)*$"}),
            "examples" = serde_json::json!([{"federation.parties": [3, 5]}]),
        )
    )]
    BTreeMap<String, Vec<serde_json::Value>>,
);

/// A federation: data owners who train a model each, a coordinator who averages their answers, and adversaries who attack it from
/// inside and outside.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "federation_study")]
pub(super) struct FederationStudy {
    /// What the scenario is an experiment on.
    #[schemars(extend("default" = "federation"))]
    kind: Kind,
    /// What reports call the experiment: one line.
    #[schemars(length(min = 1, max = 100), regex(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"), extend("examples" = ["mine"]))]
    name: String,
    /// The number from which every random draw derives. The same scenario and seed give the same report, to the byte.
    #[schemars(range(min = 0, max = 18_446_744_073_709_551_615_u64), extend("examples" = [1]))]
    seed: u64,
    /// How many federations are dealt, trained and attacked. Figures are means over them, with 95 % intervals.
    #[schemars(range(min = 1, max = 1_000_000), extend("default" = 1))]
    repeats: u32,
    /// Lists of values for key paths: every combination is run.
    #[schemars(extend("default" = ()))]
    sweep: Option<Sweep>,
    data: Data,
    #[schemars(extend("default" = serde_json::json!({})))]
    preprocess: Preprocess,
    federation: Federation,
    #[schemars(extend("default" = serde_json::json!({})))]
    auxiliary: Auxiliary,
    #[schemars(extend("default" = serde_json::json!({})))]
    evaluation: Evaluation,
    /// Decision boundaries over two features, in a run with `--out`; null for none. Changes no figure.
    #[schemars(extend("default" = ()))]
    boundaries: Option<Boundaries>,
    /// Who attacks, from where, with what; each once. With none, only the federation's accuracy is measured.
    #[schemars(extend("default" = serde_json::json!([])))]
    adversaries: Option<Vec<Adversary>>,
    #[schemars(extend("default" = serde_json::json!({})))]
    launch: Launch,
    /// What goes wrong. The list is in the order in which it happens: a `restart` has its `crash` before it.
    #[schemars(extend(
        "default" = serde_json::json!([]),
        "examples" = [[{"crash": {"party": 1, "at": "query 500"}}, {"restart": {"party": 1}}]],
    ))]
    faults: Option<Vec<Fault>>,
    /// Which parties lie, each once. Repeats with lies run once more without, from the same seed, and the report has both.
    #[schemars(extend("default" = serde_json::json!([])))]
    byzantine: Option<Vec<Byzantine>>,
    #[schemars(extend("default" = serde_json::json!({})))]
    limits: Limits,
    #[schemars(extend("default" = serde_json::json!({})))]
    timeouts: Timeouts,
    /// What is kept beside the report of a run with `--out`. Changes no figure.
    #[schemars(extend("default" = serde_json::json!([])))]
    export: Option<Vec<FederationExport>>,
}

/// What a federation's run can keep beside its report and its claims.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum FederationExport {
    /// Every party's vectors of the records that any adversary is asked about, beside label, membership and owner.
    Vectors,
}

/// Single targets: the general attack on one model behind a prediction service, with every choice of it open.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "single_target_study", extend("x-source" = "Truex et al., section 3"))]
pub(super) struct SingleTargetStudy {
    /// What the scenario is an experiment on.
    #[schemars(extend("examples" = ["single_target"]))]
    kind: Kind,
    /// What reports call the experiment: one line.
    #[schemars(length(min = 1, max = 100), regex(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"), extend("examples" = ["service"]))]
    name: String,
    /// The number from which every random draw derives. The same scenario and seed give the same report, to the byte.
    #[schemars(range(min = 0, max = 18_446_744_073_709_551_615_u64), extend("examples" = [1]))]
    seed: u64,
    /// How often records are drawn for targets and shadow data. Figures are means over repeats, with 95 % intervals.
    #[schemars(range(min = 1, max = 1_000_000), extend("default" = 1))]
    repeats: u32,
    /// Lists of values for key paths: every combination is run.
    #[schemars(extend("default" = ()))]
    sweep: Option<Sweep>,
    data: Data,
    #[schemars(extend("default" = serde_json::json!({})))]
    preprocess: Preprocess,
    /// How many halvings of the target's records are trained on and attacked in each repeat: over an even number, each record is in
    /// the target's training data as often as out of it.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 1))]
    folds: u32,
    target: Target,
    knowledge: Knowledge,
    shadow: Shadow,
    #[schemars(extend("x-default" = "none; needed by every attack but `gap`"))]
    generation: Generation,
    #[schemars(extend("x-default" = "none; needed by `shadow_model`"))]
    attack: Attack,
    #[schemars(extend("default" = "product"))]
    combine: Combine,
    /// What is tried; no two attacks share an id.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["gap"]]))]
    attacks: Vec<TargetAttack>,
    /// What is kept beside the report of a run with `--out`. Null and an empty list keep nothing. Changes no figure.
    #[schemars(extend("default" = ["claims"]))]
    export: Option<Vec<Export>>,
}

/// Which targets, generations and attack learners meet.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Combine {
    /// Each with each.
    Product,
    /// The first with the first, the second with the second; the lists are equally long.
    InStep,
}
