//! turncoat: how much more precisely an insider of a federation identifies its training data than an outsider.
//!
//! The root package is glue: the command line, scenarios, launching, the adversary's process, the experiment. What it
//! leaves behind is made in `turncoat-report`. What it measures with lives in `turncoat-learn` and `turncoat-attack`, what it measures in `turncoat-party`
//! and `turncoat-coordinator`.

#![forbid(unsafe_code)]

pub mod adversary;
pub(crate) mod checkpoint;
pub mod cli;
pub mod commands;
pub(crate) mod datasets;
pub(crate) mod draft;
pub mod environment;
pub mod error;
pub mod experiment;
pub mod faults;
pub(crate) mod identity;
pub(crate) mod interruption;
pub(crate) mod kernel;
pub mod launch;
pub(crate) mod leftovers;
pub mod logs;
pub mod progress;
pub(crate) mod shipped;
pub mod sweep;
pub(crate) mod terminal;
pub(crate) mod together;
#[cfg_attr(not(feature = "otel"), path = "untraced.rs")]
mod traces;
pub(crate) mod warnings;
pub(crate) mod workspace;

/// Scenarios.
pub use turncoat_config as scenario;
pub(crate) use turncoat_learn::{visible, words};
