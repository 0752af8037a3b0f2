//! The experiment: what happens in one repeat, how repeats share the machine, and how they become a report.

mod assemble;
mod boundaries;
mod distances;
mod plane;
mod repeat;
mod run;
mod stopwatch;
mod truth;

pub use run::{Experiment, Options};
