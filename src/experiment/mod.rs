//! The experiment: what happens in one repeat, how repeats share the machine, and how they become a report.

mod assemble;
mod boundaries;
mod challenges;
mod data_cache;
mod distances;
mod options;
mod pairs;
mod pass;
mod plane;
mod repeat;
mod run;
mod runner;
mod service;
mod single_target;
mod stopwatch;
mod study;
mod truth;
mod turns;
mod vectors;

pub use data_cache::DataCache;
pub use options::Options;
pub use pass::Pass;
pub use run::Experiment;
pub use runner::{Runner, Watch};
pub use study::run;
