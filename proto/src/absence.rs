//! Parties that are missing from an answer, and why. A reason holds no address, port or time: it may stand in a report.

use std::fmt;
use std::ops::Range;

use turncoat_learn::PartyId;

/// Why a party is missing from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AbsenceReason {
    /// It cannot be reached, or its connection broke in the middle of the call, and it did not come back in time.
    Unreachable,
    /// It answered that it is not available.
    Unavailable,
    /// It did not answer in time.
    Deadline,
    /// Its answer was rejected; [`Account::rejected`](crate::account::Account::rejected) says what for.
    Invalid,
    /// It answered that it cannot do what it was asked.
    Failed,
    /// It was not asked, since it had been missing from several calls in a row.
    Skipped,
    /// It came back with another model than the one that it was fitted with, or with none.
    OtherModel,
    /// The answer does not say: who sees the mean only is told who is missing, not why.
    Untold,
}

/// A party that is missing from the answer to some of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The records in question, by their rows in the request.
    pub rows: Range<usize>,
    /// Number of the first of them among all queries of the federation; the others follow it.
    pub first_query: u64,
    /// The party.
    pub party: PartyId,
    /// Why.
    pub reason: AbsenceReason,
}

impl AbsenceReason {
    /// In one word, as a report writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unavailable => "unavailable",
            Self::Deadline => "deadline",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::OtherModel => "other_model",
            Self::Untold => "untold",
        }
    }
}

impl fmt::Display for AbsenceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
