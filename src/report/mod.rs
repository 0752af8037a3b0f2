//! What a run leaves behind: the table on the terminal, and the files of the `--out` folder.

pub mod attack_sets;
pub mod boundaries;
pub mod byzantine;
pub mod claims;
pub mod csv;
pub mod differences;
pub mod few_claims;
pub mod finished;
pub mod folder;
pub(crate) mod grid;
pub mod gz_csv;
pub(crate) mod headline;
pub mod json;
pub mod laboratory;
pub(crate) mod lock;
mod mean;
pub mod read;
pub mod service;
pub mod table;
pub mod target_claims;
pub mod vectors;
