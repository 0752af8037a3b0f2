//! What a person sees while an experiment runs: a bar on a terminal, plain lines elsewhere, nothing when asked.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Progress over the equal parts of an experiment, on standard error.
#[derive(Debug)]
pub struct Progress {
    show: Show,
    /// What stands before everything else.
    label: String,
    total: u64,
    /// What the parts are called, in the plural.
    unit: &'static str,
    finished: AtomicU64,
}

#[derive(Debug)]
enum Show {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

impl Progress {
    /// A bar on a terminal, lines elsewhere; `unit` is what the parts are called, in the plural. `label` tells which of
    /// several experiments it is, and is empty for one alone.
    #[must_use]
    pub fn new(label: &str, total: u64, unit: &'static str, quiet: bool) -> Self {
        let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
        let show = if quiet {
            Show::Nothing
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            // The template parses; without it the default style serves.
            if let Ok(style) = ProgressStyle::with_template(&format!(
                "{{spinner}} {{prefix}}{{pos}}/{{len}} {unit} {{bar:30}} {{elapsed}} {{msg}}"
            )) {
                bar.set_style(style);
            }
            bar.set_prefix(label.clone());
            bar.enable_steady_tick(Duration::from_millis(120));
            Show::Bar(bar)
        } else {
            Show::Lines
        };
        Self { show, label, total, unit, finished: AtomicU64::new(0) }
    }

    /// Repeat `number` (from zero) enters a stage.
    pub fn stage(&self, number: u32, stage: &str) {
        if let Show::Bar(bar) = &self.show {
            bar.set_message(format!("repeat {}: {stage}", number + 1));
        }
    }

    /// A part is finished.
    pub fn finished(&self) {
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.show {
            Show::Nothing => {}
            Show::Bar(bar) => bar.inc(1),
            Show::Lines => {
                // Nobody reading is no reason to stop.
                let _ = writeln!(
                    std::io::stderr(),
                    "{}{finished} of {} {} done",
                    self.label,
                    self.total,
                    self.unit
                );
            }
        }
    }

    /// Everything is finished: a bar disappears.
    pub fn done(&self) {
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }
}
