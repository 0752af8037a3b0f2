//! What services tell each other, as domain types: the checked side of the wire.

use std::collections::BTreeMap;

use turncoat_learn::{Answers, ModelDigest, PartyId, PredictionVectors};
use turncoat_net::Address;

use crate::absence::Absence;

/// A party's announcement to the coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Name of the contract it speaks.
    pub protocol: String,
    /// Revision of the contract it speaks.
    pub revision: u32,
    /// Who it is.
    pub party: PartyId,
    /// Where it listens.
    pub address: Address,
    /// Records in its shard.
    pub records: u64,
    /// Features of its records.
    pub features: u32,
    /// The model that it has, if it has one.
    pub model_digest: Option<ModelDigest>,
}

/// How one party's training went.
#[derive(Clone, Debug, PartialEq)]
pub struct PartyFit {
    /// The party.
    pub party: PartyId,
    /// Records it trained on.
    pub records: u64,
    /// Fraction of them its model classifies right; `None` without records.
    pub train_accuracy: Option<f64>,
    /// Wall-clock time of the fit in milliseconds. For logs; no result may depend on it.
    pub fit_ms: f64,
    /// Bytes that its model takes in memory.
    pub model_bytes: u64,
    /// Of a decision tree, the records in its smallest leaf: how few records an answer may speak for.
    pub smallest_leaf: Option<u64>,
    /// Of a model that is trained in steps, whether these reached the optimum.
    pub converged: Option<bool>,
    /// By what its model is known again when the party comes back.
    pub model_digest: ModelDigest,
}

/// The federation's answer: vectors `[records, classes]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The point-wise mean over the parties that answered.
    pub mean: PredictionVectors,
    /// The parties that did not, by records and party, ascending; empty when all did.
    pub missing: Vec<Absence>,
}

/// The federation's answer with its parts. All vectors are `[records, classes]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedPrediction {
    /// The point-wise mean over the parties that answered.
    pub mean: PredictionVectors,
    /// What every party answered: no vector where it is missing.
    pub parties: BTreeMap<PartyId, Answers>,
    /// The parties that did not answer, by records and party, ascending; empty when all did.
    pub missing: Vec<Absence>,
}

/// How far a federation has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederationStatus {
    /// Revision of the contract that the coordinator speaks.
    pub revision: u32,
    /// Number of parties.
    pub parties: u32,
    /// Those that have joined, in order.
    pub joined: Vec<PartyId>,
    /// Whether all parties have a model.
    pub fitted: bool,
    /// Features of the parties' records, once one has joined.
    pub features: Option<u32>,
    /// Classes, once fitted.
    pub classes: Option<u32>,
    /// Most records that one call may ask about, if there is a bound.
    pub records_per_call: Option<u32>,
    /// Largest message that the coordinator accepts, in bytes, if it says.
    pub message_bytes: Option<u64>,
    /// Longest time that a call may take, in milliseconds, if it says.
    pub request_ms: Option<u64>,
}

impl FederationStatus {
    /// The parties that have not joined, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<PartyId> {
        PartyId::first(self.parties).filter(|party| !self.joined.contains(party)).collect()
    }
}

/// How far a party has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyStatus {
    /// Revision of the contract that the party speaks.
    pub revision: u32,
    /// Who it is.
    pub party: PartyId,
    /// Records in its shard.
    pub records: u64,
    /// Features of its records.
    pub features: u32,
    /// Whether it has a model.
    pub fitted: bool,
    /// By what its model is known, if it has one.
    pub model_digest: Option<ModelDigest>,
}
