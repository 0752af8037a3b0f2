//! Where the time of a repeat goes. Reported, never used for a figure.

use std::collections::BTreeMap;
use std::time::Instant;

/// Wall-clock time by stage; reported, never used for a figure.
pub(super) struct Stopwatch {
    last: Instant,
    /// Milliseconds by stage.
    pub(super) laps: BTreeMap<&'static str, f64>,
}

impl Stopwatch {
    /// Starts now.
    pub(super) fn start() -> Self {
        Self { last: Instant::now(), laps: BTreeMap::new() }
    }

    /// The time since the last lap belongs to that stage.
    pub(super) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        *self.laps.entry(stage).or_insert(0.0) += (now - self.last).as_secs_f64() * 1e3;
        self.last = now;
    }
}
