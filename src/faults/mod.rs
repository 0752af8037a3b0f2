//! Faults and Byzantine behaviour of a scenario: which party is affected, drawn from a seed, and done to its answers.
//!
//! Nothing here depends on a clock or on the order of arrival: what happens to a call depends on the scenario, the repeat, the
//! party, the call's first query and the attempt. The parties' own code stays honest; it knows only that somebody may
//! change, delay or withhold what it answers.

mod byzantine;
mod draw;
mod inject;
mod plan;

pub use byzantine::falsified;
pub use draw::{Call, InjectedFault};
pub(crate) use inject::CRASHED;
pub use inject::{End, Injector};
pub use plan::PartyFaults;
pub use turncoat_config::fault::{Behaviour, Byzantine, Corruption, Fault};
