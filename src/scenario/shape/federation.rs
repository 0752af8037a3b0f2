//! The parties: how many, what each gets, what each trains, who sees what.

use schemars::JsonSchema;

use super::data::Nothing;
use super::learner::Learner;

/// The data owners and their hub.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "federation")]
pub(super) struct Federation {
    /// How many data owners there are.
    #[schemars(range(min = 1, max = 10_000), extend("x-unit" = "parties", "examples" = [3]))]
    parties: u32,
    records_per_party: RecordsPerParty,
    skew: Skew,
    /// What each party trains on its own records.
    #[schemars(extend("default" = serde_json::json!({"decision_tree": {}}), "x-source" = "Truex et al., section 4.7 (decision trees)"))]
    learner: Learner,
    #[schemars(extend("default" = "open"))]
    disclosure: Disclosure,
    #[schemars(extend("default" = "warn"))]
    on_degenerate: OnDegenerate,
    #[schemars(extend("default" = "all"))]
    require: Quorum,
    /// Parties that programs of one's own serve, each once. They are started with `--allow-commands` only, as processes, and cannot be
    /// malicious, fail or lie as told.
    #[schemars(extend("default" = serde_json::json!([])))]
    commands: Option<Vec<PartyCommand>>,
}

/// A party and the program that serves it.
#[derive(JsonSchema)]
#[schemars(
    deny_unknown_fields,
    rename = "party_command",
    extend("examples" = [{"party": 2, "command": ["python3", "party.py"]}])
)]
pub(super) struct PartyCommand {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [2]))]
    party: u32,
    /// The program and its first arguments, a word each; the options of `turncoat party` follow. It runs in the scenario's folder.
    #[schemars(length(min = 1), inner(length(min = 1)), extend("examples" = [["python3", "party.py"]]))]
    command: Vec<String>,
}

/// How many records each party is dealt: the same number for all, a list of one for each party, or a skewed draw. Where a class runs
/// out, a party gets less and the report says so.
#[derive(JsonSchema)]
#[schemars(untagged, rename = "records_per_party", extend("x-unit" = "records", "examples" = [500]))]
pub(super) enum RecordsPerParty {
    Equal(#[schemars(range(min = 1, max = 1_000_000_000))] u64),
    Listed(#[schemars(length(min = 1), inner(range(min = 0, max = 1_000_000_000)))] Vec<u64>),
    Drawn(DrawnRecords),
}

/// One draw of the parties' sizes.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "drawn_records", extend("x-choice" = true))]
pub(super) struct DrawnRecords {
    skewed: SkewedRecords,
}

/// The records of all parties together, shared out by one draw from the symmetric Dirichlet distribution over the parties.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "skewed_records")]
pub(super) struct SkewedRecords {
    /// Concentration of the draw: small values give one party nearly all.
    #[schemars(range(min = 0.000_001, max = 1_000_000.0), extend("examples" = [1.0]))]
    alpha: f64,
    /// Records of all parties together.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-unit" = "records", "examples" = [1500]))]
    total: u64,
}

/// From which class shares q each party's records are drawn.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "skew", extend("x-choice" = true, "examples" = ["simplex"]))]
pub(super) struct Skew {
    /// No skew: records uniformly at random.
    iid: Nothing,
    /// q uniform on the simplex: every mixture of classes is as likely.
    #[schemars(extend("x-source" = "Truex et al., section 4.7"))]
    simplex: Nothing,
    dirichlet: Dirichlet,
    /// q as given: one row of class shares for each party, party 1 first; each row sums to 1.
    #[schemars(
        length(min = 1),
        inner(length(min = 1), inner(range(min = 0))),
        extend("x-unit" = "fraction", "examples" = [[[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]]])
    )]
    explicit: Vec<Vec<f64>>,
    clustered: Clustered,
}

/// q from the symmetric Dirichlet distribution.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "dirichlet", extend("x-source" = "Hsu, Qi and Brown, 2019"))]
pub(super) struct Dirichlet {
    /// Concentration: small values give parties of nearly one class, large ones equal classes, 1 is `simplex`.
    #[schemars(range(min = 0.000_001, max = 1_000_000.0), extend("examples" = [0.5]))]
    alpha: f64,
}

/// Each class is split into k-means clusters, and each cluster dealt by a Dirichlet draw over the parties: the same class looks
/// different in different shards.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "clustered", extend("x-source" = "made for Truex et al., Figure 11"))]
pub(super) struct Clustered {
    /// Concentration: small values give each cluster to one party, large ones all parties the same. A range of two draws it
    /// log-uniformly for each repeat.
    #[schemars(extend("examples" = [0.3]))]
    alpha: Concentration,
    /// Clusters of each class.
    #[schemars(range(min = 1, max = 1000), extend("default" = 8, "x-unit" = "clusters"))]
    clusters: u64,
}

/// A number, or a range of two from which each repeat draws its own.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum Concentration {
    Fixed(#[schemars(range(min = 0.000_001, max = 1_000_000.0))] f64),
    Range(#[schemars(length(min = 2, max = 2), inner(range(min = 0.000_001, max = 1_000_000.0)))] Vec<f64>),
}

/// Who sees the parties' single answers, and not only their average.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Disclosure {
    /// Every member and the aggregator: the setting of the insider attack.
    Open,
    /// The aggregator alone; members see what users see, the average.
    Aggregator,
}

/// What happens where a party gets no record, or records of a single class.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum OnDegenerate {
    /// It keeps its shard, and the report names it.
    Warn,
    /// The run ends.
    Error,
}

/// How many parties must answer for the federation to answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "require", extend("x-choice" = true))]
pub(super) struct Quorum {
    /// Every party: a call without one of them is refused.
    all: Nothing,
    /// At least so many, at most as many as there are.
    #[schemars(range(min = 1, max = 10_000), extend("x-unit" = "parties", "examples" = [2]))]
    at_least: u32,
}
