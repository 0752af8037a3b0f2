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
    next_query: u64,
    spent: BTreeMap<Role, u64>,
    spent_in_all: u64,
    circuits: BTreeMap<PartyId, Circuit>,
}

/// A call that was admitted.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Number of its first query.
    pub(crate) first_query: u64,
    /// What it does about each party, in order.
    pub(crate) turns: Vec<(PartyId, Turn)>,
}

impl Admission {
    pub(crate) fn new(parties: u32, limits: Limits, retry: Retry) -> Self {
        let circuits = PartyId::first(parties).map(|party| (party, Circuit::default())).collect();
        let state = State { next_query: 1, spent: BTreeMap::new(), spent_in_all: 0, circuits };
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

    /// Admits a call whole or refuses it whole: one that would go over a budget costs nothing and takes no number. The
    /// operator has no budget and uses none: it is the experimenter, who measures. A call that is admitted counts, whatever
    /// becomes of it.
    pub(crate) fn admit(&self, client: Role, rows: u64) -> Result<Admitted, Refusal> {
        let mut state = self.state();
        if client != Role::Operator {
            let spent = state.spent.get(&client).copied().unwrap_or(0).saturating_add(rows);
            let in_all = state.spent_in_all.saturating_add(rows);
            if let Some(budget) = self.limits.queries_per_client
                && spent > budget
            {
                let left = budget.saturating_sub(spent - rows);
                let message = format!("{client} may ask {budget} queries, has {left} left, and asks {rows}");
                return Err(Refusal::Limit { limit: Limit::QueriesPerClient, message });
            }
            if let Some(budget) = self.limits.queries_in_all
                && in_all > budget
            {
                // How many are left would tell this client how much the others asked.
                let message =
                    format!("all clients together may ask {budget} queries, and these {rows} go over that");
                return Err(Refusal::Limit { limit: Limit::QueriesInAll, message });
            }
            state.spent.insert(client, spent);
            state.spent_in_all = in_all;
        }
        let first_query = state.next_query;
        state.next_query += rows;
        let turns = state.circuits.iter_mut().map(|(&party, circuit)| (party, circuit.turn())).collect();
        Ok(Admitted { first_query, turns })
    }

    /// Notes whether a party that a call asked answered it. Whether the party is given up on now.
    pub(crate) fn settle(&self, party: PartyId, turn: Turn, answered: bool) -> bool {
        let mut state = self.state();
        match state.circuits.get_mut(&party) {
            Some(circuit) if answered => {
                circuit.close();
                false
            }
            Some(circuit) => circuit.missed(turn, &self.retry),
            None => false,
        }
    }

    /// Notes that a call which took that turn was given up by its caller.
    pub(crate) fn abandon(&self, party: PartyId, turn: Turn) {
        if let Some(circuit) = self.state().circuits.get_mut(&party) {
            circuit.abandoned(turn);
        }
    }

    /// Notes that a party is there: it joined.
    pub(crate) fn welcome(&self, party: PartyId) {
        if let Some(circuit) = self.state().circuits.get_mut(&party) {
            circuit.close();
        }
    }

    /// How each party stands.
    pub(crate) fn standing(&self) -> BTreeMap<PartyId, Standing> {
        self.state().circuits.iter().map(|(&party, circuit)| (party, circuit.standing())).collect()
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
        assert_eq!(desk.admit(Role::Outsider, 7).unwrap().first_query, 1);
        let (limit, message) = refused(desk.admit(Role::Outsider, 4));
        assert_eq!(limit, Limit::QueriesPerClient);
        assert_eq!(message, "outsider may ask 10 queries, has 3 left, and asks 4");
        assert_eq!(desk.admit(Role::Outsider, 3).unwrap().first_query, 8);
        assert_eq!(refused(desk.admit(Role::Outsider, 1)).0, Limit::QueriesPerClient);
        assert_eq!(desk.admit(Role::Outsider, 0).unwrap().first_query, 11);
        // Another client has a budget of its own, and the same numbers.
        assert_eq!(desk.admit(Role::Aggregator, 10).unwrap().first_query, 11);
        assert_eq!(refused(desk.admit(Role::Aggregator, u64::MAX)).0, Limit::QueriesPerClient);
    }

    #[test]
    fn the_budget_of_all_is_shared_and_the_operator_has_none() {
        let limits = Limits { queries_per_client: Some(8), queries_in_all: Some(10), ..Limits::default() };
        let desk = desk(limits);
        assert_eq!(desk.admit(Role::Operator, 1_000).unwrap().first_query, 1);
        assert_eq!(desk.admit(Role::Outsider, 6).unwrap().first_query, 1_001);
        let (limit, message) = refused(desk.admit(Role::Aggregator, 5));
        assert_eq!(limit, Limit::QueriesInAll);
        assert!(!message.contains('4'), "what others asked is not told: {message}");
        assert_eq!(desk.admit(Role::Aggregator, 4).unwrap().first_query, 1_007);
        assert_eq!(refused(desk.admit(Role::Outsider, 1)).0, Limit::QueriesInAll);
        assert_eq!(desk.admit(Role::Operator, 1).unwrap().first_query, 1_011);
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
            let turns = desk.admit(Role::Outsider, 1).unwrap().turns;
            assert_eq!(turns, [(first, Turn::Ask), (second, Turn::Ask)]);
            assert!(!desk.settle(first, Turn::Ask, true));
            assert_eq!(desk.settle(second, Turn::Ask, false), call == 3);
        }
        let turns = desk.admit(Role::Outsider, 1).unwrap().turns;
        assert_eq!(turns, [(first, Turn::Ask), (second, Turn::Skip)]);
        desk.welcome(second);
        assert_eq!(desk.admit(Role::Outsider, 1).unwrap().turns[1].1, Turn::Ask);
    }
}
