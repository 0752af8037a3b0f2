//! The fault injected into one call to a party: a function of the party's plan, how often it was restarted, and the call's queries and attempt.

use rand::RngExt;
use turncoat_learn::Seed;

use super::plan::{PartyFaults, What};
use turncoat_config::fault::Corruption;

/// A call, as far as faults can tell one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Number of its first query, from 1.
    pub first_query: u64,
    /// Its queries.
    pub rows: u64,
    /// How often it was tried before.
    pub attempt: u32,
}

/// What becomes of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFault {
    /// The party refuses: it cannot be reached, or is not back yet.
    Refuse(&'static str),
    /// The party ends.
    Crash,
    /// The answer never comes.
    Drop,
    /// The answer comes so many milliseconds late, and spoilt if so said.
    Answer {
        /// Delay, 0 for none.
        delay_ms: u64,
        /// In which way it is spoilt.
        corrupt: Option<Corruption>,
    },
}

impl Call {
    /// Whether it holds a query, or one after it: what is due at a query is due in the first such call.
    fn reaches(self, query: u64) -> bool {
        self.first_query.saturating_add(self.rows) > query
    }

    /// Whether it holds a query of a range, both ends included.
    fn touches(self, from: u64, to: u64) -> bool {
        self.reaches(from) && self.first_query <= to
    }
}

impl PartyFaults {
    /// The fault injected into a call to a party that was restarted so often. `key` is [`key`](Self::key).
    ///
    /// In this order: a party that is not back yet or is cut off is not asked at all, so it does not crash; a call that is
    /// dropped needs no other trouble; delays add up; of several corruptions the first one counts.
    pub(super) fn drawn_fault(&self, key: Seed, restarts: u32, call: Call) -> InjectedFault {
        let before = restarts.checked_sub(1).and_then(|before| self.crashes.get(before as usize));
        if let Some(back) = before.and_then(|crash| crash.restart).and_then(|restart| restart.at)
            && !call.reaches(back)
        {
            return InjectedFault::Refuse("it was started again and is not ready yet, as the scenario says");
        }
        let cut_off = self.troubles.iter().any(|trouble| match trouble.what {
            What::Partition { from, to } => call.touches(from, to),
            _ => false,
        });
        if cut_off {
            return InjectedFault::Refuse("cut off from the coordinator, as the scenario says");
        }
        if self.crashes.get(restarts as usize).is_some_and(|crash| call.reaches(crash.at)) {
            return InjectedFault::Crash;
        }
        let (mut delay_ms, mut corrupt, mut dropped) = (0_u64, None, false);
        for trouble in &self.troubles {
            let hit = |fraction| drawn(key, trouble.place, call, fraction);
            match trouble.what {
                What::Delay { ms, fraction } if hit(fraction) => delay_ms = delay_ms.saturating_add(ms),
                What::Drop { fraction } if hit(fraction) => dropped = true,
                What::Corrupt { how, fraction } if corrupt.is_none() && hit(fraction) => corrupt = Some(how),
                _ => {}
            }
        }
        if dropped { InjectedFault::Drop } else { InjectedFault::Answer { delay_ms, corrupt } }
    }
}

