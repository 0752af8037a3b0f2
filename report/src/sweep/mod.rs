//! What a sweep leaves behind: one table of all results, the table that it ends with, and its JSON document.

pub mod folder;
pub mod json;
pub mod results;
pub mod table;
