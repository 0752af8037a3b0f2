//! Gaussian clusters: several to a class, spread so that a class is no simple region.

use super::params::Violations;
use crate::data::DataError;

/// Parameters as they are written down, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RawGaussianClustersParams {
    /// Number of records, at least 1; 20,000 unless told.
    pub records: usize,
    /// Number of features, at least 1; 32 unless told.
    pub features: usize,
    /// Number of classes, at least 2; 10 unless told.
    pub classes: usize,
    /// Clusters of each class, at least 1; 10 unless told.
    pub clusters_per_class: usize,
    /// Fraction of labels that are redrawn from all classes alike, whatever the record says; 0.05 unless told.
    pub label_noise: f64,
}

impl Default for RawGaussianClustersParams {
    fn default() -> Self {
        Self { records: 20_000, features: 32, classes: 10, clusters_per_class: 10, label_noise: 0.05 }
    }
}

/// Checked parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GaussianClustersParams(RawGaussianClustersParams);

impl RawGaussianClustersParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<GaussianClustersParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.at_least_one("features", self.features);
        violations.size("records", self.records, self.features);
        violations.classes(self.classes);
        violations.at_least_one("clusters_per_class", self.clusters_per_class);
        violations.size(
            "clusters_per_class",
            self.clusters_per_class,
            self.classes.saturating_mul(self.features),
        );
        violations.fraction("label_noise", self.label_noise);
        violations.or(GaussianClustersParams(self))
    }
}

impl GaussianClustersParams {
    /// The values.
    #[must_use]
    pub fn get(&self) -> &RawGaussianClustersParams {
        &self.0
    }
}
