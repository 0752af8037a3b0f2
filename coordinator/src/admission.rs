//! Who may ask how much: numbers the queries, keeps the budgets, and says for each call which parties it asks.
//!
//! All three are decided at one moment under one lock, so that they follow one order: that in which calls are admitted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use turncoat_learn::PartyId;
use turncoat_proto::{Limit, Limits, Refusal, Retry, Role};

use crate::circuit::{Circuit, Standing, Turn};

/// The desk at which every call on the parties is admitted.
#[derive(Debug)]
pub(crate) struct Admission {
    limits: Limits,
    retry: Retry,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    spent: BTreeMap<Role, u64>,
    spent_in_all: u64,
    /// Of everybody but the operator.
    asking: Sequence,
    /// Of the operator, so that what it measures leaves no trace in what others are answered.
    measuring: Sequence,
}

/// Calls that follow each other.
#[derive(Debug)]
struct Sequence {
    next_query: u64,
    circuits: BTreeMap<PartyId, Circuit>,
}

impl Sequence {
    fn new(parties: u32) -> Self {
        let circuits = PartyId::first(parties).map(|party| (party, Circuit::default())).collect();
        Self { next_query: 1, circuits }
    }
}

impl State {
    fn of(&mut self, measuring: bool) -> &mut Sequence {
        if measuring { &mut self.measuring } else { &mut self.asking }
    }
}

/// Whether a caller measures: its queries are numbered apart and cost nothing.
pub(crate) fn is_measuring(client: Role) -> bool {
    client == Role::Operator
}

/// A call that was admitted.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Number of its first query.
    pub(crate) first_query: u64,
    /// Whether that is a number among the operator's.
    pub(crate) measuring: bool,
    /// What it does about each party, in order.
    pub(crate) turns: Vec<(PartyId, Turn)>,
}

impl Admission {
    pub(crate) fn new(parties: u32, limits: Limits, retry: Retry) -> Self {
        let (asking, measuring) = (Sequence::new(parties), Sequence::new(parties));
        let state = State { spent: BTreeMap::new(), spent_in_all: 0, asking, measuring };
        Self { limits, retry, state: Mutex::new(state) }
    }

    /// Whether a call may hold so many records.
    pub(crate) fn check_size(&self, rows: u64) -> Result<(), Refusal> {
        match self.limits.records_per_call {
            Some(most) if rows > u64::from(most) => {
                let message = format!("a call may ask about {most} records, and this one asks about {rows}");
                Err(Refusal::Limit { limit: Limit::RecordsPerCall, message })
            }
            _ => Ok(()),
        }
    }

    /// Admits a call whole or refuses it whole: one that would go over a budget costs nothing and takes no number, and neither
    /// does one whose question would, of which so many records are `announced`. The operator has no budget and uses none: it is
    /// the experimenter, who measures. A call that is admitted counts, whatever becomes of it.
    pub(crate) fn admit(&self, client: Role, rows: u64, announced: u64) -> Result<Admitted, Refusal> {
        let mut state = self.state();
        let measuring = is_measuring(client);
        if !measuring {
            let asks = rows.max(announced);
            let (spent, in_all) = (state.spent.get(&client).copied().unwrap_or(0), state.spent_in_all);
            if let Some(budget) = self.limits.queries_per_client
                && spent.saturating_add(asks) > budget
            {
                let left = budget.saturating_sub(spent);
                let message = format!("{client} may ask {budget} queries, has {left} left, and asks {asks}");
                return Err(Refusal::Limit { limit: Limit::QueriesPerClient, message });
            }
            if let Some(budget) = self.limits.queries_in_all
                && in_all.saturating_add(asks) > budget
            {
                // How many are left would tell this client how much the others asked.
                let message =
                    format!("all clients together may ask {budget} queries, and these {asks} go over that");
                return Err(Refusal::Limit { limit: Limit::QueriesInAll, message });
            }
            state.spent.insert(client, spent.saturating_add(rows));
            state.spent_in_all = in_all.saturating_add(rows);
        }
        let sequence = state.of(measuring);
        let first_query = sequence.next_query;
        sequence.next_query += rows;
        let turns = sequence.circuits.iter_mut().map(|(&party, circuit)| (party, circuit.turn())).collect();
        Ok(Admitted { first_query, measuring, turns })
    }

    /// Notes whether a party that a call asked answered it. Whether the party is given up on now.
    pub(crate) fn settle(&self, measuring: bool, party: PartyId, turn: Turn, answered: bool) -> bool {
        let mut state = self.state();
        match state.of(measuring).circuits.get_mut(&party) {
            Some(circuit) if answered => {
                circuit.close();
                false
            }
            Some(circuit) => circuit.missed(turn, &self.retry),
            None => false,
        }
    }

    /// Notes that a call which took that turn was given up by its caller.
    pub(crate) fn abandon(&self, measuring: bool, party: PartyId, turn: Turn) {
        if let Some(circuit) = self.state().of(measuring).circuits.get_mut(&party) {
            circuit.abandoned(turn);
        }
    }

    /// Notes that a party is there: it joined.
    pub(crate) fn welcome(&self, party: PartyId) {
        let mut state = self.state();
        for measuring in [false, true] {
            if let Some(circuit) = state.of(measuring).circuits.get_mut(&party) {
                circuit.close();
            }
        }
    }

