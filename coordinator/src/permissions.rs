//! Who may call what: the one table that decides what a vantage sees.
//!
//! | | operator | party | outsider | aggregator | others |
//! |---|---|---|---|---|---|
//! | Join | | as itself | | | |
//! | Fit | yes | | | | |
//! | Predict | yes | yes | yes | yes | |
//! | PredictShared | yes | under `open` | | yes | |
//! | Status | yes | yes | yes | yes | yes |
//! | Account | yes | | | | |
//!
//! The operator is the experimenter, who measures accuracies; no adversary plays that role. "Others" are roles that a
//! coordinator's credentials do not usually hold (challenger, coordinator); whoever is not in them at all is refused
//! before this table is asked.

use std::fmt;

use turncoat_proto::{Disclosure, Refusal, Role};

/// The coordinator's rpcs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rpc {
    /// A party announces itself.
    Join,
    /// Trains all parties.
    Fit,
    /// The averaged vectors.
    Predict,
    /// Every party's vectors.
    PredictShared,
    /// How far the federation has come.
    Status,
    /// What was asked, answered, refused and missing.
    Account,
}

impl Rpc {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Join, Self::Fit, Self::Predict, Self::PredictShared, Self::Status, Self::Account];

    /// As the contract calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Join => "Join",
            Self::Fit => "Fit",
            Self::Predict => "Predict",
            Self::PredictShared => "PredictShared",
            Self::Status => "Status",
            Self::Account => "Account",
        }
    }

    /// Who may call it, in words.
    fn rule(self) -> &'static str {
        match self {
            Self::Join => "only parties join, each as itself",
            Self::Fit => "only the operator starts training",
            Self::Predict => "the operator, parties, the outsider and the aggregator ask for predictions",
            Self::PredictShared => {
                "single parties' vectors are for the operator and the aggregator, and for parties under `open`"
            }
            Self::Status => "every member may ask",
            Self::Account => "only the operator is told what all clients asked",
        }
    }
}

impl fmt::Display for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a role may call an rpc under a disclosure rule.
#[must_use]
pub fn permits(role: Role, rpc: Rpc, disclosure: Disclosure) -> bool {
    match rpc {
        Rpc::Join => matches!(role, Role::Party(_)),
        Rpc::Fit | Rpc::Account => role == Role::Operator,
        Rpc::Predict => {
            matches!(role, Role::Operator | Role::Party(_) | Role::Outsider | Role::Aggregator)
        }
        Rpc::PredictShared => match role {
            Role::Operator | Role::Aggregator => true,
            Role::Party(_) => disclosure == Disclosure::Open,
            Role::Outsider | Role::Coordinator(_) | Role::Challenger => false,
        },
        Rpc::Status => true,
    }
}

/// How few parties an average may speak for that this role is shown, whatever the quorum: of one party it is that party's own
/// vector, and of two a party that is one of them can work out the other's. Whoever is shown single vectors anyway may be
/// shown any average, and a federation that has no more parties has nothing to hide among.
#[must_use]
pub fn fewest_averaged(role: Role, disclosure: Disclosure, parties: u32) -> u32 {
    let fewest = match role {
        _ if permits(role, Rpc::PredictShared, disclosure) => 1,
        Role::Party(_) => 3,
        _ => 2,
    };
    fewest.min(parties)
}

/// The refusal of what the table does not permit, which is one line of the log.
pub(crate) fn forbidden(role: Role, rpc: Rpc, disclosure: Disclosure) -> Refusal {
    tracing::info!(%role, %rpc, %disclosure, "refused");
    Refusal::Forbidden { role, rpc: rpc.name(), disclosure, rule: rpc.rule() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turncoat_learn::PartyId;

    #[test]
    fn the_table_is_complete() {
        use Disclosure::{Aggregator, Open};
        let party = PartyId::new(2).unwrap();
        // Columns: Join, Fit, Predict, PredictShared, Status, Account.
        let table = [
            (Role::Operator, Open, [false, true, true, true, true, true]),
            (Role::Operator, Aggregator, [false, true, true, true, true, true]),
            (Role::Party(party), Open, [true, false, true, true, true, false]),
            (Role::Party(party), Aggregator, [true, false, true, false, true, false]),
            (Role::Outsider, Open, [false, false, true, false, true, false]),
            (Role::Outsider, Aggregator, [false, false, true, false, true, false]),
            (Role::Aggregator, Open, [false, false, true, true, true, false]),
            (Role::Aggregator, Aggregator, [false, false, true, true, true, false]),
            (Role::Challenger, Open, [false, false, false, false, true, false]),
            (Role::Challenger, Aggregator, [false, false, false, false, true, false]),
            (Role::Coordinator(party), Open, [false, false, false, false, true, false]),
            (Role::Coordinator(party), Aggregator, [false, false, false, false, true, false]),
        ];
        for (role, disclosure, expected) in table {
            let got = Rpc::ALL.map(|rpc| permits(role, rpc, disclosure));
            assert_eq!(got, expected, "{role} under {disclosure}");
        }
    }

    #[test]
    fn no_average_gives_a_single_vector_away() {
        let party = Role::Party(PartyId::new(2).unwrap());
        for (role, disclosure, parties, fewest) in [
            (Role::Outsider, Disclosure::Open, 5, 2),
            (Role::Outsider, Disclosure::Open, 1, 1),
            (party, Disclosure::Open, 5, 1),
            (party, Disclosure::Aggregator, 5, 3),
            (party, Disclosure::Aggregator, 2, 2),
            (Role::Aggregator, Disclosure::Aggregator, 5, 1),
        ] {
            assert_eq!(fewest_averaged(role, disclosure, parties), fewest, "{role} of {parties}");
        }
    }

    #[test]
    fn a_refusal_names_role_rpc_and_rule() {
        let text = forbidden(Role::Outsider, Rpc::PredictShared, Disclosure::Open).to_string();
        for part in ["outsider", "PredictShared", "`open`", "for the operator and the aggregator"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
