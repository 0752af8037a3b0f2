//! Columns of records, ranked once for all learners that split them.

mod prepared;
mod radix;
mod rank;

pub use prepared::Prepared;
pub(crate) use prepared::check_rows;
pub(crate) use radix::sort_by_bits;
pub(crate) use rank::Codes;
