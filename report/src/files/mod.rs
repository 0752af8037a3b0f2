//! The files of an output folder, and the folder itself.

pub mod attack_sets;
pub mod boundaries;
pub mod claims;
pub mod csv;
pub mod folder;
pub mod gz_csv;
pub mod lock;
pub mod target_claims;
pub mod unfinished;
pub mod vectors;
