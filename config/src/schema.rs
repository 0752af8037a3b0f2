//! From the types of a scenario to a JSON Schema, draft 7: the one that yaml-language-server knows best. By it a scenario is
//! [read](super::walk), and from it the file for editors and the reference page of the guide are made.
//!
//! Conventions: a key is required unless it has a `default`, or an `x-default` where that depends on something else; `Option`
//! is what may be null, and `x-null` what null stands for where that is not nothing; `x-unit` and `x-source` are what they say, and
//! what names no source is turncoat's own; `x-rule` is how a violation is told, after "must"; `x-free` says what the keys of a map
//! are that has no keys of its own; `x-renamed-from` lists names that a key had before. Of a doc comment, the first paragraph is for
//! those who write scenarios.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::federation::Scenario;
use super::written::Written;

/// The schema before units, defaults and sources become part of the descriptions, and with every key that must be there: what a
/// scenario is read by.
pub(super) fn described() -> &'static Value {
    static DESCRIBED: OnceLock<Value> = OnceLock::new();
    DESCRIBED.get_or_init(|| {
        let mut generator = SchemaSettings::draft07().into_generator();
        let federation = generator.subschema_for::<Scenario>().to_value();
        let single_target = generator.subschema_for::<Written>().to_value();
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
        for study in ["federation_study", "single_target_study"] {
            around_studies(&mut root["definitions"][study], study == "federation_study");
        }
        visit(&mut root, &mut plain);
        let whole = root.clone();
        visit(&mut root, &mut |schema| choice(schema, &whole));
        root
    })
}

/// The keys of every scenario that are gone before its study is made: what kind it is, and what is swept.
fn around_studies(study: &mut Value, is_default: bool) {
    let kind = json!({
        "description": "What the scenario is an experiment on.",
        "enum": ["federation", "single_target"],
        "markdownEnumDescriptions": [
            "A federation and its adversaries.",
            "Single models, each attacked through its predictions.",
        ],
    });
    study["properties"]["kind"] = kind;
    if is_default {
        study["properties"]["kind"]["default"] = json!("federation");
    } else {
        study["properties"]["kind"]["examples"] = json!(["single_target"]);
        study["required"].as_array_mut().into_iter().for_each(|keys| keys.insert(0, json!("kind")));
    }
    study["properties"]["sweep"] = json!({
        "description": "Lists of values for key paths: every combination is run, the last key fastest, at most 10,000 runs. A key is a \
                        whole key path, such as `federation.parties`; to give a list as a value, write a list of lists.",
        "type": ["object", "null"],
        "default": null,
        "additionalProperties": {"type": "array", "items": true, "minItems": 1},
        "propertyNames": {"pattern": "^(?!sweep(\\.|$))[^.]+(\\.[^.]+)*$"},
        "examples": [{"federation.parties": [3, 5]}],
    });
}

