//! What goes wrong, who lies, and what the coordinator takes on.

use schemars::JsonSchema;

use super::data::Nothing;

/// One thing that goes wrong. A query is one record; queries count from 1 over all adversaries of a repeat. What the experimenter
/// asks to measure (accuracies, decision boundaries, exported vectors) is not counted, and nothing happens to it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "fault", extend("x-choice" = true, "examples" = [{"crash": {"party": 1, "at": "query 500"}}]))]
pub(super) struct Fault {
    crash: Crash,
    restart: Restart,
    delay: Delay,
    drop: Drop,
    corrupt: Corrupt,
    partition: Partition,
}

/// A party's process ends before it answers the call that holds a query.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "crash")]
pub(super) struct Crash {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [1]))]
    party: u32,
    /// The query that it does not live to answer.
    #[schemars(extend("examples" = ["query 500"]))]
    at: Query,
}

/// After the crash before it in the list, the party is started again and goes on with its saved model.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "restart")]
pub(super) struct Restart {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [1]))]
    party: u32,
    /// The query from which on it answers again; null for at once.
    #[schemars(extend("default" = ()))]
    at: Option<Query>,
}

/// Some of a party's answers are late.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "delay")]
pub(super) struct Delay {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [1]))]
    party: u32,
    /// By how much.
    #[schemars(range(min = 1, max = 86_400_000), extend("x-unit" = "ms", "examples" = [400]))]
    ms: u64,
    /// Of how many of its calls.
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0, "default" = 1.0, "x-unit" = "fraction"))]
    fraction: Option<f64>,
}

/// Some of a party's answers never come; the coordinator asks again.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "drop")]
pub(super) struct Drop {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [1]))]
    party: u32,
    /// Of how many of its calls.
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0, "default" = 1.0, "x-unit" = "fraction"))]
    fraction: Option<f64>,
}

/// Some of a party's answers are spoilt; the coordinator rejects them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "corrupt")]
pub(super) struct Corrupt {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [1]))]
    party: u32,
    #[schemars(extend("examples" = ["nan"]))]
    how: Corruption,
    /// Of how many of its calls.
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0, "default" = 1.0, "x-unit" = "fraction"))]
    fraction: Option<f64>,
}

/// Parties cannot be reached in any call that holds a query of a range, both ends included.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "partition")]
pub(super) struct Partition {
    /// Which parties.
    #[schemars(length(min = 1), inner(range(min = 1, max = 10_000)), extend("examples" = [[2, 3]]))]
    parties: Vec<u32>,
    /// The first query that they miss.
    #[schemars(extend("examples" = ["query 100"]))]
    from: Query,
    /// The last query that they miss, not before the first.
    #[schemars(extend("examples" = ["query 200"]))]
    to: Query,
}

/// `query` and its number, from 1 to 10^12.
#[derive(JsonSchema)]
#[schemars(transparent, inline)]
pub(super) struct Query(
    #[schemars(regex(pattern = "^query 0*([1-9][0-9]{0,11}|1000000000000)$"), extend("x-unit" = "queries"))]
    String,
);

/// How an answer is spoilt.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Corruption {
    /// The first probability is not a number.
    Nan,
    /// Every probability is half of what it was.
    Unnormalised,
    /// The last vector is missing.
    WrongLength,
    /// The answer to the question before.
    Stale,
}

/// A party whose vectors are valid and false.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "byzantine")]
pub(super) struct Byzantine {
    /// Which party.
    #[schemars(range(min = 1, max = 10_000), extend("examples" = [3]))]
    party: u32,
    #[schemars(extend("examples" = ["label_flip"]))]
    how: Lie,
}

/// What a party says instead of its model's answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "lie", extend("x-choice" = true))]
pub(super) struct Lie {
    /// The probabilities of the classes in reverse order.
    #[schemars(extend("x-source" = "after Fang et al., 2020, section 5.1"))]
    label_flip: Nothing,
    constant: Constant,
    amplified: Amplified,
}

/// Certain of one class, whatever the record.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "constant")]
pub(super) struct Constant {
    /// The class, from 0 in the order of the data's classes.
    #[schemars(range(min = 0, max = 1_000_000), extend("examples" = [0]))]
    class: u64,
}

/// What the vector says beyond the uniform one, so many times as loud, renormalised.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "amplified")]
pub(super) struct Amplified {
    /// How many times.
    #[schemars(range(max = 1_000_000), extend("exclusiveMinimum" = 1, "examples" = [4]))]
    by: f64,
}

/// What the coordinator takes on at its public edge. Null bounds nothing, where nothing can be.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "limits")]
pub(super) struct Limits {
    /// Queries that each client may ask; the operator, who measures, may ask more.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64), extend("default" = (), "x-unit" = "queries"))]
    queries_per_client: Option<u64>,
    /// Queries that all clients together may ask, the operator's not counted.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64), extend("default" = (), "x-unit" = "queries"))]
    queries_in_all: Option<u64>,
    /// Records that one call may ask about.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = (), "x-unit" = "records"))]
    records_per_call: Option<u32>,
    /// Largest message that is accepted.
    #[schemars(range(min = 1024, max = 16_777_216), extend("default" = 16_777_216, "x-unit" = "bytes"))]
    message_bytes: u64,
    /// Calls under way at a time, of all clients together. A party may join beside them.
    #[schemars(range(min = 1, max = 4_294_967_295_u32), extend("default" = 1024, "x-unit" = "calls"))]
    concurrent_calls: u32,
    /// How often a silent connection is asked for a sign of life, and how long it may take to give one.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 20_000, "x-unit" = "ms"))]
    keep_alive_ms: u64,
    /// How long a call may take, the sending of its question included.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 300_000, "x-unit" = "ms"))]
    request_ms: u64,
    /// How long a peer may leave an answer untaken before its connection is cut.
    #[schemars(range(min = 1, max = 86_400_000), extend("default" = 60_000, "x-unit" = "ms"))]
    stalled_ms: u64,
}
