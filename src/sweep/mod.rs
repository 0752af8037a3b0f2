//! Runs of a sweep: one after the other, each in a folder named by what decides its figures and files, one results.csv for all.
//!
//! Guarantee: however often a sweep is stopped and started again, results.csv ends with the same bytes as if it had run
//! undisturbed, and no finished run is run twice.

mod execute;
mod folder;
mod identify;

pub(crate) use execute::identity;
pub use execute::{Executed, Place, execute};
