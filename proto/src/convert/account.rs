//! The coordinator's account: domain to wire and, checked, back.

use std::collections::BTreeMap;

use turncoat_learn::PartyId;

use super::absence::{missing_from_wire, missing_to_wire, query_from_wire};
use super::federation::ascending;
use super::party;
use crate::account::{
    Account, ClientAccount, DegradedAnswers, InvalidAnswer, PartyAccount, Refused, RejectedAnswers,
};
use crate::limits::Limit;
use crate::role::Role;
use crate::violation::Violation;
use crate::wire;

/// Degraded answers in one message: far below its size.
pub const DEGRADED_PER_REPLY: usize = 16_384;

impl Account {
    /// As a message, whose degraded answers are those from `skip` on, as many as fit.
    #[must_use]
    pub fn to_wire(&self, skip: usize) -> wire::AccountReply {
        let clients = self.clients.iter().map(|(client, account)| wire::ClientAccount {
            client: client.to_string(),
            asked: account.asked,
            answered: account.answered,
            refused: account.refused.iter().map(refused_to_wire).collect(),
            failed: account.failed,
        });
        let parties = self.parties.iter().map(|(party, account)| wire::PartyAccount {
            party: party.get(),
            retries: account.retries,
            circuits_opened: account.circuits_opened,
            rejoined: account.rejoined,
        });
        let rejected = self.rejected.iter().map(|rejected| wire::RejectedAnswers {
            party: rejected.party.get(),
            reason: invalid_to_wire(rejected.reason) as i32,
            count: rejected.count,
            first_query: rejected.first_query,
            example: rejected.example.clone(),
        });
        let degraded =
            self.degraded.iter().skip(skip).take(DEGRADED_PER_REPLY).map(|degraded| wire::DegradedAnswers {
                client: degraded.client.to_string(),
                first_query: degraded.first_query,
                rows: degraded.rows,
                missing: missing_to_wire(&degraded.missing),
            });
        wire::AccountReply {
            clients: clients.collect(),
            parties: parties.collect(),
            rejected: rejected.collect(),
            degraded: degraded.collect(),
            degraded_in_all: self.degraded.len() as u64,
        }
    }

    /// Of a message, with the degraded answers that it holds.
    ///
    /// # Errors
    /// [`Violation`]: unknown names, parties or queries out of order.
    pub fn from_wire(reply: wire::AccountReply) -> Result<Self, Violation> {
        let mut clients = BTreeMap::new();
        for client in reply.clients {
            let role = role(&client.client)?;
            let mut refused = BTreeMap::new();
            for entry in &client.refused {
                let limit = wire::Limit::try_from(entry.limit).ok().and_then(Limit::from_wire);
                let limit = limit.ok_or_else(|| unknown("clients.refused.limit", entry.limit))?;
                refused.insert(limit, Refused { calls: entry.calls, queries: entry.queries });
            }
            let (asked, answered, failed) = (client.asked, client.answered, client.failed);
            clients.insert(role, ClientAccount { asked, answered, refused, failed });
        }
        let numbers: Vec<u32> = reply.parties.iter().map(|party| party.party).collect();
        let ids = ascending(&numbers, "parties.party")?;
        let parties = ids.into_iter().zip(&reply.parties).map(|(id, party)| {
            let (retries, circuits_opened) = (party.retries, party.circuits_opened);
            (id, PartyAccount { retries, circuits_opened, rejoined: party.rejoined })
        });
        Ok(Self {
            clients,
            parties: parties.collect(),
            rejected: reply.rejected.into_iter().map(rejected_from_wire).collect::<Result<_, _>>()?,
            degraded: degraded_from_wire(&reply.degraded)?,
        })
    }
}

fn refused_to_wire((limit, refused): (&Limit, &Refused)) -> wire::Refused {
    wire::Refused { limit: limit.to_wire() as i32, calls: refused.calls, queries: refused.queries }
}

fn rejected_from_wire(rejected: wire::RejectedAnswers) -> Result<RejectedAnswers, Violation> {
    let reason = wire::InvalidAnswer::try_from(rejected.reason).ok().and_then(invalid_from_wire);
    Ok(RejectedAnswers {
        party: party(rejected.party, "rejected.party")?,
        reason: reason.ok_or_else(|| unknown("rejected.reason", rejected.reason))?,
        count: rejected.count,
        first_query: query_from_wire(rejected.first_query, "rejected.first_query")?,
        example: rejected.example,
    })
}

fn degraded_from_wire(degraded: &[wire::DegradedAnswers]) -> Result<Vec<DegradedAnswers>, Violation> {
    // The operator's queries are numbered apart.
    let (mut asked, mut measured) = (1, 1);
    let mut answers = Vec::with_capacity(degraded.len());
    for entry in degraded {
        let client = role(&entry.client)?;
        let next = if client == Role::Operator { &mut measured } else { &mut asked };
        let end = entry.first_query.checked_add(entry.rows);
        let (Some(end), true) = (end, entry.rows > 0 && entry.first_query >= *next) else {
            return Err(Violation::Value {
                field: "degraded.first_query",
                value: format!("{} with {} rows", entry.first_query, entry.rows),
                rule: "each query once, in ascending order",
            });
        };
        *next = end;
        let missing: Vec<(PartyId, _)> = missing_from_wire(&entry.missing)?;
        if missing.is_empty() {
            return Err(Violation::Missing { field: "degraded.missing" });
        }
        let (first_query, rows) = (entry.first_query, entry.rows);
        answers.push(DegradedAnswers { client, first_query, rows, missing });
    }
    Ok(answers)
}

