//! The experiment: what happens in one repeat, how repeats share the machine, and how they become a report.

mod assemble;
mod repeat;
mod run;

pub use run::{Experiment, Options};
