//! The checked form of parameters: made by `check` of the raw form alone, also when it is read from a file.

/// Declares the checked form of parameters, as in `checked! { /// What it is. TreeParams of RawTreeParams, "RawTreeParams" }`.
///
/// The raw form has a method `check(self)` that answers the checked form or all violations, each a sentence; the crate that
/// declares has serde. The text is the raw form's name once more, for serde.
#[macro_export]
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
