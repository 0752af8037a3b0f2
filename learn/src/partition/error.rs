//! What can be wrong with a partition, and what a partition reports of itself.

use std::fmt;

use crate::party_id::PartyId;

/// A parameter outside its range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} is {value}: {rule}")]
pub struct PartitionViolation {
    /// The parameter, as the key path below `federation` of a scenario: `skew.dirichlet.alpha`.
    pub parameter: String,
    /// What was given.
    pub value: String,
    /// What is allowed.
    pub rule: String,
}

/// A class of which a party got fewer records than its share asks, because the pool (or its portion) ran dry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The party.
    pub party: PartyId,
    /// The class, from zero.
    pub class: usize,
    /// floor(q_c * records); under the clustered skew by largest remainders.
    pub wanted: usize,
    /// What was left.
    pub given: usize,
}

/// A party whose shard teaches next to nothing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Degenerate {
    /// A party without any record.
    NoRecord {
        /// The party.
        party: PartyId,
    },
    /// A party whose records are all of one class.
    SingleClass {
        /// The party.
        party: PartyId,
        /// The class's name.
        class: String,
    },
}

impl fmt::Display for Degenerate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecord { party } => write!(f, "{party} was given no record"),
            Self::SingleClass { party, class } => {
                write!(f, "{party} was given records of class {class} only")
            }
        }
    }
}

/// What keeps a data set from being partitioned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PartitionError {
    /// More records asked than there are.
    #[error(
        "{requested} records are requested ({records} for the parties, {auxiliary} auxiliary), but {name} has {available} ({}); \
         ask fewer records_per_party, fewer parties or fewer auxiliary records",
        list(by_class)
    )]
    TooFewRecords {
        /// The data set.
        name: String,
        /// Records asked in all.
        requested: usize,
        /// Records asked for the parties.
        records: usize,
        /// Records asked to be set aside.
        auxiliary: usize,
        /// Records there are.
        available: usize,
        /// Records there are of each class: its name and their number.
        by_class: Vec<(String, usize)>,
    },
    /// Explicit class shares for another number of classes than the data set has.
    #[error("skew.explicit has {given} shares a party, but {name} has {classes} classes")]
    Classes {
        /// The data set.
        name: String,
        /// Shares given.
        given: usize,
        /// Classes there are.
        classes: usize,
    },
    /// Parties that teach next to nothing, where the scenario forbids them.
    #[error("{}; `on_degenerate: warn` lets such parties take part", sentences(.0))]
    Degenerate(Vec<Degenerate>),
}

fn list(by_class: &[(String, usize)]) -> String {
    by_class.iter().map(|(class, count)| format!("{class}: {count}")).collect::<Vec<_>>().join(", ")
}

fn sentences(parties: &[Degenerate]) -> String {
    parties.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
