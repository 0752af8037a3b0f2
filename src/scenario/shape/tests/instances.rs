//! A smallest scenario around every place of the schema, so that a value can be tried there.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::super::schema::{described, name_of, resolved};

/// A place of the schema and the scenarios that hold it.
#[derive(Clone)]
pub(super) struct Place {
    steps: Vec<Step>,
    /// What may stand there, with what is said of it there.
    pub(super) schema: Value,
    /// The same by its definition.
    pub(super) body: Value,
    put: Rc<dyn Fn(Value, bool) -> Value>,
}

#[derive(Clone)]
enum Step {
    Key(String),
    /// An entry of a list, and whether something may be put before it.
    Entry(bool),
}

impl Place {
    /// Its key path; `after` as in [`with`](Self::with).
    pub(super) fn path(&self, after: bool) -> String {
        let step = |step: &Step| match step {
            Step::Key(key) => key.clone(),
            Step::Entry(before) => if *before && after { "1" } else { "0" }.to_owned(),
        };
        self.steps.iter().map(step).collect::<Vec<_>>().join(".")
    }

    /// A scenario with that value there; `after` the example of a list, where the place is in one.
    pub(super) fn with(&self, value: Value, after: bool) -> String {
        (self.put)(value, after).to_string()
    }

    /// The smallest value that may stand there.
    pub(super) fn least(&self, root: &Value) -> Value {
        least(&self.schema, root)
    }
}

/// Every place of both kinds of scenarios; what is defined once is walked once.
pub(super) fn places() -> Vec<Place> {
    let root = described();
    let mut walk = Walk { root: &root, seen: BTreeSet::new(), places: Vec::new() };
    for kind in ["else", "then"] {
        walk.place(root[kind].clone(), Vec::new(), Rc::new(|value, _| value));
    }
    walk.places
}

struct Walk<'s> {
    root: &'s Value,
    seen: BTreeSet<String>,
    places: Vec<Place>,
}

impl Walk<'_> {
    fn place(&mut self, schema: Value, steps: Vec<Step>, put: Rc<dyn Fn(Value, bool) -> Value>) {
        let body = resolved(&schema, self.root).clone();
        let place = Place { steps, schema, body, put };
        self.places.push(place.clone());
        let new = name_of(&place.schema).is_none_or(|name| self.seen.insert(name.to_owned()));
        if new {
            self.within(&place.body, &place);
        }
    }

    fn within(&mut self, body: &Value, place: &Place) {
        for alternative in body["anyOf"].as_array().into_iter().flatten() {
            // An alternative that is a definition of its own is a place of its own.
            if alternative.get("$ref").is_some() {
                self.place(alternative.clone(), place.steps.clone(), place.put.clone());
            } else {
                self.within(alternative, place);
            }
        }
        let least = if is_choice(body) { json!({}) } else { least(body, self.root) };
        for (key, below) in body["properties"].as_object().into_iter().flatten() {
            let (whole, outer, name) = (least.clone(), place.put.clone(), key.clone());
            let put = move |value, after| {
                let mut map: Map<String, Value> = whole.as_object().cloned().unwrap_or_default();
                map.insert(name.clone(), value);
                outer(Value::Object(map), after)
            };
            let steps = place.steps.iter().cloned().chain([Step::Key(key.clone())]).collect();
            self.place(below.clone(), steps, Rc::new(put));
        }
        if let Some(items) = body.get("items").filter(|items| items.is_object()) {
            let outer = place.put.clone();
            let before = place.schema["examples"][0][0].clone();
            let many = body["minItems"].as_u64().unwrap_or(1).max(1) as usize;
            let can = !before.is_null();
            let put = move |value: Value, after| {
                let before = (can && after).then(|| before.clone());
                outer(before.into_iter().chain(std::iter::repeat_n(value, many)).collect(), after)
            };
            let steps = place.steps.iter().cloned().chain([Step::Entry(can)]).collect();
            self.place(items.clone(), steps, Rc::new(put));
        }
    }
}

/// Whether a map has exactly one of its keys.
pub(super) fn is_choice(body: &Value) -> bool {
    body.get("maxProperties").is_some()
}

/// The smallest value that a schema allows, or the first of its examples.
fn least(schema: &Value, root: &Value) -> Value {
    let body = resolved(schema, root);
    if let Some(example) = schema["examples"].get(0).or_else(|| body["examples"].get(0)) {
        return example.clone();
    }
    if let Some(alternative) = body["anyOf"].get(0) {
        return least(alternative, root);
    }
    if let Some(word) = body["enum"].get(0) {
        return word.clone();
    }
    let types = match &body["type"] {
        Value::Array(types) => types[0].clone(),
        one => one.clone(),
    };
    match types.as_str() {
        Some("object") => {
            let required = body["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let all: Map<String, Value> =
                required.map(|key| (key.to_owned(), least(&body["properties"][key], root))).collect();
            Value::Object(all)
        }
        Some("array") => {
            std::iter::repeat_n(least(&body["items"], root), body["minItems"].as_u64().unwrap_or(0) as usize)
                .collect()
        }
        Some("integer" | "number") => body.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        Some("string") => json!("x"),
        _ => Value::Null,
    }
}
