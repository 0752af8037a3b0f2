//! The checked form of parameters: made by `check` of the raw form alone, also when it is read from a file.

/// Declares the checked form of parameters, as in `checked! { /// What it is. TreeParams of RawTreeParams, "RawTreeParams" }`.
///
/// The raw form has a method `check(self)` that answers the checked form or all violations, each a sentence, and a JSON Schema, which
/// is that of the checked form too; the crate that declares has serde and schemars. The text is the raw form's name once more, for serde.
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

        impl schemars::JsonSchema for $checked {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$raw>::schema_name()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                <$raw>::schema_id()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$raw>::json_schema(generator)
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

/// Writes into the schema of parameters what each key is where nothing is said: serde_json of `T::default()`, the one place that says
/// so. For types that serde does not read with defaults of its own.
pub(crate) fn defaults_of<T: Default + serde::Serialize>(schema: &mut schemars::Schema) {
    let Ok(serde_json::Value::Object(defaults)) = serde_json::to_value(T::default()) else { return };
    let Some(keys) = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut) else { return };
    for (key, default) in defaults {
        if let Some(serde_json::Value::Object(schema)) = keys.get_mut(&key) {
            schema.insert("default".into(), default);
        }
    }
}
