//! Launching a federation, as processes or in one process, and stopping it with nothing left behind.

mod child;
pub(crate) mod contract;
mod federation;
mod in_process;
mod keeper;
mod papers;
mod plan;
mod processes;
mod program;

pub use child::{report_ready, stdin_closed};
pub use federation::Federation;
pub use plan::Plan;
