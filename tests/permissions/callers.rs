//! Everybody who might call, and everything that might be called.

use std::time::{Duration, SystemTime};

use turncoat_learn::PartyId;
use turncoat_net::{Authority, Certificate, Proof, Token, Validity};
use turncoat_proto::Subject;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Operator,
    FirstParty,
    OtherParty,
    Outsider,
    Aggregator,
    Challenger,
    Coordinator,
    /// An operator, of another federation.
    Foreign,
    /// An operator whose certificate has expired.
    Expired,
    /// Nobody in particular, over TLS without a certificate of its own.
    Token,
}

impl Caller {
    pub(crate) const ALL: [Self; 10] = [
        Self::Operator,
        Self::FirstParty,
        Self::OtherParty,
        Self::Outsider,
        Self::Aggregator,
        Self::Challenger,
        Self::Coordinator,
        Self::Foreign,
        Self::Expired,
        Self::Token,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::FirstParty => "party 1",
            Self::OtherParty => "party 2",
            Self::Outsider => "outsider",
            Self::Aggregator => "aggregator",
            Self::Challenger => "challenger",
            Self::Coordinator => "coordinator",
            Self::Foreign => "operator of another federation",
            Self::Expired => "operator whose certificate has expired",
            Self::Token => "somebody with a token and no certificate",
        }
    }

    /// What it shows at a federation of that authority.
    pub(crate) fn proof(self, authority: &Authority) -> Proof {
        let party = |number| Subject::Party(PartyId::new(number).unwrap());
        let hour = Duration::from_secs(3_600);
        let issued = |subject| Proof::Certificate(authority.issue(subject).unwrap());
        match self {
            Self::Operator => issued(Subject::Operator),
            Self::FirstParty => issued(party(1)),
            Self::OtherParty => issued(party(2)),
            Self::Outsider => issued(Subject::Outsider),
            Self::Aggregator => issued(Subject::Aggregator),
            Self::Challenger => issued(Subject::Challenger),
            Self::Coordinator => issued(Subject::Coordinator),
            Self::Foreign => {
                let other = Authority::new(Validity::from_now(hour)).unwrap();
                let certificate: Certificate = other.issue(Subject::Operator).unwrap();
                Proof::Certificate(certificate)
            }
            Self::Expired => {
                let now = SystemTime::now();
                let past = Validity { not_before: now - 2 * hour, not_after: now - hour };
                Proof::Certificate(authority.issue_for(Subject::Operator, past).unwrap())
            }
            Self::Token => Proof::Token(Token::generate().unwrap()),
        }
    }
}

/// What is called, and whose it is: the coordinator's, party 1's, or that of the adversary in party 1's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rpc {
    JoinAsFirst,
    JoinAsOther,
    Fit,
    Predict,
    PredictShared,
    Status,
    Account,
    PartyFit,
    PartyPredictProba,
    PartyStatus,
    AdversaryChallenge,
    AdversaryStatus,
    /// One of those that every service offers.
    Standard(Standard, Host),
}

/// What every service offers beside its own rpcs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    HealthCheck,
    HealthWatch,
    Reflection,
}

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Coordinator,
    FirstParty,
    Adversary,
}

impl Rpc {
    /// What each service offers, as every service does.
    pub(crate) const STANDARD: [Self; 9] = [
        Self::Standard(Standard::HealthCheck, Host::Coordinator),
        Self::Standard(Standard::HealthWatch, Host::Coordinator),
        Self::Standard(Standard::Reflection, Host::Coordinator),
        Self::Standard(Standard::HealthCheck, Host::FirstParty),
        Self::Standard(Standard::HealthWatch, Host::FirstParty),
        Self::Standard(Standard::Reflection, Host::FirstParty),
        Self::Standard(Standard::HealthCheck, Host::Adversary),
        Self::Standard(Standard::HealthWatch, Host::Adversary),
        Self::Standard(Standard::Reflection, Host::Adversary),
    ];

    pub(crate) const ALL: [Self; 12] = [
        Self::JoinAsFirst,
        Self::JoinAsOther,
        Self::Fit,
        Self::Predict,
        Self::PredictShared,
        Self::Status,
        Self::Account,
        Self::PartyFit,
        Self::PartyPredictProba,
        Self::PartyStatus,
        Self::AdversaryChallenge,
        Self::AdversaryStatus,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::JoinAsFirst => "Join as party 1",
            Self::JoinAsOther => "Join as party 2",
            Self::Fit => "Fit",
            Self::Predict => "Predict",
            Self::PredictShared => "PredictShared",
            Self::Status => "Status",
            Self::Account => "Account",
            Self::PartyFit => "party 1: Fit",
            Self::PartyPredictProba => "party 1: PredictProba",
            Self::PartyStatus => "party 1: Status",
            Self::AdversaryChallenge => "adversary: Challenge",
            Self::AdversaryStatus => "adversary: Status",
            Self::Standard(standard, host) => match (host, standard) {
                (Host::Coordinator, Standard::HealthCheck) => "Health.Check",
                (Host::Coordinator, Standard::HealthWatch) => "Health.Watch",
                (Host::Coordinator, Standard::Reflection) => "ServerReflection",
                (Host::FirstParty, Standard::HealthCheck) => "party 1: Health.Check",
                (Host::FirstParty, Standard::HealthWatch) => "party 1: Health.Watch",
                (Host::FirstParty, Standard::Reflection) => "party 1: ServerReflection",
                (Host::Adversary, Standard::HealthCheck) => "adversary: Health.Check",
                (Host::Adversary, Standard::HealthWatch) => "adversary: Health.Watch",
                (Host::Adversary, Standard::Reflection) => "adversary: ServerReflection",
            },
        }
    }

    /// Whose it is.
    pub(crate) fn host(self) -> Host {
        match self {
            Self::Standard(_, host) => host,
            Self::PartyFit | Self::PartyPredictProba | Self::PartyStatus => Host::FirstParty,
            Self::AdversaryChallenge | Self::AdversaryStatus => Host::Adversary,
            _ => Host::Coordinator,
        }
    }
}

impl Host {
    /// Whom the host's certificate names.
    pub(crate) fn subject(self) -> Subject {
        match self {
            Self::Coordinator => Subject::Coordinator,
            Self::FirstParty | Self::Adversary => Subject::Party(PartyId::new(1).unwrap()),
        }
    }
}
