//! What the coordinator did, read back: who asked how much, and what was answered without a party, rejected or refused.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Who asked how much, over all repeats.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReadService {
    /// How many parties had to answer.
    pub require: String,
    /// In the order of the roles.
    pub clients: Vec<ReadClient>,
}

/// What one client asked, in queries: single records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReadClient {
    /// Its role.
    pub client: String,
    /// Asked.
    pub asked: u64,
    /// Answered.
    pub answered: u64,
    /// Refused.
    pub refused: u64,
    /// Refused, by limit.
    pub refused_by: BTreeMap<String, u64>,
    /// Without an answer for another reason.
    pub failed: u64,
}

/// Queries in a row of one client that were answered by fewer parties than all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReadDegraded {
    /// The repeat, from 1.
    pub repeat: u32,
    /// Who asked.
    pub client: String,
    /// Number of the first query in this repeat, from 1.
    pub first_query: u64,
    /// Queries.
    pub rows: u64,
    /// The parties whose vectors are not in the mean.
    pub missing: Vec<ReadMissing>,
}

/// A party that is not in a mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReadMissing {
    /// Which.
    pub id: u32,
    /// Why.
    pub reason: String,
}

/// Answers of a party that were thrown away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReadRejected {
    /// The repeat, from 1.
    pub repeat: u32,
    /// Whose.
    pub id: u32,
    /// The rule they broke.
    pub reason: String,
    /// How many calls.
    pub count: u64,
    /// Number of the first query of the first of them.
    pub first_query: u64,
    /// What was wrong with it.
    pub example: String,
}
