//! How a federation is measured, run and bounded: the keys of a scenario that are neither its data nor its adversaries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use turncoat_learn::MOST_RECORDS;
use turncoat_learn::partition::PartitionParams;

/// What joining and training take, in bytes.
pub const LEAST_MESSAGE_BYTES: u64 = 1 << 10;
/// Largest message that can be asked for, in bytes.
pub const MOST_MESSAGE_BYTES: u64 = 16 << 20;
/// A day, in milliseconds.
const DAY: u64 = 86_400_000;
/// More queries or answers than any experiment asks for.
const MOST_QUERIES: u64 = 1_000_000_000_000;

/// Records from the data set that are held out and that every adversary holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "auxiliary")]
pub struct Auxiliary {
    /// Their number; 0 for none.
    #[serde(default)]
    #[schemars(
        with = "Option<usize>",
        range(min = 0, max = MOST_RECORDS),
        extend(
            "x-default" = "as many as a party gets on average if an adversary without records of its own runs an attack that learns from records, else 0",
            "x-unit" = "records"
        )
    )]
    pub records: usize,
}

/// How the federation is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "evaluation")]
pub struct Evaluation {
    /// At most how many records it is measured on that were held out and equal none that was; null for as many as the shards hold.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
    pub test_records: Option<usize>,
    /// At most how many answers of single parties one measurement or challenge takes. Where parties times records are more, it is
    /// about a part of the records, drawn from each party alike and at least one of each, and a note says so. Null for no limit.
    #[schemars(range(min = 1, max = MOST_QUERIES), extend("x-unit" = "answers"))]
    pub max_answers: Option<usize>,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self { test_records: None, max_answers: Some(2_000_000) }
    }
}

impl Evaluation {
    /// About how many records that many parties are asked at most in one measurement or challenge.
    #[must_use]
    pub fn most_records(&self, parties: usize) -> usize {
        self.max_answers.map_or(usize::MAX, |most| most / parties.max(1))
    }
}

/// Decision boundaries: each party's answers on a grid over two features, and its records there, in a run with `--out`. Changes no
/// figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "boundaries", extend("x-source" = "Truex et al., Figure 10"))]
pub struct Boundaries {
    /// The names of x and y, two different ones.
    #[schemars(
        inner(length(min = 1)),
        extend("uniqueItems" = true, "x-rule" = "name two different features", "examples" = [["age", "education-num"]])
    )]
    pub features: [String; 2],
    /// Values of either feature.
    #[serde(default = "sixty")]
    #[schemars(range(min = 2, max = 300), extend("x-unit" = "values"))]
    pub grid: u32,
    /// Bounds of a part to be shown beside the whole, by the name of the feature: the lower end, the higher end; null for the
    /// data's own.
    #[serde(default, serialize_with = "as_map")]
    #[schemars(
        with = "std::collections::BTreeMap<String, Option<Ends>>",
        extend(
            "default" = {},
            "x-null" = [],
            "x-free" = "one of the two features",
            "x-unit" = "units of the features",
            "examples" = [{"age": [20, 40]}]
        )
    )]
    pub region: Vec<(String, Option<Ends>)>,
    /// Whose federation it is: one of the repeats, from 1.
    #[serde(default = "super::federation::one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub repeat: u32,
}

fn sixty() -> u32 {
    60
}

