//! Faults and lies that a scenario asks for: what befalls which party, drawn from a seed, and done to its answers.
//!
//! Nothing here depends on a clock or on the order of arrival: what befalls a call depends on the scenario, the repeat, the
//! party, the call's first query and the attempt. The parties' own code stays honest; it knows only that somebody may
//! change, delay or withhold what it answers.

mod draw;
mod inject;
mod lie;
mod plan;

pub use draw::{Call, InjectedFault};
pub(crate) use inject::CRASHED;
pub use inject::{End, Injector};
pub use lie::told_instead;
pub use plan::PartyFaults;
pub use turncoat_config::fault::{Byzantine, Corruption, Fault, Lie};
