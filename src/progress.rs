//! What a person sees while an experiment runs: a bar on a terminal, plain lines elsewhere, nothing when asked.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Progress over the repeats of an experiment, on standard error.
#[derive(Debug)]
pub struct Progress {
    show: Show,
    repeats: u32,
    finished: AtomicU32,
}

#[derive(Debug)]
enum Show {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

impl Progress {
    /// A bar on a terminal, lines elsewhere.
    #[must_use]
    pub fn new(repeats: u32, quiet: bool) -> Self {
        let show = if quiet {
            Show::Nothing
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(repeats.into()), ProgressDrawTarget::stderr());
            // The template is a constant that parses; without it the default style serves.
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {pos}/{len} repeats {bar:30} {elapsed} {msg}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            Show::Bar(bar)
        } else {
            Show::Lines
        };
        Self { show, repeats, finished: AtomicU32::new(0) }
    }

    /// Repeat `number` (from zero) enters a stage.
    pub fn stage(&self, number: u32, stage: &str) {
        if let Show::Bar(bar) = &self.show {
            bar.set_message(format!("repeat {}: {stage}", number + 1));
        }
    }

    /// A repeat is finished.
    pub fn finished(&self, _number: u32) {
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.show {
            Show::Nothing => {}
            Show::Bar(bar) => bar.inc(1),
            Show::Lines => {
                // Nobody reading is no reason to stop.
                let _ = writeln!(std::io::stderr(), "{finished} of {} repeats done", self.repeats);
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
