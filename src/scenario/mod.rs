//! The scenario file: raw YAML with the place of every value, checked into a [`Study`].
//!
//! Every violation is reported at once. No text makes the check panic.

mod attacks;
mod checks;
mod cost;
#[cfg(test)]
mod described_tests;
mod federation;
mod load;
mod overrides;
mod places;
#[cfg(test)]
mod reference;
mod resolve;
mod rules;
mod schema;
mod settings;
mod single_target;
mod study;
mod sweep;
#[cfg(test)]
mod tests;
mod values;
mod violation;
mod walk;
mod warnings;
mod wording;
mod write;
mod yaml;

pub(crate) use cost::{Cost, Work};
pub use federation::{Adversary, Federation, FederationExport, PartyCommand, Scenario};
pub use load::{check_files, parse_learner};
pub(crate) use places::nearest;
pub use settings::{
    Auxiliary, Boundaries, Disclosure, Ends, Evaluation, Launch, LaunchMode, Limits, Quorum, Timeouts,
};
pub use single_target::{Cell, Combine, Export, NamedTargetAttack, SingleTarget, Target, TargetAttack};
pub use study::Loaded;
pub use study::Study;
pub use sweep::{Plan, Sweep, SweepRun};
pub use violation::{Origin, ScenarioErrors, Violation};

/// The JSON Schema of scenarios (draft 7), for editors. Tests hold it against what the check accepts and refuses.
pub const SCHEMA: &str = include_str!("../../scenarios/scenario.schema.json");
