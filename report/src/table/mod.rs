//! Tables, and how they stand on the terminal.

pub(crate) mod byzantine;
pub mod columns;
pub mod run;
mod single_target;
