//! A parameter of the laboratory outside its range, and the checked form of parameters: made by `check` of the raw form
//! alone, also when it is read from a file.

/// A parameter outside its range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} is {value}: {rule}")]
pub struct LabViolation {
    /// The parameter, as the key path below what is checked: `steps.1.query.budget`.
    pub parameter: String,
    /// What was given.
    pub value: String,
    /// What is allowed.
    pub rule: String,
}

impl LabViolation {
    pub(super) fn new(
        parameter: impl Into<String>,
        value: impl std::fmt::Display,
        rule: impl Into<String>,
    ) -> Self {
        Self { parameter: parameter.into(), value: value.to_string(), rule: rule.into() }
    }
}

/// Several violations in one line.
pub(crate) fn sentences(violations: &[LabViolation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Declares a checked form.
macro_rules! checked {
    ($(#[$doc:meta])* $checked:ident of $raw:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = $text, into = $text)]
        pub struct $checked($raw);

        impl $checked {
            /// The values.
            #[must_use]
            pub fn get(&self) -> &$raw {
                &self.0
            }
        }

        impl From<$checked> for $raw {
            fn from(checked: $checked) -> Self {
                checked.0
            }
        }

        impl TryFrom<$raw> for $checked {
            type Error = String;

            fn try_from(raw: $raw) -> Result<Self, String> {
                raw.check().map_err(|all| crate::lab::violation::sentences(&all))
            }
        }
    };
}

pub(super) use checked;
