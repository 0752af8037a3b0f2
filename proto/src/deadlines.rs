//! How long each kind of call may take. Every call has one; none waits for ever.

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