fn role(text: &str) -> Result<Role, Violation> {
    text.parse().map_err(|_| Violation::Value {
        field: "client",
        value: text.chars().take(80).collect(),
        rule: "a role",
    })
}

fn unknown(field: &'static str, number: i32) -> Violation {
    Violation::Value { field, value: number.to_string(), rule: "one that this revision knows" }
}

fn invalid_to_wire(reason: InvalidAnswer) -> wire::InvalidAnswer {
    match reason {
        InvalidAnswer::NotFinite => wire::InvalidAnswer::NotFinite,
        InvalidAnswer::OutOfRange => wire::InvalidAnswer::OutOfRange,
        InvalidAnswer::Unnormalised => wire::InvalidAnswer::Unnormalised,
        InvalidAnswer::WrongLength => wire::InvalidAnswer::WrongLength,
        InvalidAnswer::WrongClasses => wire::InvalidAnswer::WrongClasses,
        InvalidAnswer::Malformed => wire::InvalidAnswer::Malformed,
        InvalidAnswer::Stale => wire::InvalidAnswer::Stale,
    }
}

fn invalid_from_wire(reason: wire::InvalidAnswer) -> Option<InvalidAnswer> {
    match reason {
        wire::InvalidAnswer::Unspecified => None,
        wire::InvalidAnswer::NotFinite => Some(InvalidAnswer::NotFinite),
        wire::InvalidAnswer::OutOfRange => Some(InvalidAnswer::OutOfRange),
        wire::InvalidAnswer::Unnormalised => Some(InvalidAnswer::Unnormalised),
        wire::InvalidAnswer::WrongLength => Some(InvalidAnswer::WrongLength),
        wire::InvalidAnswer::WrongClasses => Some(InvalidAnswer::WrongClasses),
        wire::InvalidAnswer::Malformed => Some(InvalidAnswer::Malformed),
        wire::InvalidAnswer::Stale => Some(InvalidAnswer::Stale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absence::AbsenceReason;

    fn account() -> Account {
        let party = |number| PartyId::new(number).unwrap();
        let refused = [(Limit::QueriesInAll, Refused { calls: 2, queries: 20 })].into();
        let client = ClientAccount { asked: 50, answered: 25, refused, failed: 5 };
        let degraded = |first_query, rows| DegradedAnswers {
            client: Role::Outsider,
            first_query,
            rows,
            missing: vec![(party(2), AbsenceReason::Deadline), (party(3), AbsenceReason::Skipped)],
        };
        Account {
            clients: [(Role::Operator, ClientAccount::default()), (Role::Outsider, client)].into(),
            parties: [(party(1), PartyAccount { retries: 3, circuits_opened: 1, rejoined: 2 })].into(),
            rejected: vec![RejectedAnswers {
                party: party(2),
                reason: InvalidAnswer::Unnormalised,
                count: 9,
                first_query: 17,
                example: "row 0: probabilities sum to 2".into(),
            }],
            degraded: vec![degraded(1, 4), degraded(5, 1), degraded(9, 100)],
        }
    }

    #[test]
    fn an_account_survives_the_wire_in_parts() {
        let account = account();
        assert_eq!(Account::from_wire(account.to_wire(0)).unwrap(), account);
        let rest = account.to_wire(2);
        assert_eq!(rest.degraded_in_all, 3);
        assert_eq!(Account::from_wire(rest).unwrap().degraded, account.degraded[2..]);
        assert_eq!(Account::from_wire(account.to_wire(7)).unwrap().degraded, []);
    }

    #[test]
    fn what_is_out_of_order_or_unknown_is_refused() {
        let says = |change: &dyn Fn(&mut wire::AccountReply)| {
            let mut reply = account().to_wire(0);
            change(&mut reply);
            Account::from_wire(reply).unwrap_err().to_string()
        };
        assert!(says(&|reply| reply.clients[0].client = "root".into()).contains("client is root"));
        assert!(says(&|reply| reply.clients[1].refused[0].limit = 99).contains("limit is 99"));
        assert!(says(&|reply| reply.parties[0].party = 0).contains("parties count from 1"));
        assert!(says(&|reply| reply.rejected[0].reason = 0).contains("rejected.reason is 0"));
        assert!(says(&|reply| reply.rejected[0].first_query = 0).contains("queries count from 1"));
        assert!(says(&|reply| reply.degraded[1].first_query = 4).contains("each query once"));
        assert!(says(&|reply| reply.degraded[0].first_query = 0).contains("each query once"));
        assert!(says(&|reply| reply.degraded[2].rows = u64::MAX).contains("each query once"));
        assert!(says(&|reply| reply.degraded[2].missing.clear()).contains("degraded.missing is missing"));
    }
}
