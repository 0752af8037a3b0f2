//! What keeps a challenge from being made or claims from being scored.

use turncoat_learn::PartyId;

/// A challenge that cannot be made, or claims that are no answer to it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChallengeError {
    /// Nobody to ask about.
    #[error("a challenge needs at least one candidate party")]
    NoCandidates,
    /// A candidate without a list of records, or named twice.
    #[error("{0} is named as a candidate but is no party of the federation, or is named twice")]
    Candidate(PartyId),
    /// No candidate was given a record.
    #[error("none of the candidate parties holds a record to ask about")]
    NoMembers,
    /// Every record is in a shard.
    #[error(
        "no record was held out, so there are no non-members to ask about; lower records_per_party, or bring more data"
    )]
    NoNonMembers,
    /// Members and held-out records share no class.
    #[error(
        "no class has both members and held-out records, so non-members cannot be matched to members; lower records_per_party"
    )]
    NoMatch,
    /// A row that the data set does not have.
    #[error("row {row} is asked about, but the data set has {rows}")]
    Row {
        /// The row, from zero.
        row: usize,
        /// Rows there are.
        rows: usize,
    },
    /// A label that names no class.
    #[error("row {row} has label {label}, but there are {classes} classes")]
    Label {
        /// The row, from zero.
        row: usize,
        /// Its label.
        label: u32,
        /// Number of classes.
        classes: usize,
    },
    /// A row with two owners, or both in a shard and held out.
    #[error("row {0} is in two shards, or in one and held out: shards must be disjoint")]
    Overlap(usize),
    /// Too few or too many claims.
    #[error("{expected} records were asked about and {got} claims came back")]
    Length {
        /// Records asked about.
        expected: usize,
        /// Claims.
        got: usize,
    },
    /// A claim with an unusable score.
    #[error("claim {place} has score {score}, which is not a finite number")]
    Score {
        /// The claim, from zero.
        place: usize,
        /// Its score.
        score: f64,
    },
    /// A claim that names a party out of the question.
    #[error("claim {place} names {party}, which is not among the candidates")]
    Claimed {
        /// The claim, from zero.
        place: usize,
        /// The party it names.
        party: PartyId,
    },
}
