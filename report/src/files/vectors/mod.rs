//! `vectors.npz` and `vectors.csv.gz`: the prediction vectors of a run beside the truth, in the form that other auditors score
//! again.
//!
//! Both files hold the same rows. Of a federation: repeat (from 1), record (row of the data set as it was prepared, from 0),
//! label (its class, from 0), member (0 or 1), owner (the party that trained on it, 0 for none), uniform and matched (whether
//! the record counts in that draw of the challenge about all parties, which has as many members as non-members), then the vectors
//! of the average and of each party. Every record is there that any adversary was asked about; `claims.csv.gz` says who was asked
//! about which, and in which draw it counts there. Of single targets: repeat, fold (from 1), target (its place in the scenario,
//! from 0), record, label, member, matched, and the target's vector, of the record as the adversary knows it.
//!
//! In the archive, which is compressed, each column is an array of i64, and each model one of f64, rows by classes: `average`,
//! `party_1`, ..., or `vectors` of single targets. In the table they are `average_p0`, ..., `party_1_p0`, ..., or `p0`, .... What a
//! party did not answer is NaN, and empty in the table. Neither file carries a time: the same run writes the same bytes.
//!
//! Nothing of this is held in memory as a whole. A repeat (or fold) writes its rows to a [`Spool`] among the checkpoints, block by
//! block; when all are there, both files are put together from the spools, a block at a time.

mod files;
mod layout;
mod npz;
mod spool;

pub use files::VectorFiles;
pub use layout::Layout;
pub use spool::SPOOL;
pub use spool::{Spool, SpoolWriter};

/// The archive for NumPy.
pub const VECTORS: &str = "vectors.npz";
/// The table.
pub const VECTORS_CSV: &str = "vectors.csv.gz";
