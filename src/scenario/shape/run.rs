//! How a federation is measured and run.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// Records from the data set that are dealt to nobody and that every adversary holds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "auxiliary")]
pub(super) struct Auxiliary {
    /// Their number; 0 for none.
    #[schemars(
        range(min = 0, max = 1_000_000_000),
        extend(
            "x-default" = "as many as a party gets on average if an adversary without records of its own runs an attack that learns from records, else 0",
            "x-unit" = "records"
        )
    )]
    records: Option<u64>,
}

/// How the federation is measured.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "evaluation")]
pub(super) struct Evaluation {
    /// At most how many records it is measured on that were dealt to nobody and equal none that was; null for as many as were dealt.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("default" = (), "x-unit" = "records"))]
    test_records: Option<u64>,
    /// At most how many answers of single parties one measurement or challenge takes. Where parties times records are more, it is
    /// about a part of the records, drawn from each party alike and at least one of each, and a note says so. Null for no limit.
    #[schemars(range(min = 1, max = 1_000_000_000_000_u64), extend("default" = 2_000_000, "x-unit" = "answers"))]
    max_answers: Option<u64>,
}

/// Decision boundaries: each party's answers on a grid over two features, and its records there, in a run with `--out`. Changes no
/// figure.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "boundaries", extend("x-source" = "Truex et al., Figure 10"))]
pub(super) struct Boundaries {
    /// The names of x and y, two different ones.
    #[schemars(
        length(min = 2, max = 2),
        inner(length(min = 1)),
        extend("uniqueItems" = true, "examples" = [["age", "education-num"]])
    )]
    features: Vec<String>,
    /// Values of either feature.
    #[schemars(range(min = 2, max = 300), extend("default" = 60, "x-unit" = "values"))]
    grid: u32,
    /// Bounds of a part to be shown beside the whole, by the name of the feature: the lower end, the higher end; null for the
    /// data's own.
    #[schemars(extend(
        "default" = serde_json::json!({}),
        "x-free" = "one of the two features",
        "x-unit" = "units of the features",
        "examples" = [{"age": [20, 40]}]
    ))]
    region: Option<BTreeMap<String, Option<Ends>>>,
    /// Whose federation it is: one of the repeats, from 1.
    #[schemars(range(min = 1, max = 1_000_000), extend("default" = 1))]
    repeat: u32,
}

/// Two numbers, the lower first, within what a record can hold (f32).
#[derive(JsonSchema)]
#[schemars(transparent, inline)]
pub(super) struct Ends(
    #[schemars(length(min = 2, max = 2), inner(range(min = -3.402_823_466_385_288_6e38, max = 3.402_823_466_385_288_6e38)))]
     Vec<f64>,
);

/// How the federation is run. Changes no figure.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "launch")]
pub(super) struct Launch {
    #[schemars(extend("default" = "processes"))]
    mode: LaunchMode,
    /// Whether members talk under TLS, with certificates that are made for the run and deleted with it.
    #[schemars(extend("x-default" = "true between processes, false within one"))]
    tls: bool,
}

/// Where the members of a federation live.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum LaunchMode {
    /// One operating-system process each, gRPC over loopback sockets.
    Processes,
    /// One process for all, the same services over channels in memory: for hundreds of parties.
    InProcess,
}

/// How long each step may take. Changes no figure, unless something goes wrong.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "timeouts")]
pub(super) struct Timeouts {
    /// From the start of a process until it listens.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 10_000, "x-unit" = "ms"))]
    ready_ms: u64,
    /// From the first attempt at a connection until it stands.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 10_000, "x-unit" = "ms"))]
    connect_ms: u64,
    /// For all parties to train.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 600_000, "x-unit" = "ms"))]
    fit_ms: u64,
    /// For the answer to one batch of queries.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 60_000, "x-unit" = "ms"))]
    predict_ms: u64,
    /// For one adversary to answer its challenge.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 1_800_000, "x-unit" = "ms"))]
    attack_ms: u64,
    /// From the request to stop until a process is killed.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 5_000, "x-unit" = "ms"))]
    drain_ms: u64,
    /// For a party that has crashed to come back, where the scenario has it started again.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 10_000, "x-unit" = "ms"))]
    rejoin_ms: u64,
}
