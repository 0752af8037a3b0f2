//! What a coordinator did: the operator asks for it to tell, in a report, what was refused and what is degraded.
//!
//! Two runs of the same calls in the same order give the same account: nothing in it is an address or a time.

use std::collections::BTreeMap;
use std::fmt;

use turncoat_learn::{PartyId, PredictionViolation};

use crate::absence::AbsenceReason;
use crate::convert::vectors::ANSWERED_QUERY;
use crate::limits::Limit;
use crate::role::Role;
use crate::violation::Violation;

/// What was asked, answered, refused and missing since a coordinator started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What each role asked that asked anything.
    pub clients: BTreeMap<Role, ClientAccount>,
    /// What became of the calls to each party.
    pub parties: BTreeMap<PartyId, PartyAccount>,
    /// Answers that were rejected, by party and rule.
    pub rejected: Vec<RejectedAnswers>,
    /// Queries that were answered by fewer parties than all, ascending.
    pub degraded: Vec<DegradedAnswers>,
}

/// What one client asked. `asked` is the sum of `answered`, of the queries of all refusals, and of `failed`, once no call is
/// under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientAccount {
    /// Queries in calls whose records could be read.
    pub asked: u64,
    /// Queries that were answered.
    pub answered: u64,
    /// Calls that were refused.
    pub refused: BTreeMap<Limit, Refused>,
    /// Queries that got no answer for another reason: a caller that went away, or records that do not fit the federation.
    pub failed: u64,
}

/// Calls that a limit refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// Calls.
    pub calls: u64,
    /// Queries in them, as far as these could be read: a message that is too large is not read.
    pub queries: u64,
}

/// What became of the calls to one party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartyAccount {
    /// Attempts beyond the first of a call, at a party that could be reached. (How often a connection to one that is away is tried
    /// depends on the clock.)
    pub retries: u64,
    /// How often it was given up on for a number of calls.
    pub circuits_opened: u64,
    /// How often it came back with its model.
    pub rejoined: u64,
}

/// Answers of one party that broke one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedAnswers {
    /// The party.
    pub party: PartyId,
    /// The rule.
    pub reason: InvalidAnswer,
    /// Answers.
    pub count: u64,
    /// Number of the first query of the example.
    pub first_query: u64,
    /// What was wrong with the answer that has the smallest such number.
    pub example: String,
}

/// Queries in a row of one client that were answered without the same parties for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DegradedAnswers {
    /// The client.
    pub client: Role,
    /// Number of the first query.
    pub first_query: u64,
    /// Queries, at least 1.
    pub rows: u64,
    /// The parties that were missing, ascending, at least one.
    pub missing: Vec<(PartyId, AbsenceReason)>,
}

/// Rules that a party's answer can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvalidAnswer {
    /// A value that is not a finite number.
    NotFinite,
    /// A probability below zero or above one.
    OutOfRange,
    /// A vector that does not sum to one.
    Unnormalised,
    /// More or fewer vectors than records.
    WrongLength,
    /// More or fewer probabilities a vector than classes.
    WrongClasses,
    /// No vectors at all, or a flat matrix that is no whole number of rows.
    Malformed,
    /// The answer to another question.
    Stale,
}

impl InvalidAnswer {
    /// The rule that an answer broke.
    #[must_use]
    pub fn of(violation: &Violation) -> Self {
        match violation {
            Violation::Vectors { violation, .. } => match violation {
                PredictionViolation::NotFinite { .. } => Self::NotFinite,
                PredictionViolation::OutOfRange { .. } => Self::OutOfRange,
                PredictionViolation::Sum { .. } => Self::Unnormalised,
                PredictionViolation::Shape { classes, got_classes, .. } if classes != got_classes => {
                    Self::WrongClasses
                }
                PredictionViolation::Shape { .. } => Self::WrongLength,
            },
            Violation::Value { field: ANSWERED_QUERY, .. } => Self::Stale,
            _ => Self::Malformed,
        }
    }

    /// In one word, as a report writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::OutOfRange => "out_of_range",
            Self::Unnormalised => "unnormalised",
            Self::WrongLength => "wrong_length",
            Self::WrongClasses => "wrong_classes",
            Self::Malformed => "malformed",
            Self::Stale => "stale",
        }
    }
}

impl fmt::Display for InvalidAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
