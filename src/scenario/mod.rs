//! The scenario file: raw YAML with the place of every value, checked into a [`Study`].
//!
//! Every violation is reported at once. No text makes the check panic.

mod check;
mod checked;
mod cost;
mod load;
mod overrides;
mod reader;
mod resolve;
#[cfg(test)]
mod shape;
mod single_target;
mod study;
mod sweep;
#[cfg(test)]
mod tests;
mod violation;
mod warnings;
mod write;
mod yaml;

pub use checked::{
    Adversary, Auxiliary, Boundaries, Evaluation, Federation, Launch, LaunchMode, Loaded, Scenario, Timeouts,
};
pub(crate) use cost::{Cost, Work};
pub use load::{check_files, parse_learner};
pub(crate) use reader::nearest;
pub use single_target::{Cell, Combine, Exports, NamedTargetAttack, SingleTarget, Target, TargetAttack};
pub use study::Study;
pub use sweep::{Plan, Sweep, SweepRun};
pub use violation::{Origin, ScenarioErrors, Violation};

/// The JSON Schema of scenarios (draft 7), for editors. Tests hold it against what the check accepts and refuses.
pub const SCHEMA: &str = include_str!("../../scenarios/scenario.schema.json");
