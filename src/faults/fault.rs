//! What a scenario can let happen to a federation. Queries count from 1, from the federation's first training on, over all
//! adversaries; what is to happen at a query happens with the call that holds it. Nothing happens to what the experimenter asks to
//! measure.

use std::fmt;

use serde::{Deserialize, Serialize};
use turncoat_learn::PartyId;

use super::lie::Lie;

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A party's process ends before it answers the first call that reaches a query.
    Crash {
        /// Who.
        party: PartyId,
        /// The query.
        at: u64,
    },
    /// After the crash before it in the list, the party is started again at once and goes on with its saved model.
    Restart {
        /// Who.
        party: PartyId,
        /// It answers from the first call that reaches this query on, and refuses until then; `None` for at once.
        at: Option<u64>,
    },
    /// Some of a party's answers are late.
    Delay {
        /// Who.
        party: PartyId,
        /// By how much, in milliseconds.
        ms: u64,
        /// Of how many of its calls, above 0 and at most 1.
        fraction: f64,
    },
    /// Some of a party's answers never come.
    Drop {
        /// Who.
        party: PartyId,
        /// Of how many of its calls, above 0 and at most 1.
        fraction: f64,
    },
    /// Some of a party's answers are spoilt.
    Corrupt {
        /// Who.
        party: PartyId,
        /// In which way.
        how: Corruption,
        /// Of how many of its calls, above 0 and at most 1.
        fraction: f64,
    },
    /// Parties cannot be reached in any call that holds a query of a range, both ends included.
    Partition {
        /// Who, in ascending order, at least one.
        parties: Vec<PartyId>,
        /// The first query.
        from: u64,
        /// The last query, not before the first.
        to: u64,
    },
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    /// The first probability is not a number.
    Nan,
    /// Every probability is half of what it was, so that no vector sums to one.
    Unnormalised,
    /// The last vector is missing.
    WrongLength,
    /// The answer to the question before.
    Stale,
}

/// A party whose vectors are valid and false.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Byzantine {
    /// Who.
    pub party: PartyId,
    /// What it says instead of the truth.
    pub lie: Lie,
}

impl Fault {
    /// Whom it befalls.
    #[must_use]
    pub fn parties(&self) -> Vec<PartyId> {
        match self {
            Self::Crash { party, .. }
            | Self::Restart { party, .. }
            | Self::Delay { party, .. }
            | Self::Drop { party, .. }
            | Self::Corrupt { party, .. } => vec![*party],
            Self::Partition { parties, .. } => parties.clone(),
        }
    }

    /// As a scenario calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Crash { .. } => "crash",
            Self::Restart { .. } => "restart",
            Self::Delay { .. } => "delay",
            Self::Drop { .. } => "drop",
            Self::Corrupt { .. } => "corrupt",
            Self::Partition { .. } => "partition",
        }
    }
}

impl Corruption {
    /// All of them, as scenarios write them.
    pub const NAMES: [(&str, Self); 4] = [
        ("nan", Self::Nan),
        ("unnormalised", Self::Unnormalised),
        ("wrong_length", Self::WrongLength),
        ("stale", Self::Stale),
    ];
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(_, corruption)| corruption == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}
