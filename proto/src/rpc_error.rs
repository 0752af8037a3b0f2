//! A call that failed: who was asked, which rpc, and what went wrong, as a caller can act on it.

use std::fmt;

use turncoat_learn::PartyId;
use turncoat_net::Address;

use crate::absence::AbsenceReason;
use crate::limits::Limit;
use crate::violation::Violation;

/// Who was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The coordinator.
    Coordinator(Address),
    /// A party.
    Party(PartyId, Address),
    /// An adversary.
    Adversary(Address),
}

impl Peer {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &Address {
        match self {
            Self::Coordinator(address) | Self::Party(_, address) | Self::Adversary(address) => address,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coordinator(address) => write!(f, "coordinator at {address}"),
            Self::Party(party, address) => write!(f, "{party} at {address}"),
            Self::Adversary(address) => write!(f, "adversary at {address}"),
        }
    }
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{peer}: {rpc}: {failure}")]
pub struct RpcError {
    /// Who was asked.
    pub peer: Peer,
    /// What for.
    pub rpc: &'static str,
    /// What went wrong.
    pub failure: RpcFailure,
}

/// What went wrong with a call.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RpcFailure {
    /// The peer cannot be reached, or went away in the middle of the call.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The peer answered that it is not available.
    #[error("not available: {0}")]
    Declined(String),
    /// The peer did not answer in time.
    #[error("no answer within {0} ms")]
    DeadlineExceeded(u64),
    /// The caller's role may not do that.
    #[error("permission denied: {0}")]
    PermissionDenied(String),
    /// One of both sides does not prove to the other who it is.
    #[error("unauthenticated: {0}")]
    Unauthenticated(String),
    /// The peer found the request malformed.
    #[error("invalid request: {0}")]
    InvalidRequest(String),
    /// The peer's answer breaks the contract.
    #[error("invalid answer: {0}")]
    InvalidAnswer(Violation),
    /// The peer speaks another revision of the contract.
    #[error(
        "the peer speaks revision {theirs} of the contract, this side {ours}; run the same version on both"
    )]
    VersionMismatch {
        /// Revision of this side.
        ours: u32,
        /// Revision of the peer.
        theirs: u32,
    },
    /// It is not the time for that call.
    #[error("not possible now: {0}")]
    Precondition(String),
    /// The place is taken.
    #[error("already there: {0}")]
    AlreadyExists(String),
    /// The peer answered for a party, and that party is at fault.
    #[error("{message}")]
    Party {
        /// The party.
        party: PartyId,
        /// Its fault.
        fault: PartyFault,
        /// The whole story, with the party's name and address.
        message: String,
    },
    /// Fewer parties answered than the quorum asks for.
    #[error("{message}")]
    Quorum {
        /// The first party that did not.
        party: PartyId,
        /// Why it did not.
        reason: AbsenceReason,
        /// The whole story.
        message: String,
    },
    /// The call would go over a limit of the peer.
    #[error("{message}")]
    Limited {
        /// The limit.
        limit: Limit,
        /// What it is, and what was asked.
        message: String,
    },
    /// The peer failed for a reason of its own.
    #[error("failed: {0}")]
    Internal(String),
}

/// What a party did to make a call on the whole federation fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyFault {
    /// It cannot be reached or went away.
    Unavailable,
    /// It did not answer in time.
    Deadline,
    /// Its answer breaks the contract.
    InvalidAnswer,
    /// It said that it cannot.
    Failed,
}

impl RpcError {
    /// The party at fault, if one is: the one asked, or the one that the peer names.
    #[must_use]
    pub fn party(&self) -> Option<PartyId> {
        match (&self.failure, &self.peer) {
            (RpcFailure::Party { party, .. } | RpcFailure::Quorum { party, .. }, _)
            | (_, Peer::Party(party, _)) => Some(*party),
            _ => None,
        }
    }
}
