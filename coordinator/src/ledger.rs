//! The books: what was asked, answered, refused, rejected and missing. No query is lost in them: each that was asked is answered,
//! refused by a limit, or failed.
//!
//! What is noted does not depend on the order in which calls end: ranges that touch are merged, and of several examples the one
//! with the smallest query is kept.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use turncoat_learn::PartyId;
use turncoat_proto::account::{
    Account, ClientAccount, DegradedAnswers, InvalidAnswer, PartyAccount, RejectedAnswers,
};
use turncoat_proto::{AbsenceReason, Limit, Role, Violation};

use crate::admission::is_measuring;

/// The books of a federation.
#[derive(Debug)]
pub(crate) struct Ledger(Mutex<Books>);

#[derive(Debug)]
struct Books {
    clients: BTreeMap<Role, ClientAccount>,
    parties: BTreeMap<PartyId, PartyAccount>,
    rejected: BTreeMap<(PartyId, InvalidAnswer), RejectedAnswers>,
    /// By whether the operator asked, whose queries are numbered apart, and the number of the first query.
    degraded: BTreeMap<(bool, u64), DegradedAnswers>,
}

/// The counts of the books.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) clients: BTreeMap<Role, ClientAccount>,
    pub(crate) parties: BTreeMap<PartyId, PartyAccount>,
    /// Answers that were rejected.
    pub(crate) rejected: BTreeMap<(PartyId, InvalidAnswer), u64>,
    /// Queries that were answered by fewer parties than all.
    pub(crate) degraded: BTreeMap<Role, u64>,
}

/// A call whose records were read. Dropped before it is settled, its queries have failed.
#[derive(Debug)]
pub(crate) struct Call {
    ledger: Arc<Ledger>,
    client: Role,
    queries: u64,
    settled: bool,
}

impl Ledger {
    pub(crate) fn new(parties: u32) -> Self {
        Self(Mutex::new(Books {
            clients: BTreeMap::new(),
            parties: PartyId::first(parties).map(|party| (party, PartyAccount::default())).collect(),
            rejected: BTreeMap::new(),
            degraded: BTreeMap::new(),
        }))
    }

    /// Opens the account of a call.
    pub(crate) fn call(self: &Arc<Self>, client: Role, queries: u64) -> Call {
        self.books().clients.entry(client).or_default().asked += queries;
        Call { ledger: Arc::clone(self), client, queries, settled: false }
    }

    /// Notes a call that was refused before its records were read.
    pub(crate) fn refused_unread(&self, client: Role, limit: Limit) {
        let mut books = self.books();
        books.clients.entry(client).or_default().refused.entry(limit).or_default().calls += 1;
    }

    /// Notes an attempt beyond the first.
    pub(crate) fn retried(&self, party: PartyId) {
        self.of_party(party, |account| account.retries += 1);
    }

    /// Notes that a party was given up on.
    pub(crate) fn opened(&self, party: PartyId) {
        self.of_party(party, |account| account.circuits_opened += 1);
    }

    /// Notes that a party came back.
    pub(crate) fn rejoined(&self, party: PartyId) {
        self.of_party(party, |account| account.rejoined += 1);
    }

    /// Notes an answer that was rejected.
    pub(crate) fn rejected(&self, party: PartyId, first_query: u64, violation: &Violation) {
        let reason = InvalidAnswer::of(violation);
        let example = violation.to_string();
        match self.books().rejected.entry((party, reason)) {
            Entry::Vacant(vacant) => {
                vacant.insert(RejectedAnswers { party, reason, count: 1, first_query, example });
            }
            Entry::Occupied(mut occupied) => {
                let rejected = occupied.get_mut();
                rejected.count += 1;
                if first_query < rejected.first_query {
                    (rejected.first_query, rejected.example) = (first_query, example);
                }
            }
        }
    }

    /// What the books say.
    pub(crate) fn account(&self) -> Account {
        let books = self.books();
        Account {
            clients: books.clients.clone(),
            parties: books.parties.clone(),
            rejected: books.rejected.values().cloned().collect(),
            degraded: books.degraded.values().cloned().collect(),
        }
    }

    /// How much of everything there is in the books.
    pub(crate) fn tally(&self) -> Tally {
        let books = self.books();
        let mut degraded = BTreeMap::new();
        for entry in books.degraded.values() {
            *degraded.entry(entry.client).or_default() += entry.rows;
        }
        Tally {
            clients: books.clients.clone(),
            parties: books.parties.clone(),
            rejected: books.rejected.iter().map(|(&what, rejected)| (what, rejected.count)).collect(),
            degraded,
        }
    }

