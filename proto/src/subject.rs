//! Whom a certificate names: a member of a federation.

use std::fmt;
use std::str::FromStr;

use turncoat_learn::PartyId;
use turncoat_net::PeerName;

use crate::role::Role;

/// Whom a certificate names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The hub.
    Coordinator,
    /// The experimenter.
    Operator,
    /// Who puts questions to adversaries.
    Challenger,
    /// A client without a stake.
    Outsider,
    /// Whoever runs the hub, as an adversary.
    Aggregator,
    /// A data owner.
    Party(PartyId),
}

/// A text that names no member of a federation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no member; there are coordinator, operator, challenger, outsider, aggregator and party-N"
)]
pub struct SubjectError(String);

impl Subject {
    /// Everybody in a federation of that many parties.
    pub fn everybody(parties: u32) -> impl Iterator<Item = Self> {
        [Self::Coordinator, Self::Operator, Self::Challenger, Self::Outsider, Self::Aggregator]
            .into_iter()
            .chain(PartyId::first(parties).map(Self::Party))
    }

    /// Who plays a role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        match role {
            Role::Operator => Self::Operator,
            Role::Coordinator(_) => Self::Coordinator,
            Role::Party(party) => Self::Party(party),
            Role::Outsider => Self::Outsider,
            Role::Aggregator => Self::Aggregator,
            Role::Challenger => Self::Challenger,
        }
    }

    /// The role that this caller plays towards `host`; none for the coordinator, which calls parties only.
    #[must_use]
    pub fn role_towards(self, host: Self) -> Option<Role> {
        match (self, host) {
            (Self::Coordinator, Self::Party(party)) => Some(Role::Coordinator(party)),
            (Self::Coordinator, _) => None,
            (Self::Operator, _) => Some(Role::Operator),
            (Self::Challenger, _) => Some(Role::Challenger),
            (Self::Outsider, _) => Some(Role::Outsider),
            (Self::Aggregator, _) => Some(Role::Aggregator),
            (Self::Party(party), _) => Some(Role::Party(party)),
        }
    }
}

impl From<Subject> for PeerName {
    fn from(subject: Subject) -> Self {
        Self::new(&subject.to_string())
    }
}

impl TryFrom<&PeerName> for Subject {
    type Error = SubjectError;

    fn try_from(name: &PeerName) -> Result<Self, SubjectError> {
        name.as_str().parse()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coordinator => f.write_str("coordinator"),
            Self::Operator => f.write_str("operator"),
            Self::Challenger => f.write_str("challenger"),
            Self::Outsider => f.write_str("outsider"),
            Self::Aggregator => f.write_str("aggregator"),
            Self::Party(party) => party.fmt(f),
        }
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        match text {
            "coordinator" => Ok(Self::Coordinator),
            "operator" => Ok(Self::Operator),
            "challenger" => Ok(Self::Challenger),
            "outsider" => Ok(Self::Outsider),
            "aggregator" => Ok(Self::Aggregator),
            other => match other.parse() {
                Ok(Role::Party(party)) => Ok(Self::Party(party)),
                _ => Err(SubjectError(text.chars().take(80).collect())),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_survives_its_name() {
        for subject in Subject::everybody(2) {
            assert_eq!(subject.to_string().parse(), Ok(subject));
            assert_eq!(Subject::try_from(&PeerName::from(subject)), Ok(subject));
        }
        for name in ["party-0", "party-1.turncoat.internal", "root", ""] {
            assert!(Subject::try_from(&PeerName::new(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn the_coordinator_is_one_to_parties_only() {
        let second = Subject::Party(PartyId::new(2).unwrap());
        let role = Subject::Coordinator.role_towards(second);
        assert_eq!(role, Some(Role::Coordinator(PartyId::new(2).unwrap())));
        assert_eq!(Subject::Coordinator.role_towards(Subject::Coordinator), None);
        for subject in Subject::everybody(3).skip(1) {
            assert_eq!(subject.role_towards(Subject::Coordinator).map(Subject::of), Some(subject));
        }
    }
}
