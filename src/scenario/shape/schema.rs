//! From the types of this room to a JSON Schema, draft 7: the one that yaml-language-server knows best.
//!
//! What schemars makes of the types is brought into the form that an editor tells and completes well:
//! - a map without a key that must be there may be left empty (null);
//! - a map of exactly one key is `{word: ...}`, or the bare word where nothing has to stand below it;
//! - a list of words is an `enum` with what each means;
//! - the description of a key ends with its unit, default and source;
//! - in a scenario with a sweep no key has to be there, as the sweep may give it.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::study::{FederationStudy, SingleTargetStudy};
use super::wording;

/// The whole schema, keys in alphabetical order.
pub(super) fn schema() -> Value {
    let mut root = described();
    let whole = root.clone();
    visit(&mut root, &mut |schema| told_by_definition(schema, &whole));
    visit(&mut root, &mut wording::tell);
    visit(&mut root, &mut beside_ref);
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
        if let (Some(told), false) = (body.get(key), schema.contains_key(key)) {
            schema.insert(key.into(), told.clone());
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

/// The schema before units, defaults and sources become part of the descriptions, and with every key that must be there.
pub(super) fn described() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let federation = generator.subschema_for::<FederationStudy>().to_value();
    let single_target = generator.subschema_for::<SingleTargetStudy>().to_value();
    let mut root = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "turncoat scenario",
        "description": "One experiment of turncoat, or a sweep of them. `turncoat check` says more than a schema can.",
        "type": "object",
        "if": {"properties": {"kind": {"const": "single_target"}}, "required": ["kind"]},
        "then": single_target,
        "else": federation,
        "definitions": generator.take_definitions(true),
    });
    visit(&mut root, &mut plain);
    let whole = root.clone();
    visit(&mut root, &mut |schema| choice(schema, &whole));
    root
}

/// Every map of a schema that is a schema itself, innermost first.
fn visit(schema: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(keys) = schema else { return };
    for (key, below) in keys.iter_mut() {
        match (key.as_str(), below) {
            ("properties" | "definitions", Value::Object(named)) => {
                named.values_mut().for_each(|schema| visit(schema, change));
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(list)) => {
                list.iter_mut().for_each(|schema| visit(schema, change));
            }
            ("items" | "additionalProperties" | "then" | "else", schema) => visit(schema, change),
            _ => {}
        }
    }
    change(keys);
}

/// The place of the definition that a schema refers to.
pub(super) fn name_of(schema: &Value) -> Option<&str> {
    let only = schema.get("allOf").and_then(|all| all.get(0)).unwrap_or(schema);
    only.get("$ref").and_then(Value::as_str)
}

/// What `$ref` names, and else the schema itself.
pub(super) fn resolved<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let Some(name) = name_of(schema) else { return schema };
    let pointer = name.strip_prefix('#').expect("definitions lie in the schema itself");
    root.pointer(pointer).expect("a name that is used is defined")
}

fn plain(schema: &mut Map<String, Value>) {
    schema.remove("format");
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split("\n\n").map(|part| part.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
    }
    words(schema);
    optional(schema);
}

/// `oneOf` words with a description each becomes an `enum`.
fn words(schema: &mut Map<String, Value>) {
    let Some(Value::Array(all)) = schema.get("oneOf") else { return };
    let words: Option<Vec<Value>> = all.iter().map(|word| word.get("const").cloned()).collect();
    let Some(words) = words else { return };
    let meanings: Vec<Value> = all.iter().map(|word| word["description"].clone()).collect();
    schema.remove("oneOf");
    schema.insert("enum".into(), Value::Array(words));
    schema.insert("markdownEnumDescriptions".into(), Value::Array(meanings));
}

/// Keys with a default need not be there; a map in which none need be may be null.
fn optional(schema: &mut Map<String, Value>) {
    if schema.get("additionalProperties") != Some(&json!(false)) {
        return;
    }
    let properties = schema.entry("properties").or_insert_with(|| json!({})).clone();
    let is_optional = |key: &Value| {
        let property = &properties[key.as_str().expect("keys are text")];
        property.get("default").is_some() || property.get("x-default").is_some()
    };
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let required: Vec<Value> = required.into_iter().filter(|key| !is_optional(key)).collect();
    if required.is_empty() {
        schema.remove("required");
        schema.insert("type".into(), json!(["object", "null"]));
    } else {
        schema.insert("required".into(), Value::Array(required));
    }
}

/// A map of exactly one key, or its bare word.
fn choice(schema: &mut Map<String, Value>, root: &Value) {
    if schema.remove("x-choice").is_none() {
        return;
    }
    let take = |schema: &mut Map<String, Value>, key: &str| schema.remove(key).unwrap_or(Value::Null);
    let properties = take(schema, "properties");
    schema.remove("required");
    schema.remove("type");
    schema.remove("additionalProperties");
    let may_stand_alone = |body: &&Value| {
        let body = resolved(body, root);
        body["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
    };
    let all = properties.as_object().expect("a choice has words");
    let alone: Vec<(&String, &Value)> = all.iter().filter(|(_, body)| may_stand_alone(body)).collect();
    let map = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    });
    let words: Vec<&String> = alone.iter().map(|(word, _)| *word).collect();
    let meaning = |body: &Value| match &body["description"] {
        Value::Null => resolved(body, root)["description"].clone(),
        told => told.clone(),
    };
    let meanings: Vec<Value> = alone.iter().map(|(_, body)| meaning(body)).collect();
    let both = match words.is_empty() {
        true => json!([map]),
        false => json!([{"enum": words, "markdownEnumDescriptions": meanings}, map]),
    };
    schema.insert("anyOf".into(), both);
}
