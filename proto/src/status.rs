//! What a service refuses, and the one table from there to gRPC status codes; and the way back, from a status to an
//! [`RpcFailure`].

use prost::Message;
use tonic::{Code, Status};
use turncoat_learn::{LearnerError, ModelDigest, PartyId};
use turncoat_net::identity::refused_by_host;
use turncoat_net::transport::{root_cause, untrusted};

use crate::absence::AbsenceReason;
use crate::convert::absence::anybody;
use crate::limits::Limit;
use crate::quorum::Quorum;
use crate::role::{Disclosure, Role};
use crate::rpc_error::{PartyFault, RpcError, RpcFailure};
use crate::violation::Violation;
use crate::wire;

/// Why a service does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No proof of who the caller is, or one that nobody here knows.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The role may not call that.
    #[error("{role} may not call {rpc} under disclosure `{disclosure}`: {rule}")]
    Forbidden {
        /// Who asked.
        role: Role,
        /// For what.
        rpc: &'static str,
        /// The disclosure rule of the federation.
        disclosure: Disclosure,
        /// Who may.
        rule: &'static str,
    },
    /// The service is for one kind of caller only.
    #[error("{role} may not call {rpc}: {rule}")]
    WrongCaller {
        /// Who asked.
        role: Role,
        /// For what.
        rpc: &'static str,
        /// Who may.
        rule: &'static str,
    },
    /// A malformed message.
    #[error(transparent)]
    Malformed(#[from] Violation),
    /// A batch whose answer would not fit in a message.
    #[error("records has {rows} rows; at most {most} can be answered in one message")]
    TooLarge {
        /// Rows asked about.
        rows: usize,
        /// Rows that could be.
        most: usize,
    },
    /// A peer of another version.
    #[error(
        "the caller speaks revision {theirs} of `{protocol}`, this side revision {ours} of `{}`; run the same version of turncoat on both",
        crate::wire::PROTOCOL
    )]
    Version {
        /// Revision of this side.
        ours: u32,
        /// Revision of the caller.
        theirs: u32,
        /// The caller's protocol name.
        protocol: String,
    },
    /// A party beyond the federation's number.
    #[error("{party} cannot join a federation of {parties} parties")]
    UnknownParty {
        /// The party.
        party: PartyId,
        /// Number of parties.
        parties: u32,
    },
    /// A party that joined from elsewhere.
    #[error("{party} has already joined from {address}")]
    AlreadyJoined {
        /// The party.
        party: PartyId,
        /// Where it is.
        address: String,
    },
    /// Parties whose records differ in width.
    #[error("{party} has records of {features} features, but those of {other} have {expected}")]
    Features {
        /// The party.
        party: PartyId,
        /// Its features.
        features: u32,
        /// A party that joined before.
        other: PartyId,
        /// That party's features.
        expected: u32,
    },
    /// Too early: parties are missing.
    #[error("not all parties have joined: {} missing", list(.0))]
    NotJoined(Vec<PartyId>),
    /// Too early: no model.
    #[error("there is no model yet: call Fit first")]
    NotFitted,
    /// A fit is under way.
    #[error("a fit is under way")]
    Busy,
    /// The shard does not fit the order.
    #[error("{0}")]
    Shard(String),
    /// A learner or model refused.
    #[error(transparent)]
    Learner(#[from] LearnerError),
    /// A party failed a call on the whole federation.
    #[error("{source}")]
    Party {
        /// The party.
        party: PartyId,
        /// How it failed.
        source: Box<RpcError>,
    },
    /// Fewer parties answered than the quorum asks for.
    #[error("{answered} of {parties} parties answered where {quorum} must: {why}")]
    Quorum {
        /// Parties that answered.
        answered: u32,
        /// Parties of the federation.
        parties: u32,
        /// The rule.
        quorum: Quorum,
        /// The first party that did not.
        party: PartyId,
        /// Why it did not.
        reason: AbsenceReason,
        /// The same at length, for each of them.
        why: String,
    },
    /// The call would go over a limit.
    #[error("{limit}: {message}")]
    Limit {
        /// The limit.
        limit: Limit,
        /// What it is, and what was asked.
        message: String,
    },
    /// A party that comes back with another model, or with none.
    #[error(
        "{party} was fitted with model {expected}, and comes back with {}; start it with its saved model",
        .got.map_or_else(|| "none".into(), |digest| format!("model {}", digest.short())), expected = .expected.short()
    )]
    OtherModel {
        /// The party.
        party: PartyId,
        /// The model that it was fitted with.
        expected: ModelDigest,
        /// The one that it has now.
        got: Option<ModelDigest>,
    },
    /// A fault of this side.
    #[error("{0}")]
    Internal(String),
}

