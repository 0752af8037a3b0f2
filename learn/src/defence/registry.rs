//! The defences of answers, a line each: what a scenario calls it, and its parameters.

use ndarray::ArrayViewMut1;

use super::{Round, TopK};
use crate::learner::LearnerError;
use crate::seed::Seed;

/// A defence of answers by its parameters.
pub(crate) trait VectorDefence {
    /// Changes a vector in place into another point of the simplex. `draw` makes the key of the record's own random draws.
    fn apply(&self, vector: ArrayViewMut1<'_, f64>, draw: &dyn Fn() -> Seed);

    /// What is wrong with its parameters.
    fn violation(&self) -> Option<LearnerError> {
        None
    }
}

macro_rules! defences {
    ($($(#[$doc:meta])* $name:literal: $variant:ident,)*) => {
        /// A defence of answers.
        ///
        /// ```
        /// use turncoat_learn::defence::Defence;
        ///
        /// let defence: Defence = serde_json::from_str(r#"{"top_k": {"k": 1}}"#).unwrap();
        /// assert_eq!(defence.name(), "top_k");
        /// ```
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[schemars(rename = "defence", extend("examples" = [{"top_k": {"k": 3}}]))]
        pub enum Defence {
            $($(#[$doc])* #[serde(rename = $name)] $variant($variant),)*
        }

        impl Defence {
            /// The names of all defences, as scenarios write them.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its name, as a scenario writes it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// Reads a JSON list of defences and checks their parameters.
            ///
            /// # Errors
            /// What cannot be read, or is out of bounds, in a sentence.
            ///
            /// ```
            /// use turncoat_learn::defence::Defence;
            ///
            /// assert_eq!(Defence::list(r#"[{"round": {"digits": 1}}]"#).unwrap().len(), 1);
            /// assert!(Defence::list(r#"[{"round": {"digits": 40}}]"#).unwrap_err().contains("at most 15"));
            /// ```
            pub fn list(json: &str) -> Result<Vec<Self>, String> {
                let list: Vec<Self> = serde_json::from_str(json).map_err(|error| error.to_string())?;
                match list.iter().find_map(|defence| defence.params().violation()) {
                    Some(violation) => Err(violation.to_string()),
                    None => Ok(list),
                }
            }

            pub(super) fn params(&self) -> &dyn VectorDefence {
                match self {
                    $(Self::$variant(params) => params,)*
                }
            }
        }
    };
}

defences! {
    /// Only the largest probabilities are told.
    "top_k": TopK,
    /// Probabilities are rounded.
    "round": Round,
}
