//! The scenario file: raw YAML with the place of every value, checked into a [`Study`].
//!
//! Every violation is reported at once. No text makes the check panic.
//!
//! ```
//! use turncoat_config::Scenario;
//!
//! let text = "name: mine\nseed: 1\ndata: iris\nfederation: {parties: 3, records_per_party: 20, skew: simplex}\n";
//! let loaded = Scenario::parse("mine.yaml", text, &["federation.parties=4".to_owned()])?;
//! assert_eq!(loaded.study.federation().unwrap().parties(), 4);
//! let refused = Scenario::parse("mine.yaml", text, &["federation.partis=4".to_owned()]).unwrap_err();
//! assert!(refused.to_string().ends_with("did you mean `parties`?"));
//! # Ok::<(), turncoat_config::ScenarioErrors>(())
//! ```

#![forbid(unsafe_code)]

mod attacks;
mod broken;
mod checks;
mod cost;
#[cfg(test)]
mod described_tests;
#[cfg(test)]
mod editor;
pub mod fault;
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
mod written;
mod yaml;

pub use cost::{Cost, Work, slow};
pub use federation::{Adversary, Federation, FederationExport, PartyCommand, Scenario};
pub use load::{check_files, parse_learner};
pub use settings::{
    Auxiliary, Boundaries, Disclosure, Ends, Evaluation, LEAST_MESSAGE_BYTES, Launch, LaunchMode, Limits,
    MOST_MESSAGE_BYTES, Quorum, Timeouts,
};
pub use single_target::{Cell, Combine, Export, SingleTarget, Target};
pub use study::{Loaded, Study};
pub use sweep::{Plan, Sweep, SweepRun};
pub use turncoat_learn::words::nearest;
pub use violation::{Origin, ScenarioErrors, Violation};
