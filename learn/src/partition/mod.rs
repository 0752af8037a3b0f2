//! How records are given to the parties: a checked [`PartitionParams`] and a data set make a [`Partition`].
//!
//! Disjoint by construction: every row of the data set belongs to one party, or to the auxiliary records, or to
//! nobody, and [`Partition::owner`] is a function of the row.

mod clustered;
mod clusters;
mod draw;
mod error;
mod params;
mod skew;
#[cfg(test)]
mod tests;

pub use clusters::Clusters;
pub use draw::Partition;
pub use error::{Degenerate, PartitionError, PartitionViolation, Shortfall};
pub use params::{Alpha, OnDegenerate, PartitionParams, RawPartitionParams, RecordsPerParty, Skew};
