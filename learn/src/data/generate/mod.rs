//! Seeded generators: records drawn from named streams, the same for the same seed and parameters on every machine.

mod census;
mod gaussian_clusters;
mod params;
mod purchases;

pub use census::{CensusParams, RawCensusParams};
pub use gaussian_clusters::{GaussianClustersParams, RawGaussianClustersParams};
pub use purchases::{PurchasesParams, RawPurchasesParams};