fn list(parties: &[PartyId]) -> String {
    parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Refusal {
    /// The refusal of a caller whom this service does not answer, which is one line of the log.
    #[must_use]
    pub fn wrong_caller(role: Role, rpc: &'static str, rule: &'static str) -> Self {
        tracing::info!(%role, rpc, rule, "refused");
        Self::WrongCaller { role, rpc, rule }
    }

    /// The limit that refuses, if one does.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self {
            Self::Limit { limit, .. } => Some(*limit),
            Self::Quorum { .. } => Some(Limit::Quorum),
            _ => None,
        }
    }

    /// The table.
    fn code(&self) -> Code {
        match self {
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::Forbidden { .. } | Self::WrongCaller { .. } => Code::PermissionDenied,
            Self::Malformed(_) | Self::TooLarge { .. } | Self::UnknownParty { .. } => Code::InvalidArgument,
            Self::Version { .. }
            | Self::Features { .. }
            | Self::NotJoined(_)
            | Self::NotFitted
            | Self::Busy
            | Self::OtherModel { .. }
            | Self::Shard(_) => Code::FailedPrecondition,
            Self::Quorum { .. } => Code::Unavailable,
            Self::Limit { limit, .. } => match limit {
                Limit::RecordsPerCall => Code::InvalidArgument,
                Limit::RequestMs => Code::DeadlineExceeded,
                Limit::Quorum | Limit::KeepAliveMs | Limit::StalledMs => Code::Unavailable,
                Limit::QueriesPerClient
                | Limit::QueriesInAll
                | Limit::MessageBytes
                | Limit::ConcurrentCalls => Code::ResourceExhausted,
            },
            Self::AlreadyJoined { .. } => Code::AlreadyExists,
            Self::Learner(error) => match error {
                LearnerError::Width { .. }
                | LearnerError::NotFinite { .. }
                | LearnerError::Parameter { .. } => Code::InvalidArgument,
                LearnerError::File { .. } | LearnerError::Engine { .. } | LearnerError::Prepared => {
                    Code::Internal
                }
                // The rest is about the shard, which the caller of Fit does not send.
                _ => Code::FailedPrecondition,
            },
            Self::Party { source, .. } => match source.failure {
                RpcFailure::Unavailable(_) | RpcFailure::Declined(_) => Code::Unavailable,
                RpcFailure::DeadlineExceeded(_) => Code::DeadlineExceeded,
                // What the caller sent is at fault, and the party only the first to notice.
                RpcFailure::InvalidRequest(_) => Code::InvalidArgument,
                RpcFailure::Precondition(_) => Code::FailedPrecondition,
                _ => Code::Internal,
            },
            Self::Internal(_) => Code::Internal,
        }
    }

    fn detail(&self) -> Option<wire::ErrorDetail> {
        match self {
            Self::Version { ours, theirs, .. } => Some(wire::ErrorDetail {
                reason: wire::Reason::Version as i32,
                our_revision: *ours,
                their_revision: *theirs,
                ..Default::default()
            }),
            Self::Quorum { party, reason, .. } => Some(wire::ErrorDetail {
                party: party.get(),
                reason: wire::Reason::Quorum as i32,
                absence: reason.to_wire() as i32,
                ..Default::default()
            }),
            Self::Limit { limit, .. } => Some(wire::ErrorDetail {
                reason: wire::Reason::Limit as i32,
                limit: limit.to_wire() as i32,
                ..Default::default()
            }),
            Self::Party { party, source } => {
                let reason = match source.failure {
                    RpcFailure::Unavailable(_) | RpcFailure::Declined(_) => wire::Reason::PartyUnavailable,
                    RpcFailure::DeadlineExceeded(_) => wire::Reason::PartyDeadline,
                    RpcFailure::InvalidAnswer(_) => wire::Reason::PartyInvalidAnswer,
                    _ => wire::Reason::PartyFailed,
                };
                Some(wire::ErrorDetail { party: party.get(), reason: reason as i32, ..Default::default() })
            }
            _ => None,
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let details = refusal.detail().map(|detail| detail.encode_to_vec()).unwrap_or_default();
        Self::with_details(refusal.code(), refusal.to_string(), details.into())
    }
}

