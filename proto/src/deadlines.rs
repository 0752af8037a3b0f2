//! How long each kind of call may take, and how often a party is asked again before it is given up on for a while. Every call has a
//! deadline; none waits for ever. When a party is given up on counts in calls and attempts, never in seconds, as far as a figure can
//! depend on it: a clock is not reproducible.

use std::time::Duration;

/// Deadlines in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To reach a peer, and for its status.
    pub connect_ms: u64,
    /// For a party to be admitted, retries while the coordinator is not up yet included.
    pub join_ms: u64,
    /// To train, of one party and of the whole federation.
    pub fit_ms: u64,
    /// For the answer to one chunk of records.
    pub predict_ms: u64,
    /// For an adversary's answer to one challenge.
    pub challenge_ms: u64,
    /// For calls under way when a service is told to stop; what is left then is cut off.
    pub drain_ms: u64,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect_ms: 5_000,
            join_ms: 30_000,
            fit_ms: 600_000,
            predict_ms: 60_000,
            challenge_ms: 3_600_000,
            drain_ms: 5_000,
        }
    }
}

impl Deadlines {
    pub(crate) fn connect(&self) -> Duration {
        Duration::from_millis(self.connect_ms)
    }
}

/// How a coordinator deals with a party that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts of a call at a party that can be reached, the first included; at least 1. Only what a second attempt can
    /// change is tried again: a party that says it is unavailable, and one that did not answer in time.
    pub attempts: u32,
    /// Pause before the second attempt, in milliseconds; each further pause is twice as long. The pause that is made is
    /// drawn between half of that and all of it.
    pub first_pause_ms: u64,
    /// Longest pause, in milliseconds.
    pub longest_pause_ms: u64,
    /// How long a party that cannot be reached is waited for, in milliseconds: one that is restarted at once costs nothing
    /// but time.
    pub rejoin_ms: u64,
    /// Calls in a row without the party after which it is skipped; at least 1.
    pub opens_after: u32,
    /// Calls for which it is skipped then. The next call asks it once.
    pub skips: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_pause_ms: 50,
            longest_pause_ms: 1_000,
            rejoin_ms: 10_000,
            opens_after: 3,
            skips: 20,
        }
    }
}

/// A way to retry that asks nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is 0: at least 1")]
pub struct RetryError {
    field: &'static str,
}

impl Retry {
    /// The same, if it asks at all.
    ///
    /// # Errors
    /// [`RetryError`]: no attempt, or a party that is skipped before it was missing.
    pub fn check(self) -> Result<Self, RetryError> {
        for (field, value) in [("attempts", self.attempts), ("opens_after", self.opens_after)] {
            if value == 0 {
                return Err(RetryError { field });
            }
        }
        Ok(self)
    }
}
