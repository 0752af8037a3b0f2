//! Tables on the terminal.

mod byzantine;
pub mod grid;
mod laboratory;
pub mod run;
