//! What a run leaves behind: the table on the terminal, and the files of the `--out` folder.

pub mod attack_sets;
pub mod boundaries;
pub mod claims;
pub mod csv;
pub mod folder;
pub mod gz_csv;
pub mod json;
pub mod laboratory;
pub mod table;
pub mod target_claims;
