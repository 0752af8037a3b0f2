//! What can be wrong with a message: the field, what stood there, and the rule it breaks.

use turncoat_learn::PredictionViolation;

/// A message that breaks the contract.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Violation {
    /// A field that must be there is not.
    #[error("{field} is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A value that the contract does not allow.
    #[error("{field} is {value}: {rule}")]
    Value {
        /// The field.
        field: &'static str,
        /// What stood there.
        value: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// A document within a message that cannot be read.
    #[error("{field}: {reason}")]
    Document {
        /// The field.
        field: &'static str,
        /// What is wrong, and where in the document.
        reason: String,
    },
    /// Fields whose lengths do not fit each other or what was asked.
    #[error("{field} has {got} entries where {expected} were due")]
    Length {
        /// The field.
        field: &'static str,
        /// Entries that came.
        got: usize,
        /// Entries that should have come.
        expected: usize,
    },
    /// A flat matrix that is not a whole number of rows.
    #[error("{field} has {got} entries, which is no whole number of rows of {width}")]
    Ragged {
        /// The field.
        field: &'static str,
        /// Entries that came.
        got: usize,
        /// Entries a row.
        width: usize,
    },
    /// A number that is none. The index counts from zero.
    #[error("{field}[{index}] is {value}, not a finite number")]
    NotFinite {
        /// The field.
        field: &'static str,
        /// Its place.
        index: usize,
        /// What stood there.
        value: f64,
    },
    /// Rows that are not prediction vectors.
    #[error("{field}: {violation}")]
    Vectors {
        /// The field.
        field: &'static str,
        /// Which row breaks which rule.
        violation: PredictionViolation,
    },
}
