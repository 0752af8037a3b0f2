//! A parameter of an attack on a single target outside its range.

/// A parameter outside its range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} is {value}: {rule}")]
pub struct ParameterViolation {
    /// The parameter, as the key path below what is checked: `steps.1.query.budget`.
    pub parameter: String,
    /// What was given.
    pub value: String,
    /// What is allowed.
    pub rule: String,
}

impl ParameterViolation {
    pub(super) fn new(
        parameter: impl Into<String>,
        value: impl std::fmt::Display,
        rule: impl Into<String>,
    ) -> Self {
        Self { parameter: parameter.into(), value: value.to_string(), rule: rule.into() }
    }
}

/// Several violations in one line.
pub(crate) fn sentences(violations: &[ParameterViolation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
