//! What a run has found, as data.

pub mod byzantine;
pub mod differences;
pub mod json;
pub mod laboratory;
pub mod mean;
pub mod read;
pub mod service;
