//! The schema as editors read it: from what a scenario is read by, to what an editor tells and completes well.
//!
//! - a map without a key that must be there may be left empty (null);
//! - a map of exactly one key is `{word: ...}`, or the bare word where nothing has to stand below it;
//! - a list of words is an `enum` with what each means;
//! - the description of a key ends with its unit, default and source;
//! - in a scenario with a sweep no key has to be there, as the sweep may give it.

use serde_json::{Map, Value, json};

use super::schema::{described, name_of, resolved, visit};
use super::wording;

/// What is said to those who read a scenario by it, and no editor.
const READ_BY: [&str; 8] =
    ["x-choice", "x-word", "x-rule", "x-null", "x-key", "x-told", "x-refused", "x-renamed-from"];

/// The whole schema, keys in alphabetical order.
pub(super) fn schema() -> Value {
    let mut root = described().clone();
    let whole = root.clone();
    visit(&mut root, &mut |schema| told_by_definition(schema, &whole));
    visit(&mut root, &mut wording::tell);
    visit(&mut root, &mut beside_ref);
    visit(&mut root, &mut |schema| READ_BY.iter().for_each(|key| drop(schema.remove(*key))));
    ease(&mut root);
    root
}

/// A key that says nothing of itself says what its definition does, so that its default stands beside its meaning.
fn told_by_definition(schema: &mut Map<String, Value>, root: &Value) {
    let own = Value::Object(schema.clone());
    if schema.contains_key("description") || name_of(&own).is_none() {
        return;
    }
    let body = resolved(&own, root);
    for key in ["description", "x-source", "x-unit"] {
        if let (Some(keyword), false) = (body.get(key), schema.contains_key(key)) {
            schema.insert(key.into(), keyword.clone());
        }
    }
}

/// What is said of a key beside its `$ref`, and not around it: a validator of draft 7 reads the `$ref` alone, and loses nothing, and
/// editors show what is said beside it.
fn beside_ref(schema: &mut Map<String, Value>) {
    let only = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => only.get("$ref").cloned(),
        _ => None,
    };
    if let Some(name) = only {
        schema.remove("allOf");
        schema.insert("$ref".into(), name);
    }
}

/// Asks for the keys that must be there only where no sweep may give them. Within lists and maps of one key a sweep reaches too, and
/// seldom does: there they stay asked for.
fn ease(root: &mut Value) {
    for kind in ["then", "else"] {
        let mut eased = Vec::new();
        let needs = needs(&root[kind], root, &mut eased);
        for definition in eased {
            let map = root.pointer_mut(&definition).and_then(Value::as_object_mut);
            map.expect("a definition is a map").remove("required");
        }
        root[kind] = json!({"allOf": [
            root[kind],
            {"if": {"properties": {"sweep": {"type": "object"}}, "required": ["sweep"]}, "else": needs},
        ]});
    }
}

/// The keys that must be there in a map and in the maps below it, and the places of the definitions that ask for them.
fn needs(schema: &Value, root: &Value, eased: &mut Vec<String>) -> Value {
    let body = resolved(schema, root);
    let Some(keys) = body.get("properties").and_then(Value::as_object) else { return json!({}) };
    if let (Some(_), Some(name)) = (body.get("required"), name_of(schema)) {
        eased.push(name.trim_start_matches('#').to_owned());
    }
    let below: Map<String, Value> = keys
        .iter()
        .map(|(key, schema)| (key.clone(), needs(schema, root, eased)))
        .filter(|(_, needs)| *needs != json!({}))
        .collect();
    let mut all = Map::new();
    all.extend(body.get("required").map(|keys| ("required".to_owned(), keys.clone())));
    if !below.is_empty() {
        all.insert("properties".into(), Value::Object(below));
    }
    Value::Object(all)
}
