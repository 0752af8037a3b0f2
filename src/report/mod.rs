//! What a run leaves behind: the table on the terminal, and the files of the `--out` folder.

pub mod boundaries;
pub mod claims;
pub mod csv;
pub mod folder;
pub mod json;
pub mod table;