    /// How each party stands, with all callers together.
    pub(crate) fn standing(&self) -> BTreeMap<PartyId, Standing> {
        let state = self.state();
        let both = state.asking.circuits.iter().zip(state.measuring.circuits.values());
        let standing = |((&party, asking), measuring): ((&PartyId, &Circuit), &Circuit)| {
            let (one, other) = (asking.standing(), measuring.standing());
            (party, Standing { answers: one.answers && other.answers, open: one.open || other.open })
        };
        both.map(standing).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing between two changes that belong together can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(limits: Limits) -> Admission {
        Admission::new(2, limits, Retry::default())
    }

    fn refused(result: Result<Admitted, Refusal>) -> (Limit, String) {
        match result {
            Err(Refusal::Limit { limit, message }) => (limit, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_budget_is_exact_at_its_edge_and_a_refused_call_costs_nothing() {
        let desk = desk(Limits { queries_per_client: Some(10), ..Limits::default() });
        assert_eq!(desk.admit(Role::Outsider, 7, 0).unwrap().first_query, 1);
        let (limit, message) = refused(desk.admit(Role::Outsider, 4, 0));
        assert_eq!(limit, Limit::QueriesPerClient);
        assert_eq!(message, "outsider may ask 10 queries, has 3 left, and asks 4");
        assert_eq!(desk.admit(Role::Outsider, 3, 0).unwrap().first_query, 8);
        assert_eq!(refused(desk.admit(Role::Outsider, 1, 0)).0, Limit::QueriesPerClient);
        assert_eq!(desk.admit(Role::Outsider, 0, 0).unwrap().first_query, 11);
        // Another client has a budget of its own, and the same numbers.
        assert_eq!(desk.admit(Role::Aggregator, 10, 0).unwrap().first_query, 11);
        assert_eq!(refused(desk.admit(Role::Aggregator, u64::MAX, 0)).0, Limit::QueriesPerClient);
    }

    #[test]
    fn a_question_that_goes_over_a_budget_is_not_begun() {
        let limits = Limits { queries_per_client: Some(10), queries_in_all: Some(15), ..Limits::default() };
        let desk = Admission::new(2, limits, Retry::default());
        let (limit, message) = refused(desk.admit(Role::Outsider, 4, 11));
        assert_eq!(limit, Limit::QueriesPerClient);
        assert_eq!(message, "outsider may ask 10 queries, has 10 left, and asks 11");
        // Nothing was spent, and a smaller one has its numbers from the first.
        assert_eq!(desk.admit(Role::Outsider, 4, 10).unwrap().first_query, 1);
        assert_eq!(desk.admit(Role::Outsider, 6, 6).unwrap().first_query, 5);
        assert_eq!(refused(desk.admit(Role::Aggregator, 1, 6)).0, Limit::QueriesInAll);
        assert_eq!(desk.admit(Role::Aggregator, 1, 5).unwrap().first_query, 11);
        assert!(desk.admit(Role::Operator, 1, u64::MAX).is_ok());
    }

    #[test]
    fn the_budget_of_all_is_shared_and_the_operator_has_none() {
        let limits = Limits { queries_per_client: Some(8), queries_in_all: Some(10), ..Limits::default() };
        let desk = desk(limits);
        assert_eq!(desk.admit(Role::Operator, 1_000, 0).unwrap().first_query, 1);
        // What it measures is numbered apart.
        assert_eq!(desk.admit(Role::Outsider, 6, 0).unwrap().first_query, 1);
        let (limit, message) = refused(desk.admit(Role::Aggregator, 5, 0));
        assert_eq!(limit, Limit::QueriesInAll);
        assert!(!message.contains('4'), "what others asked is not told: {message}");
        assert_eq!(desk.admit(Role::Aggregator, 4, 0).unwrap().first_query, 7);
        assert_eq!(refused(desk.admit(Role::Outsider, 1, 0)).0, Limit::QueriesInAll);
        assert_eq!(desk.admit(Role::Operator, 1, 0).unwrap().first_query, 1_001);
    }

    #[test]
    fn a_call_holds_so_many_records_and_no_more() {
        let desk = desk(Limits { records_per_call: Some(5), ..Limits::default() });
        assert!(desk.check_size(5).is_ok());
        let message = desk.check_size(6).unwrap_err().to_string();
        assert_eq!(message, "records_per_call: a call may ask about 5 records, and this one asks about 6");
    }

    #[test]
    fn each_party_has_a_circuit_of_its_own_that_a_join_closes() {
        let desk = desk(Limits::default());
        let (first, second) = (PartyId::new(1).unwrap(), PartyId::new(2).unwrap());
        for call in 1..=3 {
            let turns = desk.admit(Role::Outsider, 1, 0).unwrap().turns;
            assert_eq!(turns, [(first, Turn::Ask), (second, Turn::Ask)]);
            assert!(!desk.settle(false, first, Turn::Ask, true));
            assert_eq!(desk.settle(false, second, Turn::Ask, false), call == 3);
            // What the operator misses is its own affair.
            assert!(!desk.settle(true, first, Turn::Ask, false) || call == 3);
        }
        assert!(desk.standing().values().all(|standing| standing.open));
        assert_eq!(
            desk.admit(Role::Operator, 1, 0).unwrap().turns,
            [(first, Turn::Skip), (second, Turn::Ask)]
        );
        let turns = desk.admit(Role::Outsider, 1, 0).unwrap().turns;
        assert_eq!(turns, [(first, Turn::Ask), (second, Turn::Skip)]);
        desk.welcome(second);
        assert_eq!(desk.admit(Role::Outsider, 1, 0).unwrap().turns[1].1, Turn::Ask);
    }
}
