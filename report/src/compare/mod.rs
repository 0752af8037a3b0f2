//! Measured figures beside figures to hold them against: published ones, a table of one's own, or those of other runs.

mod comparison;
mod document;
mod measured;
mod reference;
mod table;

pub use comparison::{Comparison, Line};
pub use document::document;
pub use measured::{Measured, read};
pub use reference::{Reference, of_file, of_runs, of_text};
pub use table::render;
