//! Seeded generators: records drawn from named streams, the same for the same seed and parameters on every machine.

mod census;
mod gaussian_clusters;
mod params;
mod purchases;

pub(super) use census::generate as census;
pub(super) use gaussian_clusters::generate as gaussian_clusters;
pub(super) use purchases::generate as purchases;

pub use census::{CensusParams, RawCensusParams};
pub use gaussian_clusters::{GaussianClustersParams, RawGaussianClustersParams};
pub use purchases::{PurchasesParams, RawPurchasesParams};

#[cfg(test)]
mod tests;
