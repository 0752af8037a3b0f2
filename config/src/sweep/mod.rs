//! `sweep:` at the top of a scenario: lists of values for keys, and one run for each of their combinations.
//!
//! Runs stand in the order of the file, the last key fastest. Each is the scenario with its values set as `--set` would,
//! and is checked as if it had been written out.

mod axes;
mod merge;
mod plan;
mod written;

pub use plan::{Plan, Sweep, SweepRun};
