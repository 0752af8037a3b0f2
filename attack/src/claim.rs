//! What the challenger asks and what an adversary answers. A score is higher for member, or for a surer owner.

use turncoat_learn::PartyId;

/// The two questions of an insider attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Was the record in the training data of the parties in question?
    Membership,
    /// Given that it was, whose was it? (Truex et al., section 4.7.1)
    Source,
}

impl Question {
    /// `membership` or `source`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Membership => "membership",
            Self::Source => "source",
        }
    }
}

/// The answer on one record to [`Question::Membership`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MembershipClaim {
    /// Claimed to be in.
    pub member: bool,
    /// Finite; higher for member. `member` is a threshold on it.
    pub score: f64,
}

/// The answer on one record to [`Question::Source`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SourceClaim {
    /// The party claimed to own the record.
    pub party: PartyId,
    /// Finite; higher when the adversary is surer of it.
    pub score: f64,
}

/// The answers of one attack, one for each target and in their order. `None` is no claim: of that record the attack learnt
/// nothing, and it is scored on the others alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Claims {
    /// To [`Question::Membership`].
    Membership(Vec<Option<MembershipClaim>>),
    /// To [`Question::Source`].
    Source(Vec<Option<SourceClaim>>),
}

impl Claims {
    /// Number of answers.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Membership(claims) => claims.len(),
            Self::Source(claims) => claims.len(),
        }
    }

    /// Whether there is no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
