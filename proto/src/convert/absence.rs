//! Parties that are missing from an answer, and what a call was refused by.

use turncoat_learn::PartyId;

use super::{federation::ascending, party};
use crate::absence::AbsenceReason;
use crate::limits::Limit;
use crate::violation::Violation;
use crate::wire;

impl AbsenceReason {
    /// As a message has it.
    #[must_use]
    pub fn to_wire(self) -> wire::AbsenceReason {
        match self {
            Self::Unreachable => wire::AbsenceReason::Unreachable,
            Self::Unavailable => wire::AbsenceReason::Unavailable,
            Self::Deadline => wire::AbsenceReason::Deadline,
            Self::Invalid => wire::AbsenceReason::Invalid,
            Self::Failed => wire::AbsenceReason::Failed,
            Self::Skipped => wire::AbsenceReason::Skipped,
            Self::OtherModel => wire::AbsenceReason::OtherModel,
            Self::Untold => wire::AbsenceReason::Unspecified,
        }
    }

    /// Of a message.
    #[must_use]
    pub fn from_wire(reason: wire::AbsenceReason) -> Self {
        match reason {
            wire::AbsenceReason::Unreachable => Self::Unreachable,
            wire::AbsenceReason::Unavailable => Self::Unavailable,
            wire::AbsenceReason::Deadline => Self::Deadline,
            wire::AbsenceReason::Invalid => Self::Invalid,
            wire::AbsenceReason::Failed => Self::Failed,
            wire::AbsenceReason::Skipped => Self::Skipped,
            wire::AbsenceReason::OtherModel => Self::OtherModel,
            wire::AbsenceReason::Unspecified => Self::Untold,
        }
    }
}

/// Missing parties as a message.
#[must_use]
pub fn missing_to_wire(missing: &[(PartyId, AbsenceReason)]) -> Vec<wire::Absence> {
    let absence = |&(party, reason): &(PartyId, AbsenceReason)| wire::Absence {
        party: party.get(),
        reason: reason.to_wire() as i32,
    };
    missing.iter().map(absence).collect()
}

/// Missing parties of a message, in ascending order, nobody twice.
///
/// # Errors
/// [`Violation`]: out of order, party 0, or a reason that this revision does not know.
pub fn missing_from_wire(missing: &[wire::Absence]) -> Result<Vec<(PartyId, AbsenceReason)>, Violation> {
    let numbers: Vec<u32> = missing.iter().map(|absence| absence.party).collect();
    let parties = ascending(&numbers, "missing.party")?;
    let reason = |absence: &wire::Absence| match wire::AbsenceReason::try_from(absence.reason) {
        Ok(wire::AbsenceReason::Unspecified) | Err(_) => Err(Violation::Value {
            field: "missing.reason",
            value: absence.reason.to_string(),
            rule: "a reason of this revision",
        }),
        Ok(reason) => Ok(AbsenceReason::from_wire(reason)),
    };
    parties.into_iter().zip(missing).map(|(party, absence)| Ok((party, reason(absence)?))).collect()
}

/// Of `parties` parties, those that were averaged, of a message: at least one, in ascending order.
///
/// # Errors
/// [`Violation`]: nobody, out of order, or a party beyond the number.
pub fn averaged_from_wire(
    averaged: &[u32],
    field: &'static str,
    parties: u32,
) -> Result<Vec<PartyId>, Violation> {
    let averaged = ascending(averaged, field)?;
    match averaged.last() {
        None => Err(Violation::Missing { field }),
        Some(last) if last.get() > parties => {
            Err(Violation::Value { field, value: last.to_string(), rule: "within the number of parties" })
        }
        Some(_) => Ok(averaged),
    }
}

/// The number of a query, which counts from one.
///
/// # Errors
/// [`Violation`]: query 0.
pub fn query_from_wire(number: u64, field: &'static str) -> Result<u64, Violation> {
    if number == 0 {
        return Err(Violation::Value { field, value: "0".into(), rule: "queries count from 1" });
    }
    Ok(number)
}

