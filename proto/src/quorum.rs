//! How many parties must answer for the federation to answer.

use std::fmt;
use std::str::FromStr;

/// How many parties must answer for the federation to answer. The mean is over those that did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quorum {
    /// Every party: a call without one of them is refused.
    #[default]
    All,
    /// So many, at least 1 and at most the number of parties.
    AtLeast(u32),
}

/// A quorum that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuorumError {
    /// A text that is none.
    #[error("`{0}` is no quorum; write `all` or `at_least:N`")]
    Text(String),
    /// Nobody, or more than there are.
    #[error("at least {requested} of {parties} parties cannot be asked for; from 1 to {parties} can")]
    OutOfRange {
        /// Parties that it asks for.
        requested: u32,
        /// Parties of the federation.
        parties: u32,
    },
}

impl Quorum {
    /// The quorum, if a federation of that many parties can reach it and cannot do without anybody.
    ///
    /// # Errors
    /// [`QuorumError::OutOfRange`].
    pub fn check(self, parties: u32) -> Result<Self, QuorumError> {
        match self {
            Self::AtLeast(requested) if requested == 0 || requested > parties => {
                Err(QuorumError::OutOfRange { requested, parties })
            }
            _ => Ok(self),
        }
    }

    /// Parties that must answer, of so many.
    #[must_use]
    pub fn needed(self, parties: u32) -> u32 {
        match self {
            Self::All => parties,
            Self::AtLeast(requested) => requested,
        }
    }
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::AtLeast(requested) => write!(f, "at_least:{requested}"),
        }
    }
}

impl FromStr for Quorum {
    type Err = QuorumError;

    fn from_str(text: &str) -> Result<Self, QuorumError> {
        let at_least = || text.strip_prefix("at_least:").and_then(|n| n.parse().ok()).filter(|&n| n > 0);
        match text {
            "all" => Ok(Self::All),
            _ => at_least().map(Self::AtLeast).ok_or_else(|| QuorumError::Text(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_survives_its_text_and_others_are_refused() {
        for quorum in [Quorum::All, Quorum::AtLeast(1), Quorum::AtLeast(12)] {
            assert_eq!(quorum.to_string().parse(), Ok(quorum));
        }
        for text in ["", "none", "at_least", "at_least:", "at_least:0", "at_least:-1", "2"] {
            assert!(text.parse::<Quorum>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_quorum_is_within_the_parties() {
        assert_eq!(Quorum::All.check(3).map(|quorum| quorum.needed(3)), Ok(3));
        assert_eq!(Quorum::AtLeast(2).check(3).map(|quorum| quorum.needed(3)), Ok(2));
        assert_eq!(Quorum::AtLeast(3).check(3), Ok(Quorum::AtLeast(3)));
        assert!(Quorum::AtLeast(0).check(3).is_err());
        let error = Quorum::AtLeast(4).check(3).unwrap_err().to_string();
        assert_eq!(error, "at least 4 of 3 parties cannot be asked for; from 1 to 3 can");
    }
}