/// Whether a call is among the struck ones: by its address alone, whatever was drawn before.
fn drawn(key: Seed, place: u64, call: Call, fraction: f64) -> bool {
    let address =
        key.child("fault", place).child("query", call.first_query).child("attempt", u64::from(call.attempt));
    address.stream("strike").random::<f64>() < fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Fault;
    use turncoat_learn::PartyId;

    const HONEST: InjectedFault = InjectedFault::Answer { delay_ms: 0, corrupt: None };

    fn party() -> PartyId {
        PartyId::new(2).unwrap()
    }

    fn plan(faults: &[Fault]) -> PartyFaults {
        PartyFaults::of(party(), faults, &[], true, Seed::root(4)).unwrap()
    }

    fn drawn_fault(plan: &PartyFaults, restarts: u32, first_query: u64, rows: u64) -> InjectedFault {
        let call = Call { first_query, rows, attempt: 0 };
        plan.drawn_fault(plan.key().unwrap(), restarts, call)
    }

    #[test]
    fn a_crash_hits_the_call_that_holds_its_query_or_the_first_after_it() {
        let plan = plan(&[
            Fault::Crash { party: party(), at: 500 },
            Fault::Restart { party: party(), at: Some(800) },
        ]);
        assert_eq!(drawn_fault(&plan, 0, 400, 100), HONEST, "queries 400 to 499");
        assert_eq!(drawn_fault(&plan, 0, 400, 101), InjectedFault::Crash);
        assert_eq!(drawn_fault(&plan, 0, 500, 1), InjectedFault::Crash);
        assert_eq!(drawn_fault(&plan, 0, 900, 1), InjectedFault::Crash);
        // Back from the call that holds query 800 on.
        assert!(matches!(drawn_fault(&plan, 1, 500, 300), InjectedFault::Refuse(_)), "queries 500 to 799");
        assert_eq!(drawn_fault(&plan, 1, 500, 301), HONEST);
        assert_eq!(drawn_fault(&plan, 1, 900, 10), HONEST);
    }

    #[test]
    fn a_partition_has_both_ends_and_spares_who_is_not_asked() {
        let plan = plan(&[
            Fault::Crash { party: party(), at: 120 },
            Fault::Partition { parties: vec![party()], from: 100, to: 200 },
        ]);
        assert_eq!(drawn_fault(&plan, 0, 90, 10), HONEST, "queries 90 to 99");
        for (first, rows) in [(90, 11), (150, 10), (200, 5), (1, 1000)] {
            assert!(
                matches!(drawn_fault(&plan, 0, first, rows), InjectedFault::Refuse(_)),
                "{first}, {rows}"
            );
        }
        assert_eq!(drawn_fault(&plan, 0, 201, 5), InjectedFault::Crash, "what was due meanwhile is due now");
    }

    #[test]
    fn a_fraction_of_the_calls_is_struck_and_the_same_ones_every_time() {
        let plan = plan(&[
            Fault::Delay { party: party(), ms: 5, fraction: 0.25 },
            Fault::Delay { party: party(), ms: 7, fraction: 1.0 },
            Fault::Corrupt { party: party(), how: Corruption::Nan, fraction: 0.5 },
        ]);
        let all = || (0..4000).map(|call| drawn_fault(&plan, 0, 1 + 10 * call, 10)).collect::<Vec<_>>();
        let first = all();
        assert_eq!(first, all());
        let count = |wanted: fn(&InjectedFault) -> bool| first.iter().filter(|fault| wanted(fault)).count();
        let late = count(|fault| matches!(fault, InjectedFault::Answer { delay_ms: 12, .. }));
        let spoilt = count(|fault| matches!(fault, InjectedFault::Answer { corrupt: Some(_), .. }));
        assert_eq!(count(|fault| matches!(fault, InjectedFault::Answer { delay_ms: 7 | 12, .. })), 4000);
        // Four standard deviations of 4000 draws.
        assert!(late.abs_diff(1000) < 110 && spoilt.abs_diff(2000) < 127, "{late} {spoilt}");
        // Independent of each other: a quarter of the spoilt ones are late.
        let both = count(|fault| matches!(fault, InjectedFault::Answer { delay_ms: 12, corrupt: Some(_) }));
        assert!(both.abs_diff(500) < 84, "{both}");
    }

    #[test]
    fn another_attempt_draws_again() {
        let plan = plan(&[Fault::Drop { party: party(), fraction: 0.5 }]);
        let key = plan.key().unwrap();
        let dropped = |first_query, attempt| {
            plan.drawn_fault(key, 0, Call { first_query, rows: 1, attempt }) == InjectedFault::Drop
        };
        let saved = (1..=400).filter(|&query| dropped(query, 0) && !dropped(query, 1)).count();
        assert!(saved.abs_diff(100) < 35, "{saved}");
    }
}
