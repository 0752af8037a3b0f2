//! What a run leaves behind: its results as data, as tables, as files of its folder and as a page with pictures, and beside
//! published ones.
//!
//! Nothing here runs an experiment or knows a scenario: what it has to know of them (names, identities) it is given as plain data.

#![forbid(unsafe_code)]

pub mod compare;
pub mod error;
pub mod few_claims;
pub mod files;
pub mod finished;
mod headline;
pub mod page;
mod picture;
pub mod result;
pub mod sweep;
pub mod table;

pub use error::{Error, Fault};