/// Two numbers, the lower first, within what a record can hold (f32).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("x-rule" = "be two numbers, the lower first"))]
pub struct Ends(#[schemars(inner(range(min = f64::from(f32::MIN), max = f64::from(f32::MAX))))] pub [f64; 2]);

/// The bounds that are given, in the order of the features, so that a scenario has one text whatever the order it was written in.
fn as_map<S: serde::Serializer>(region: &[(String, Option<Ends>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(region.iter().map(|(name, ends)| (name, ends)))
}

impl Boundaries {
    /// The bounds of either feature, lower end first; `None` for the data's own.
    #[must_use]
    pub fn ends(&self) -> [Option<[f64; 2]>; 2] {
        self.features.each_ref().map(|feature| {
            let given = self.region.iter().find(|(name, _)| name == feature);
            given.and_then(|(_, ends)| ends.map(|ends| ends.0))
        })
    }

    /// Leaves out bounds of the data's own, and puts the others in the order of the features.
    pub(super) fn tidy(&mut self) {
        let features = &self.features;
        self.region.retain(|(_, ends)| ends.is_some());
        self.region.sort_by_key(|(name, _)| features.iter().position(|feature| feature == name));
    }
}

/// Who sees the parties' single answers, and not only their average.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(extend("x-refused" = {"none": "not offered yet (secure aggregation); use `aggregator` or `open`"}))]
pub enum Disclosure {
    /// Every member and the aggregator: the setting of the insider attack.
    #[default]
    Open,
    /// The aggregator alone; members see what users see, the average.
    Aggregator,
}

/// How many parties must answer for the federation to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "require")]
pub enum Quorum {
    /// Every party: a call without one of them is refused.
    #[default]
    All,
    /// At least so many, at most as many as there are.
    AtLeast(
        #[schemars(
            range(min = 1, max = PartitionParams::MAX_PARTIES),
            extend(
                "x-rule" = "be how many parties must answer, from 1 to `federation.parties`",
                "x-unit" = "parties",
                "examples" = [2]
            )
        )]
        u32,
    ),
}

impl Quorum {
    /// Whether it is every party.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }

    /// Why a federation of that many parties cannot be asked for it.
    pub(crate) fn refused(self, parties: u32) -> Option<String> {
        let Self::AtLeast(requested) = self else { return None };
        (requested > parties).then(|| {
            format!("at least {requested} of {parties} parties cannot be asked for; from 1 to {parties} can (federation.parties)")
        })
    }
}

/// What the coordinator takes on at its public edge. Null bounds nothing, where nothing can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "limits")]
pub struct Limits {
    /// Queries that each client may ask; the operator, who measures, may ask more.
    #[schemars(range(min = 0, max = MOST_QUERIES), extend("x-unit" = "queries"))]
    pub queries_per_client: Option<u64>,
    /// Queries that all clients together may ask, the operator's not counted.
    #[schemars(range(min = 0, max = MOST_QUERIES), extend("x-unit" = "queries"))]
    pub queries_in_all: Option<u64>,
    /// Records that one call may ask about.
    #[schemars(range(min = 1), extend("x-unit" = "records"))]
    pub records_per_call: Option<u32>,
    /// Largest message that is accepted.
    #[schemars(range(min = LEAST_MESSAGE_BYTES, max = MOST_MESSAGE_BYTES), extend("x-unit" = "bytes"))]
    pub message_bytes: u64,
    /// Calls under way at a time, of all clients together. A party may join beside them.
    #[schemars(range(min = 1), extend("x-unit" = "calls"))]
    pub concurrent_calls: u32,
    /// How often a silent connection is asked for a sign of life, and how long it may take to give one.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub keep_alive_ms: u64,
    /// How long a call may take, the sending of its question included.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub request_ms: u64,
    /// How long a peer may leave an answer untaken before its connection is cut.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub stalled_ms: u64,
}

impl Limits {
    /// Whether nothing is bounded beyond what always is.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queries_per_client: None,
            queries_in_all: None,
            records_per_call: None,
            message_bytes: MOST_MESSAGE_BYTES,
            concurrent_calls: 1_024,
            keep_alive_ms: 20_000,
            request_ms: 300_000,
            stalled_ms: 60_000,
        }
    }
}

/// How the federation is run. Changes no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "launch")]
pub struct Launch {
    /// Where the members of a federation live.
    pub mode: LaunchMode,
    /// Whether members talk under TLS, with certificates that are made for the run and deleted with it.
    #[schemars(extend("x-default" = "true between processes, false within one"))]
    pub tls: bool,
}

impl Default for Launch {
    fn default() -> Self {
        Self { mode: LaunchMode::Processes, tls: true }
    }
}

/// Where the members of a federation live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaunchMode {
    /// One operating-system process each, gRPC over loopback sockets.
    #[default]
    Processes,
    /// One process for all, the same services over channels in memory: for hundreds of parties.
    InProcess,
}

/// How long each step may take. Changes no figure, unless something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "timeouts")]
pub struct Timeouts {
    /// From the start of a process until it listens.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub ready_ms: u64,
    /// From the first attempt at a connection until it stands.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub connect_ms: u64,
    /// For all parties to train.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub fit_ms: u64,
    /// For the answer to one batch of queries.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub predict_ms: u64,
    /// For one adversary to answer its challenge.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub attack_ms: u64,
    /// From the request to stop until a process is killed.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub drain_ms: u64,
    /// For a party that has crashed to come back, where the scenario has it started again.
    #[schemars(range(min = 1, max = DAY), extend("x-unit" = "ms"))]
    pub rejoin_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            ready_ms: 10_000,
            connect_ms: 10_000,
            fit_ms: 600_000,
            predict_ms: 60_000,
            attack_ms: 1_800_000,
            drain_ms: 5_000,
            rejoin_ms: 10_000,
        }
    }
}
