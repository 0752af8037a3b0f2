//! Launching a federation, as processes or in one process, and stopping it with nothing left behind.

mod child;
pub(crate) mod contract;
mod federation;
mod identities;
mod in_process;
mod plan;
mod processes;
mod program;
mod supervisor;

pub use child::{report_ready, stdin_closed};
pub use federation::Federation;
pub use plan::{LaunchContext, Plan};
