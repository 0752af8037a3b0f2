//! Who a caller is, and who is shown single parties' vectors.

use std::fmt;
use std::str::FromStr;

use turncoat_learn::PartyId;

/// Who a caller is. A certificate or a token stands for exactly one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The experimenter: starts training and measures accuracies.
    Operator,
    /// The coordinator, as that one party knows it. Each party has its own, so that no party learns a token that
    /// another party obeys.
    Coordinator(PartyId),
    /// A member of the federation.
    Party(PartyId),
    /// A user of the federation's answers.
    Outsider,
    /// Whoever looks over the coordinator's shoulder: the malicious aggregator.
    Aggregator,
    /// Who challenges an adversary. It has no rights at the coordinator, so an adversary gains nothing by knowing it.
    Challenger,
}

/// Who sees single parties' prediction vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disclosure {
    /// All members do (Truex et al., section 4.7).
    #[default]
    Open,
    /// Only the coordinator does; members and outsiders see the mean.
    Aggregator,
}

/// A text that names no role or no disclosure rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}; there are {allowed}")]
pub struct NameError {
    what: &'static str,
    text: String,
    allowed: &'static str,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Coordinator(party) => write!(f, "coordinator@{party}"),
            Self::Party(party) => party.fmt(f),
            Self::Outsider => f.write_str("outsider"),
            Self::Aggregator => f.write_str("aggregator"),
            Self::Challenger => f.write_str("challenger"),
        }
    }
}

impl FromStr for Role {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let party =
            |text: &str| text.strip_prefix("party-").and_then(|n| n.parse().ok()).and_then(PartyId::new);
        let role = match text {
            "operator" => Some(Self::Operator),
            "outsider" => Some(Self::Outsider),
            "aggregator" => Some(Self::Aggregator),
            "challenger" => Some(Self::Challenger),
            other => match other.strip_prefix("coordinator@") {
                Some(at) => party(at).map(Self::Coordinator),
                None => party(other).map(Self::Party),
            },
        };
        role.ok_or_else(|| NameError {
            what: "role",
            text: text.into(),
            allowed: "operator, coordinator@party-N, party-N, outsider, aggregator and challenger",
        })
    }
}

impl fmt::Display for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Aggregator => "aggregator",
        })
    }
}

impl FromStr for Disclosure {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text {
            "open" => Ok(Self::Open),
            "aggregator" => Ok(Self::Aggregator),
            _ => Err(NameError {
                what: "disclosure rule",
                text: text.into(),
                allowed: "`open` and `aggregator`",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_survives_its_text() {
        let third = PartyId::new(3).unwrap();
        for role in [
            Role::Operator,
            Role::Coordinator(third),
            Role::Party(third),
            Role::Outsider,
            Role::Aggregator,
            Role::Challenger,
        ] {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        for text in ["", "party-0", "party-", "coordinator", "coordinator@3", "root"] {
            assert!(text.parse::<Role>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_disclosure_rule_survives_its_text() {
        assert_eq!("open".parse(), Ok(Disclosure::Open));
        assert_eq!(Disclosure::Aggregator.to_string().parse(), Ok(Disclosure::Aggregator));
        assert!("none".parse::<Disclosure>().unwrap_err().to_string().contains("`open` and `aggregator`"));
    }
}