impl Limit {
    /// As a message has it; unspecified for what no call is refused by.
    #[must_use]
    pub fn to_wire(self) -> wire::Limit {
        match self {
            Self::QueriesPerClient => wire::Limit::QueriesPerClient,
            Self::QueriesInAll => wire::Limit::QueriesInAll,
            Self::RecordsPerCall => wire::Limit::RecordsPerCall,
            Self::MessageBytes => wire::Limit::MessageBytes,
            Self::ConcurrentCalls => wire::Limit::ConcurrentCalls,
            Self::RequestMs => wire::Limit::RequestMs,
            Self::Quorum => wire::Limit::Quorum,
            Self::KeepAliveMs | Self::StalledMs => wire::Limit::Unspecified,
        }
    }

    /// Of a message.
    #[must_use]
    pub fn from_wire(limit: wire::Limit) -> Option<Self> {
        match limit {
            wire::Limit::Unspecified => None,
            wire::Limit::QueriesPerClient => Some(Self::QueriesPerClient),
            wire::Limit::QueriesInAll => Some(Self::QueriesInAll),
            wire::Limit::RecordsPerCall => Some(Self::RecordsPerCall),
            wire::Limit::MessageBytes => Some(Self::MessageBytes),
            wire::Limit::ConcurrentCalls => Some(Self::ConcurrentCalls),
            wire::Limit::RequestMs => Some(Self::RequestMs),
            wire::Limit::Quorum => Some(Self::Quorum),
        }
    }
}

/// A digest of a message: 32 bytes.
///
/// # Errors
/// [`Violation::Length`].
pub(crate) fn digest_from_wire(bytes: &[u8]) -> Result<turncoat_learn::ModelDigest, Violation> {
    let wrong = Violation::Length { field: "model_digest", got: bytes.len(), expected: 32 };
    Ok(turncoat_learn::ModelDigest::new(bytes.try_into().map_err(|_| wrong)?))
}

/// The party of a message that names one, or nobody for 0.
pub(crate) fn anybody(number: u32) -> Option<PartyId> {
    party(number, "party").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parties_survive_the_wire_and_wrong_ones_are_refused() {
        use AbsenceReason::{Deadline, Failed, Invalid, OtherModel, Skipped, Unavailable, Unreachable};
        let all = [Unreachable, Unavailable, Deadline, Invalid, Failed, Skipped, OtherModel];
        let missing: Vec<_> = PartyId::first(7).zip(all).collect();
        assert_eq!(missing_from_wire(&missing_to_wire(&missing)).unwrap(), missing);
        let good = missing_to_wire(&missing);
        let twice = [good[1], good[1]];
        assert!(missing_from_wire(&twice).unwrap_err().to_string().contains("each party once"));
        for reason in [0, 99] {
            let odd = [wire::Absence { reason, ..good[0] }];
            assert!(missing_from_wire(&odd).unwrap_err().to_string().contains("missing.reason"), "{reason}");
        }
    }

    #[test]
    fn somebody_was_averaged_and_nobody_who_is_not_there() {
        let ids = |numbers: &[u32]| averaged_from_wire(numbers, "averaged", 3).map(|ids| ids.len());
        assert_eq!((ids(&[1, 2, 3]), ids(&[2])), (Ok(3), Ok(1)));
        assert!(ids(&[]).is_err() && ids(&[0]).is_err() && ids(&[4]).is_err() && ids(&[2, 1]).is_err());
    }

    #[test]
    fn a_limit_that_refuses_calls_survives_the_wire() {
        for number in 1..=7 {
            let limit = Limit::from_wire(wire::Limit::try_from(number).unwrap()).unwrap();
            assert_eq!(limit.to_wire() as i32, number);
        }
    }

    #[test]
    fn a_digest_has_32_bytes() {
        assert_eq!(digest_from_wire(&[7; 32]).unwrap().as_bytes(), &[7; 32]);
        assert!(digest_from_wire(&[7; 31]).is_err() && digest_from_wire(&[]).is_err());
    }
}
