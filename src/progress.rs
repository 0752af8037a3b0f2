//! What a person sees while an experiment runs: a bar on a terminal, and nothing elsewhere. With -v each finished part is a
//! line of the log.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::terminal::Bar;

/// Progress over the equal parts of an experiment, on standard error.
#[derive(Debug)]
pub struct Progress {
    bar: Bar,
    /// What stands before everything else.
    label: String,
    total: u64,
    /// What that many parts are called.
    unit: &'static str,
    finished: AtomicU64,
}

impl Progress {
    /// `unit` is what that many parts are called. `label` tells which of several experiments it is, and is empty
    /// for one alone.
    #[must_use]
    pub fn new(label: &str, total: u64, unit: &'static str, quiet: bool) -> Self {
        let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
        let bar = Bar::over(total, unit, quiet);
        bar.says(&label);
        Self { bar, label, total, unit, finished: AtomicU64::new(0) }
    }

    /// Repeat `number` (from zero) enters a stage.
    pub fn stage(&self, number: u32, stage: &str) {
        self.bar.says(&format!("{}repeat {}: {stage}", self.label, number + 1));
    }

    /// A part is finished.
    pub fn finished(&self) {
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.moves(1);
        tracing::info!("{}{finished} of {} {} done", self.label, self.total, self.unit);
    }

    /// Everything is finished: a bar disappears.
    pub fn done(&self) {
        self.bar.clear();
    }
}