/// What a status that came back from a call means to its caller, who waited for at most `deadline_ms`.
pub(crate) fn failure_of(status: &Status, deadline_ms: u64) -> RpcFailure {
    // A status with a source was made on this side of the wire, out of a transport error.
    if let Some(cause) = std::error::Error::source(status) {
        return match status.code() {
            Code::Cancelled | Code::DeadlineExceeded => RpcFailure::DeadlineExceeded(deadline_ms),
            Code::OutOfRange | Code::ResourceExhausted => RpcFailure::Internal(status.message().into()),
            _ => match untrusted(cause) {
                Some(reason) => RpcFailure::Unauthenticated(reason),
                None => unreachable(root_cause(cause)),
            },
        };
    }
    let message = status.message().to_owned();
    if let Some(failure) = detailed(status, &message) {
        return failure;
    }
    match status.code() {
        Code::Unavailable => RpcFailure::Declined(message),
        Code::DeadlineExceeded => RpcFailure::DeadlineExceeded(deadline_ms),
        Code::PermissionDenied => RpcFailure::PermissionDenied(message),
        Code::Unauthenticated => RpcFailure::Unauthenticated(message),
        Code::InvalidArgument => RpcFailure::InvalidRequest(message),
        // Made on this side, out of an answer that is too large or no message.
        Code::OutOfRange | Code::DataLoss => RpcFailure::InvalidAnswer(Violation::Value {
            field: "message",
            value: message,
            rule: "a message within the size limit",
        }),
        Code::FailedPrecondition => RpcFailure::Precondition(message),
        Code::AlreadyExists => RpcFailure::AlreadyExists(message),
        // Without a source these come from a stream that the peer reset in the middle of an answer.
        Code::Cancelled | Code::Unknown => RpcFailure::Unavailable(message),
        code => RpcFailure::Internal(format!("{message} ({code:?})")),
    }
}

/// A connection that failed: for good if the host has refused this side's certificate.
pub(crate) fn unreachable(reason: String) -> RpcFailure {
    match refused_by_host(&reason) {
        Some(refused) => RpcFailure::Unauthenticated(refused),
        None => RpcFailure::Unavailable(reason),
    }
}