/// Every map of a schema that is a schema itself, innermost first.
pub(super) fn visit(schema: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
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
    name.strip_prefix('#').and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// What schemars makes of a type, in the form of this schema.
fn plain(schema: &mut Map<String, Value>) {
    let unsigned = schema.remove("format").is_some_and(|format| format == "uint32");
    if unsigned && !schema.contains_key("maximum") {
        schema.insert("maximum".into(), json!(u32::MAX));
    }
    if let Some(Value::String(text)) = schema.get_mut("description") {
        // What follows the first paragraph is for those who read the code.
        *text = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    }
    if schema.contains_key("x-default") {
        schema.remove("default");
    }
    if let (true, Some(Value::String(one))) = (schema.contains_key("x-null"), schema.get("type").cloned()) {
        schema.insert("type".into(), json!([one, "null"]));
    }
    variants(schema);
    nested(schema);
    optional(schema);
}

/// The variants of an enum: words (`enum`), maps of exactly one key (`x-choice`, in their order, see [`choice`]), and values of other
/// kinds beside them.
fn variants(schema: &mut Map<String, Value>) {
    let is_variant = |one: &Value| one.get("const").is_some() || tag_of(one).is_some();
    let form = ["oneOf", "anyOf"].into_iter().find(|form| {
        schema.get(*form).and_then(Value::as_array).is_some_and(|all| all.iter().any(is_variant))
    });
    let Some(Value::Array(all)) = form.and_then(|form| schema.remove(form)) else { return };
    let (mut words, mut keys, mut others) = (Vec::new(), Map::new(), Vec::new());
    for mut variant in all {
        let (word, mut body) = match (variant["const"].as_str(), tag_of(&variant)) {
            (Some(word), _) => {
                let nothing = json!({"type": ["object", "null"], "properties": {}, "additionalProperties": false, "x-word": true});
                (word.to_owned(), nothing)
            }
            (_, Some(tag)) => {
                let body = variant["properties"][&tag].take();
                (tag, body)
            }
            _ => {
                others.push(variant);
                continue;
            }
        };
        about(&mut body, &variant);
        words.push(word.clone());
        keys.insert(word, body);
    }
    let is_choice = keys.values().any(|body| body.get("x-word").is_none());
    let one = match is_choice {
        true => json!({"x-choice": words, "properties": keys}),
        false => {
            let meanings: Vec<Value> = words.iter().map(|word| keys[word]["description"].clone()).collect();
            json!({"enum": words, "markdownEnumDescriptions": meanings})
        }
    };
    if others.is_empty() {
        schema.extend(one.as_object().cloned().unwrap_or_default());
    } else {
        // Words are told first, and maps last.
        if is_choice {
            others.push(one)
        } else {
            others.insert(0, one)
        }
        schema.insert("anyOf".into(), Value::Array(others));
    }
}

/// The word of a variant that is a map of this key alone.
fn tag_of(variant: &Value) -> Option<String> {
    let tag = variant["properties"].as_object().filter(|keys| keys.len() == 1)?.keys().next()?;
    let closed = variant["additionalProperties"] == false && variant["required"] == json!([tag]);
    closed.then(|| tag.clone())
}

/// What a variant says of itself becomes what is said of its body.
fn about(body: &mut Value, variant: &Value) {
    let Some(body) = body.as_object_mut() else { return };
    for (key, keyword) in variant.as_object().into_iter().flatten() {
        if key == "description" || key.starts_with("x-") || key == "examples" {
            body.entry(key.clone()).or_insert_with(|| keyword.clone());
        }
    }
}

/// One list of alternatives, where one of them was a list itself.
fn nested(schema: &mut Map<String, Value>) {
    let Some(Value::Array(all)) = schema.get("anyOf").cloned() else { return };
    let mut flat = Vec::new();
    for mut alternative in all {
        match alternative.get_mut("anyOf").map(Value::take) {
            Some(Value::Array(inner)) => {
                flat.extend(inner);
                if let Some(rule) = alternative.get("x-rule") {
                    schema.entry("x-rule").or_insert_with(|| rule.clone());
                }
            }
            _ => flat.push(alternative),
        }
    }
    schema.insert("anyOf".into(), Value::Array(flat));
}

/// Keys with a default need not be there; a map in which none need be may be null.
fn optional(schema: &mut Map<String, Value>) {
    let is_map = schema.get("type").is_some_and(|kind| kind == "object") && schema.contains_key("properties");
    if is_map {
        schema.entry("additionalProperties").or_insert(json!(false));
    }
    if schema.get("additionalProperties") != Some(&json!(false)) {
        return;
    }
    let mut required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    for (key, property) in properties.as_object_mut().into_iter().flatten() {
        let given = property.get("default").is_some() || property.get("x-default").is_some();
        if given {
            required.retain(|other| other != key);
        } else if !required.iter().any(|other| other == key)
            && let Some(property) = property.as_object_mut()
        {
            property.insert("default".into(), Value::Null);
        }
    }
    if required.is_empty() {
        schema.remove("required");
        schema.insert("type".into(), json!(["object", "null"]));
    } else {
        schema.insert("required".into(), Value::Array(required));
    }
}

/// A map of exactly one key, or its bare word.
fn choice(schema: &mut Map<String, Value>, root: &Value) {
    let Some(Value::Array(words)) = schema.get("x-choice").cloned() else { return };
    let mut properties = schema.remove("properties").unwrap_or_default();
    for property in properties.as_object_mut().into_iter().flat_map(Map::values_mut) {
        // What a definition says of itself is said once.
        if name_of(property).is_some() && resolved(property, root).get("description").is_some() {
            *property = json!({"$ref": name_of(property)});
        }
    }
    let may_stand_alone = |word: &&Value| {
        let body = resolved(&properties[word.as_str().unwrap_or_default()], root);
        body["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
    };
    let alone: Vec<&Value> = words.iter().filter(may_stand_alone).collect();
    let meaning = |word: &&Value| {
        let body = &properties[word.as_str().unwrap_or_default()];
        match &body["description"] {
            Value::Null => resolved(body, root)["description"].clone(),
            keyword => keyword.clone(),
        }
    };
    let meanings: Vec<Value> = alone.iter().map(meaning).collect();
    let map = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    });
    let both = match alone.is_empty() {
        true => json!([map]),
        false => json!([{"enum": alone, "markdownEnumDescriptions": meanings}, map]),
    };
    schema.insert("anyOf".into(), both);
}
