//! The checked form of a learner's parameters: made by `check` of the raw form alone, also when it is read from a file.

/// Declares a checked form, also when it is read from a file.
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
            fn from(params: $checked) -> Self {
                params.0
            }
        }

        impl TryFrom<$raw> for $checked {
            type Error = String;

            fn try_from(raw: $raw) -> Result<Self, String> {
                raw.check()
                    .map_err(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            }
        }
    };
}

pub(crate) use checked;
