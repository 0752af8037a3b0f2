//! The experiment: what happens in one repeat, how repeats share the machine, and how they become a report.

mod assemble;
mod boundaries;
mod distances;
mod options;
mod pairs;
mod plane;
mod repeat;
mod run;
mod runner;
mod shelf;
mod single_target;
mod stopwatch;
mod study;
mod truth;
mod turns;

pub use options::Options;
pub use run::Experiment;
pub use runner::{Runner, Watch};
pub use shelf::DataShelf;
pub use study::run;
