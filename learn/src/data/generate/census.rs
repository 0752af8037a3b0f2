//! Census: mixed columns and noisy labels in the manner of Adult.

use super::params::Violations;
use crate::data::DataError;

/// Parameters as they are written down, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCensusParams {
    /// Number of records, at least 1; 48,842 unless told, as many as Adult has.
    pub records: usize,
    /// Fraction of labels that are redrawn from the class shares, whatever the record says; 0.3 unless told.
    pub label_noise: f64,
}

impl Default for RawCensusParams {
    fn default() -> Self {
        Self { records: 48_842, label_noise: 0.3 }
    }
}

/// Checked parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CensusParams(RawCensusParams);

impl RawCensusParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`DataError::Parameter`] violations at once.
    pub fn check(self) -> Result<CensusParams, Vec<DataError>> {
        let mut violations = Violations::default();
        violations.at_least_one("records", self.records);
        violations.size("records", self.records, 12);
        violations.fraction("label_noise", self.label_noise);
        violations.or(CensusParams(self))
    }
}

impl CensusParams {
    /// The values.
    #[must_use]
    pub fn get(&self) -> &RawCensusParams {
        &self.0
    }
}