fn detailed(status: &Status, message: &str) -> Option<RpcFailure> {
    if status.details().is_empty() {
        return None;
    }
    let detail = wire::ErrorDetail::decode(status.details()).ok()?;
    let fault = match detail.reason() {
        wire::Reason::Unspecified => return None,
        wire::Reason::Version => {
            let (ours, theirs) = (detail.their_revision, detail.our_revision);
            return Some(RpcFailure::VersionMismatch { ours, theirs });
        }
        wire::Reason::Quorum => {
            let party = anybody(detail.party)?;
            let reason = AbsenceReason::from_wire(detail.absence());
            return Some(RpcFailure::Quorum { party, reason, message: message.into() });
        }
        wire::Reason::Limit => {
            let limit = Limit::from_wire(detail.limit())?;
            return Some(RpcFailure::Limited { limit, message: message.into() });
        }
        wire::Reason::PartyUnavailable => PartyFault::Unavailable,
        wire::Reason::PartyDeadline => PartyFault::Deadline,
        wire::Reason::PartyInvalidAnswer => PartyFault::InvalidAnswer,
        wire::Reason::PartyFailed => PartyFault::Failed,
    };
    let party = anybody(detail.party)?;
    Some(RpcFailure::Party { party, fault, message: message.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc_error::Peer;

    fn party_refusal(failure: RpcFailure) -> Refusal {
        let party = PartyId::new(2).unwrap();
        let peer = Peer::Party(party, "127.0.0.1:4000".parse().unwrap());
        Refusal::Party { party, source: Box::new(RpcError { peer, rpc: "PredictProba", failure }) }
    }

    #[test]
    fn a_party_at_fault_is_named_on_the_other_side() {
        let violation = Violation::Missing { field: "vectors" };
        for (failure, fault, code) in [
            (RpcFailure::Unavailable("gone".into()), PartyFault::Unavailable, Code::Unavailable),
            (RpcFailure::Declined("not now".into()), PartyFault::Unavailable, Code::Unavailable),
            (RpcFailure::DeadlineExceeded(5), PartyFault::Deadline, Code::DeadlineExceeded),
            (RpcFailure::InvalidAnswer(violation), PartyFault::InvalidAnswer, Code::Internal),
            (RpcFailure::Internal("out of luck".into()), PartyFault::Failed, Code::Internal),
        ] {
            let status = Status::from(party_refusal(failure));
            assert_eq!(status.code(), code);
            let RpcFailure::Party { party, fault: got, message } = failure_of(&status, 9) else {
                panic!("{status}")
            };
            assert_eq!((party.get(), got), (2, fault));
            assert!(message.contains("party-2 at 127.0.0.1:4000: PredictProba"), "{message}");
        }
    }

    #[test]
    fn versions_survive_the_status() {
        let refusal = Refusal::Version { ours: 7, theirs: 1, protocol: "turncoat.v1".into() };
        let status = Status::from(refusal);
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert!(status.message().contains("revision 7") && status.message().contains("revision 1"));
        assert_eq!(failure_of(&status, 9), RpcFailure::VersionMismatch { ours: 1, theirs: 7 });
    }

    #[test]
    fn limits_and_quorums_survive_the_status() {
        for (limit, code) in [
            (Limit::QueriesPerClient, Code::ResourceExhausted),
            (Limit::QueriesInAll, Code::ResourceExhausted),
            (Limit::ConcurrentCalls, Code::ResourceExhausted),
            (Limit::MessageBytes, Code::ResourceExhausted),
            (Limit::RecordsPerCall, Code::InvalidArgument),
            (Limit::RequestMs, Code::DeadlineExceeded),
        ] {
            let status = Status::from(Refusal::Limit { limit, message: "so much".into() });
            assert_eq!(status.code(), code);
            let message = format!("{limit}: so much");
            assert_eq!(failure_of(&status, 9), RpcFailure::Limited { limit, message });
        }
        let party = PartyId::new(2).unwrap();
        let reason = AbsenceReason::Skipped;
        let (why, quorum) = ("party-2: skipped".into(), Quorum::AtLeast(2));
        let status = Status::from(Refusal::Quorum { answered: 1, parties: 3, quorum, party, reason, why });
        assert_eq!(status.code(), Code::Unavailable);
        let message = "1 of 3 parties answered where at_least:2 must: party-2: skipped".into();
        assert_eq!(failure_of(&status, 9), RpcFailure::Quorum { party, reason, message });
    }

    #[test]
    fn another_model_is_told_by_both_digests() {
        let party = PartyId::new(2).unwrap();
        let expected = ModelDigest::new([0xab; 32]);
        let says = |got| Refusal::OtherModel { party, expected, got }.to_string();
        let reported = "party-2 was fitted with model abababababab, and comes back with ";
        assert!(says(None).starts_with(&format!("{reported}none;")), "{}", says(None));
        let other = says(Some(ModelDigest::new([1; 32])));
        assert!(other.starts_with(&format!("{reported}model 010101010101;")), "{other}");
    }

    #[test]
    fn details_that_are_garbage_are_ignored() {
        let status = Status::with_details(Code::Internal, "oops", vec![0xff, 0x01].into());
        assert!(matches!(failure_of(&status, 9), RpcFailure::Internal(_)));
    }
}
