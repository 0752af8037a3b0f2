//! What a run has found, as data that is written and read.

pub mod attack;
pub mod byzantine;
pub mod differences;
pub mod figure;
pub mod report;
pub mod service;
pub mod single_target;
