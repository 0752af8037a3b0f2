//! How records are dealt to the parties: a checked [`Deal`] and a data set make a [`Partition`].
//!
//! Disjoint by construction: every row of the data set belongs to one party, or to the auxiliary records, or to
//! nobody, and [`Partition::owner`] is a function of the row.

mod clustered;
mod clusters;
mod deal;
mod dealt;
mod error;
mod skew;
#[cfg(test)]
mod tests;

pub use clusters::Clusters;
pub use deal::{Alpha, Deal, OnDegenerate, RawDeal, RecordsPerParty, Skew};
pub use dealt::Partition;
pub use error::{DealViolation, Degenerate, PartitionError, Shortfall};