    fn of_party(&self, party: PartyId, note: impl FnOnce(&mut PartyAccount)) {
        note(self.books().parties.entry(party).or_default());
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // Notes are additions and insertions, each whole by itself.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// It was answered, without those parties.
    pub(crate) fn answered(mut self, first_query: u64, missing: &[(PartyId, AbsenceReason)]) {
        self.settled = true;
        let mut books = self.ledger.books();
        books.clients.entry(self.client).or_default().answered += self.queries;
        if !missing.is_empty() && self.queries > 0 {
            let (client, rows, missing) = (self.client, self.queries, missing.to_vec());
            books.degrade(DegradedAnswers { client, first_query, rows, missing });
        }
    }

    /// A limit refused it. Where that is a budget, all that was announced was asked and refused with it.
    pub(crate) fn refused(mut self, limit: Limit, announced: u64) {
        self.settled = true;
        let with_it = match limit {
            Limit::QueriesPerClient | Limit::QueriesInAll => announced.saturating_sub(self.queries),
            _ => 0,
        };
        let mut books = self.ledger.books();
        let client = books.clients.entry(self.client).or_default();
        client.asked = client.asked.saturating_add(with_it);
        let refused = client.refused.entry(limit).or_default();
        refused.calls += 1;
        refused.queries = refused.queries.saturating_add(self.queries).saturating_add(with_it);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.settled {
            self.ledger.books().clients.entry(self.client).or_default().failed += self.queries;
        }
    }
}

impl Books {
    /// Puts a range among those it touches.
    fn degrade(&mut self, mut new: DegradedAnswers) {
        let alike = |a: &DegradedAnswers, b: &DegradedAnswers| a.client == b.client && a.missing == b.missing;
        let measuring = is_measuring(new.client);
        let end = new.first_query + new.rows;
        if let Entry::Occupied(next) = self.degraded.entry((measuring, end))
            && alike(next.get(), &new)
        {
            new.rows += next.remove().rows;
        }
        if let Some((_, before)) = self.degraded.range_mut(..(measuring, new.first_query)).next_back()
            && before.first_query + before.rows == new.first_query
            && alike(before, &new)
        {
            before.rows += new.rows;
        } else {
            self.degraded.insert((measuring, new.first_query), new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(number: u32) -> PartyId {
        PartyId::new(number).unwrap()
    }

    #[test]
    fn every_query_asked_is_answered_refused_or_failed() {
        let ledger = Arc::new(Ledger::new(2));
        ledger.call(Role::Outsider, 10).answered(1, &[]);
        ledger.call(Role::Outsider, 4).refused(Limit::QueriesPerClient, 7);
        ledger.call(Role::Outsider, 1).refused(Limit::QueriesPerClient, 0);
        drop(ledger.call(Role::Outsider, 3));
        ledger.refused_unread(Role::Outsider, Limit::MessageBytes);
        ledger.refused_unread(Role::Operator, Limit::ConcurrentCalls);
        let account = ledger.account();
        let outsider = &account.clients[&Role::Outsider];
        assert_eq!((outsider.asked, outsider.answered, outsider.failed), (21, 10, 3));
        let refused = outsider.refused[&Limit::QueriesPerClient];
        assert_eq!((refused.calls, refused.queries), (2, 8));
        let unread = outsider.refused[&Limit::MessageBytes];
        assert_eq!((unread.calls, unread.queries), (1, 0));
        assert_eq!(account.clients[&Role::Operator].refused[&Limit::ConcurrentCalls].calls, 1);
        assert_eq!(account.parties.len(), 2);
    }

    #[test]
    fn ranges_that_touch_are_merged_in_whatever_order_they_come() {
        type Missing = [(PartyId, AbsenceReason)];
        let without = |reason| [(party(2), reason)];
        let late = without(AbsenceReason::Deadline);
        let calls: [(Role, u64, u64, &Missing); 8] = [
            (Role::Outsider, 1, 4, &late),
            (Role::Outsider, 5, 5, &late),
            (Role::Outsider, 10, 1, &without(AbsenceReason::Skipped)),
            (Role::Outsider, 11, 2, &late),
            (Role::Aggregator, 13, 2, &late),
            (Role::Outsider, 15, 3, &[]),
            (Role::Outsider, 18, 0, &late),
            // Numbered apart, it neither touches nor replaces what has the same numbers.
            (Role::Operator, 1, 10, &late),
        ];
        let book = |order: &mut dyn Iterator<Item = usize>| {
            let ledger = Arc::new(Ledger::new(2));
            for place in order {
                let (client, first_query, rows, missing) = calls[place];
                ledger.call(client, rows).answered(first_query, missing);
            }
            ledger.account()
        };
        let account = book(&mut (0..8));
        let ranges: Vec<_> =
            account.degraded.iter().map(|entry| (entry.client, entry.first_query, entry.rows)).collect();
        let (outsider, aggregator) = (Role::Outsider, Role::Aggregator);
        let operator = (Role::Operator, 1, 10);
        assert_eq!(
            ranges,
            [(outsider, 1, 9), (outsider, 10, 1), (outsider, 11, 2), (aggregator, 13, 2), operator]
        );
        assert_eq!(book(&mut (0..8).rev()), account);
        assert_eq!(book(&mut [3, 0, 7, 6, 2, 1, 5, 4].into_iter()), account);
    }

    #[test]
    fn rejected_answers_are_counted_by_rule_with_the_first_example() {
        let ledger = Ledger::new(2);
        let missing = |field| Violation::Missing { field };
        for (query, field) in [(20, "b"), (10, "a"), (30, "c")] {
            ledger.rejected(party(2), query, &missing(field));
        }
        let [rejected] = &ledger.account().rejected[..] else { panic!("one party, one rule") };
        assert_eq!((rejected.count, rejected.first_query), (3, 10));
        assert_eq!((rejected.reason, rejected.example.as_str()), (InvalidAnswer::Malformed, "a is missing"));
    }
}
