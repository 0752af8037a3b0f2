//! When a party is given up on for a while: after so many calls in a row without it, it is skipped for so many calls, and then
//! one call asks it once.
//!
//! It counts calls, not seconds: who was asked about which query decides a figure, and a figure that depends on a clock is not
//! reproducible.

use turncoat_proto::Retry;

/// What a call does about a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Asks it, as often as it takes.
    Ask,
    /// Asks it once, to see whether it is back.
    Probe,
    /// Does without it.
    Skip,
}

/// One party's record.
#[derive(Debug)]
pub(crate) enum Circuit {
    /// It is asked. So many calls in a row were without it.
    Closed { missed: u32 },
    /// It is skipped for so many more calls.
    Open { left: u32 },
    /// A call is seeing whether it is back; calls beside that one do without it.
    Probing,
}

impl Default for Circuit {
    fn default() -> Self {
        Self::Closed { missed: 0 }
    }
}

/// How a party stands with the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether no call has gone without it since it last answered or joined.
    pub(crate) answers: bool,
    /// Whether it is given up on for a while.
    pub(crate) open: bool,
}

impl Circuit {
    /// How the party stands.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            answers: matches!(self, Self::Closed { missed: 0 }),
            open: !matches!(self, Self::Closed { .. }),
        }
    }

    /// What the next call does.
    pub(crate) fn turn(&mut self) -> Turn {
        match self {
            Self::Closed { .. } => Turn::Ask,
            Self::Open { left: 0 } => {
                *self = Self::Probing;
                Turn::Probe
            }
            Self::Open { left } => {
                *left -= 1;
                Turn::Skip
            }
            Self::Probing => Turn::Skip,
        }
    }

    /// The party answered, or joined.
    pub(crate) fn close(&mut self) {
        *self = Self::default();
    }

    /// A call went without the party although it took its turn. Whether the party is given up on now.
    pub(crate) fn missed(&mut self, turn: Turn, retry: &Retry) -> bool {
        let gives_up = match (&mut *self, turn) {
            (Self::Closed { missed }, Turn::Ask | Turn::Probe) => {
                *missed += 1;
                *missed >= retry.opens_after
            }
            (Self::Probing, Turn::Probe) => true,
            _ => false,
        };
        if gives_up {
            *self = Self::Open { left: retry.skips };
        }
        gives_up
    }

    /// A call was given up by its caller before it was known whether the party answers: the next one sees.
    pub(crate) fn abandoned(&mut self, turn: Turn) {
        if turn == Turn::Probe && matches!(self, Self::Probing) {
            *self = Self::Open { left: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Turn::{Ask, Probe, Skip};

    const RETRY: Retry =
        Retry { attempts: 3, first_pause_ms: 0, longest_pause_ms: 0, rejoin_ms: 0, opens_after: 3, skips: 4 };

    /// The turns of calls in a row, given which of the calls that asked were answered.
    fn turns(circuit: &mut Circuit, calls: usize, mut answers: impl FnMut(usize) -> bool) -> Vec<Turn> {
        let play = |call| {
            let turn = circuit.turn();
            if turn != Skip {
                if answers(call) {
                    circuit.close();
                } else {
                    circuit.missed(turn, &RETRY);
                }
            }
            turn
        };
        (0..calls).map(play).collect()
    }

    #[test]
    fn a_dead_party_is_asked_three_times_then_once_every_fifth_call() {
        let expected = [Ask, Ask, Ask, Skip, Skip, Skip, Skip, Probe, Skip, Skip, Skip, Skip, Probe, Skip];
        assert_eq!(turns(&mut Circuit::default(), 14, |_| false), expected);
    }

    #[test]
    fn only_calls_in_a_row_count_and_an_answered_probe_closes() {
        // Calls 2, 5 and later are without it until call 12, the probe, which is answered.
        let expected =
            [Ask, Ask, Ask, Ask, Ask, Ask, Ask, Ask, Skip, Skip, Skip, Skip, Probe, Ask, Ask, Ask, Skip];
        let answered = |call| [0, 1, 3, 4, 12].contains(&call);
        let mut circuit = Circuit::default();
        assert_eq!(turns(&mut circuit, 17, answered), expected);
        circuit.close();
        assert_eq!(circuit.turn(), Ask);
    }

    #[test]
    fn one_call_at_a_time_probes_and_one_that_is_given_up_leaves_it_to_the_next() {
        let mut circuit = Circuit::Open { left: 0 };
        assert_eq!([circuit.turn(), circuit.turn(), circuit.turn()], [Probe, Skip, Skip]);
        circuit.abandoned(Skip);
        assert_eq!(circuit.turn(), Skip);
        circuit.abandoned(Probe);
        assert_eq!(circuit.turn(), Probe);
        assert!(circuit.missed(Probe, &RETRY));
        // A call that asked before all this and ends now changes nothing.
        assert!(!circuit.missed(Ask, &RETRY));
        circuit.abandoned(Ask);
        assert_eq!(turns(&mut circuit, 5, |_| false), [Skip, Skip, Skip, Skip, Probe]);
    }
}
