//! What the coordinator did, in `report.json`: queries of each client, and whatever was answered without a party, rejected or
//! refused. Nothing of it is lost: every degraded query of every repeat stands in one of the ranges.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Who asked how much, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceFigures {
    /// How many parties had to answer: `all`, or `at_least:2`.
    pub require: String,
    /// The limits as configured, where the scenario has some; null bounds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitFigures>,
    /// In the order of the roles.
    pub clients: Vec<ClientFigures>,
}

/// Limits of the coordinator; `None` bounds nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitFigures {
    /// Queries that each client may ask; the operator, who measures, may ask more.
    pub queries_per_client: Option<u64>,
    /// Queries that all clients together may ask, the operator's not counted.
    pub queries_in_all: Option<u64>,
    /// Records that one call may ask about.
    pub records_per_call: Option<u32>,
    /// Largest message that is accepted, in bytes.
    pub message_bytes: u64,
    /// Calls under way at a time, of all clients together.
    pub concurrent_calls: u32,
    /// How often a silent connection is asked for a sign of life, in milliseconds.
    pub keep_alive_ms: u64,
    /// How long a call may take, in milliseconds.
    pub request_ms: u64,
    /// How long a peer may leave an answer untaken, in milliseconds.
    pub stalled_ms: u64,
}

/// What one client asked, in queries: single records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientFigures {
    /// Its role.
    pub client: String,
    /// Asked.
    pub asked: u64,
    /// Answered.
    pub answered: u64,
    /// Refused.
    pub refused: u64,
    /// Refused, by limit.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub refused_by: BTreeMap<String, u64>,
    /// Without an answer for another reason.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Queries in a row of one client that were answered by fewer parties than all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DegradedResponses {
    /// The repeat, from 1.
    pub repeat: u32,
    /// Who asked.
    pub client: String,
    /// Number of the first query in this repeat, from 1.
    pub first_query: u64,
    /// Queries.
    pub rows: u64,
    /// The parties whose vectors are not in the mean.
    pub missing: Vec<MissingParty>,
}

/// A party that is not in a mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MissingParty {
    /// Which.
    pub id: u32,
    /// Why: `unreachable`, `unavailable`, `deadline`, `invalid`, `failed`, `skipped` or `other_model`.
    pub reason: String,
}

/// Answers of a party that were thrown away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RejectedResponses {
    /// The repeat, from 1.
    pub repeat: u32,
    /// Whose.
    pub id: u32,
    /// The rule they broke: `not_finite`, `out_of_range`, `unnormalised`, `wrong_length`, `wrong_classes`,
    /// `stale` or `malformed`.
    pub reason: String,
    /// How many calls.
    pub count: u64,
    /// Number of the first query of the first of them.
    pub first_query: u64,
    /// What was wrong with it.
    pub example: String,
}
