//! The scenario file: raw YAML with the place of every value, checked into a [`Scenario`].
//!
//! Every violation is reported at once. No text makes the check panic.

mod checked;
mod load;
mod pending;
mod violation;

pub use checked::{
    Adversary, Auxiliary, Evaluation, Federation, Launch, LaunchMode, Loaded, Scenario, Timeouts,
};
pub use load::check_files;
pub use pending::{Attack, DataSource, Disclosure, MembershipInference, Preprocess, SourceInference};
pub use violation::{Origin, ScenarioErrors, Violation};
