//! Purchases: binary shopping profiles.

use super::params::Violations;
use crate::data::DataError;

/// Parameters as they are written down, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RawPurchasesParams {
    /// Number of records, at least 1; 20,000 unless told.
    pub records: usize,
    /// Number of features, at least 1; 600 unless told.
    pub features: usize,
    /// Number of classes, one profile each, at least 2; 100 unless told.
    pub classes: usize,
    /// Fraction of bits that differ from the profile, from 0 to 1; 0.2 unless told.
    pub flip: f64,
}

impl Default for RawPurchasesParams {
    fn default() -> Self {
        Self { records: 20_000, features: 600, classes: 100, flip: 0.2 }
    }
}

/// Checked parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PurchasesParams(RawPurchasesParams);

impl RawPurchasesParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<PurchasesParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.at_least_one("features", self.features);
        violations.size("records", self.records, self.features);
        violations.classes(self.classes);
        violations.size("classes", self.classes, self.features);
        violations.fraction("flip", self.flip);
        violations.or(PurchasesParams(self))
    }
}

impl PurchasesParams {
    /// The values.
    #[must_use]
    pub fn get(&self) -> &RawPurchasesParams {
        &self.0
    }
}
