//! Launching a federation, as processes or in one process, and stopping it with nothing left behind.

mod child;
mod federation;
mod in_process;
mod keeper;
mod papers;
mod plan;
mod processes;
mod program;

pub use child::{lifeline_closed, report_ready};
pub use federation::Federation;
pub use plan::Plan;
