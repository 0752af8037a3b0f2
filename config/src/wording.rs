//! How units, defaults and sources are put, in an editor and on the reference page alike.

#[cfg(test)]
use serde_json::Map;
use serde_json::Value;

/// Adds to a description what else is known of a key.
#[cfg(test)]
pub(super) fn tell(schema: &mut Map<String, Value>) {
    let facts: Vec<String> = [
        ("Unit", schema.get("x-unit").map(plain)),
        ("Default", default_of(schema)),
        ("Source", schema.get("x-source").map(plain)),
    ]
    .into_iter()
    .filter_map(|(what, fact)| fact.map(|fact| format!("{what}: {fact}.")))
    .collect();
    if facts.is_empty() {
        return;
    }
    let meaning = schema.get("description").map(plain);
    let parts: Vec<String> = meaning.into_iter().chain([facts.join(" ")]).collect();
    schema.insert("description".into(), parts.join("\n\n").into());
}

/// The default of a key as a scenario writes it, or what it depends on.
#[cfg(test)]
pub(super) fn default_of(schema: &Map<String, Value>) -> Option<String> {
    match (schema.get("x-default"), schema.get("default")) {
        (Some(depends), _) => Some(plain(depends)),
        (None, Some(value)) => Some(value_of(value)),
        (None, None) => None,
    }
}

/// A value on one line of YAML.
pub(super) fn value_of(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Object(keys) if keys.is_empty() => "that of each key".into(),
        Value::Object(keys) => {
            let all: Vec<String> =
                keys.iter().map(|(key, value)| format!("{key}: {}", inner(value))).collect();
            format!("{{{}}}", all.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", ")),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => number(value),
    }
}

fn inner(value: &Value) -> String {
    match value {
        Value::Object(keys) if keys.is_empty() => "{}".into(),
        other => value_of(other),
    }
}

/// A number as people write it: a float that is whole without its point, thousands apart.
pub(super) fn number(value: &Value) -> String {
    let whole = value
        .as_u64()
        .or_else(|| value.as_f64().filter(|v| v.fract() == 0.0 && (0.0..1e15).contains(v)).map(|v| v as u64));
    match whole {
        Some(whole) => whole.to_string(),
        None => match value.as_f64() {
            Some(number) if !(1e-6..1e15).contains(&number.abs()) && number != 0.0 => format!("{number:e}"),
            Some(number) => number.to_string(),
            None => value.to_string(),
        },
    }
}

/// A text without its quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
