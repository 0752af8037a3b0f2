//! What stands for traces in a build without the feature `otel`: whoever asked for them is told so, once.

use tracing_subscriber::{Layer, Registry};

use crate::cli::Command;
use crate::logs;

/// Nothing to keep.
pub(crate) struct Traces {
    asked_for: bool,
}

impl Traces {
    pub(crate) fn begin(command: &Command) -> (Self, Option<Box<dyn Layer<Registry> + Send + Sync>>) {
        let supervised = match command {
            Command::Coordinator(args) => args.service.supervised,
            Command::Party(args) => args.service.supervised,
            Command::Adversary(args) => args.service.supervised,
            Command::Guard(_) => true,
            _ => false,
        };
        // Of a run, the process that supervises the others says it.
        (Self { asked_for: logs::collector_is_named() && !supervised }, None)
    }

    pub(crate) fn tell(&self) {
        if self.asked_for {
            let variable = logs::COLLECTOR;
            tracing::warn!(
                variable,
                "no traces are sent: this build has none; `--features otel` builds them in"
            );
        }
    }
}
