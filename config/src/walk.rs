//! Reads a tree by the schema: the JSON value that serde makes the types of, with every default filled in, and every violation
//! with its place.
//!
//! What cannot be read is noted and stood in for by its default or an example, so that the rest is read all the same and the
//! value always is one of the types. Rules between keys ask [`Broken`] whether what they look at was written so.

use serde_json::{Map, Value, json};

use super::broken::Broken;
use super::checks;
use super::places::{At, NOTHING, Notes, one_of};
use super::schema::{described, name_of, resolved};
use super::values::{self, keyword};
use super::yaml::{Entry, Node, Scalar, Spot, Value as Written, join, shown};
use crate::nearest;

/// Reads by one schema.
pub(super) struct Walk<'w, 'a> {
    /// Where the definitions lie.
    root: &'w Value,
    notes: &'w mut Notes<'a>,
    pub(super) broken: Broken,
    /// Whether a default or an example is read, for which nothing stands in.
    is_own: bool,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// By the schema of scenarios.
    pub(super) fn new(notes: &'w mut Notes<'a>) -> Self {
        Self::by(described(), notes)
    }

    /// By any schema of that form.
    pub(super) fn by(root: &'w Value, notes: &'w mut Notes<'a>) -> Self {
        Self { root, notes, broken: Broken::default(), is_own: false }
    }

    /// Reads a value.
    pub(super) fn read(&mut self, at: &At<'_>, schema: &Value) -> Value {
        let body = resolved(schema, self.root);
        if at.is_null() {
            if let Some(meant) = schema.get("x-null") {
                return meant.clone();
            }
            if values::may_be_null(body) && body.get("properties").is_none() {
                return Value::Null;
            }
        }
        let mut value = if body.get("x-choice").is_some() {
            self.choice(at, schema, body)
        } else if body.get("anyOf").is_some() {
            self.union(at, schema, body)
        } else if body.get("enum").is_some() {
            self.word(at, schema, body)
        } else {
            match values::kind_of(body) {
                "object" => match body.get("properties") {
                    Some(_) => self.map(at, schema, body),
                    None => self.free_map(at, schema, body),
                },
                "array" => self.list(at, schema, body),
                _ => match values::scalar(at, schema, body) {
                    Ok(value) => value,
                    Err(rule) => self.refuse(at, rule, schema),
                },
            }
        };
        if let Some(check) = name_of(schema).and_then(checks::of) {
            let (sound, complaints) = check(&mut value, &at.path, &self.broken);
            for complaint in complaints {
                let whole = complaint.parameter.is_empty();
                let path = if whole { at.path.clone() } else { join(&at.path, &complaint.parameter) };
                if self.broken.sound(&path) {
                    let spot = at.deepest(&complaint.parameter).spot;
                    let rule = format!("must be {}", complaint.rule);
                    self.notes.note(spot, &path, Some(complaint.value), rule, None);
                    self.broken.add(&path);
                }
            }
            if !sound {
                return self.stand_in(schema);
            }
        }
        value
    }

    fn refuse(&mut self, at: &At<'_>, rule: impl Into<String>, schema: &Value) -> Value {
        self.notes.refuse(at, rule);
        self.broken.add(&at.path);
        self.stand_in(schema)
    }

    /// What stands in for a value: its default, its first example, or the least that may stand there.
    fn stand_in(&mut self, schema: &Value) -> Value {
        if self.is_own {
            return Value::Null;
        }
        let written = values::least(schema, self.root);
        self.of_json(&written, schema)
    }

    /// What a default or an example means, written out.
    fn of_json(&mut self, value: &Value, schema: &Value) -> Value {
        let node = node_of(value);
        let mut notes = Notes::new("", &[]);
        let mut walk = Walk { is_own: true, ..Walk::by(self.root, &mut notes) };
        walk.read(&At::root(&node), schema)
    }

    fn map(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let entries: &[Entry] = match at.value {
            Written::Map(entries) => entries,
            Written::Scalar(Scalar::Null, _) => &[],
            _ => return self.refuse(at, "must be a map of keys and values", schema),
        };
        let no_keys = Map::new();
        let keys = body["properties"].as_object().unwrap_or(&no_keys);
        let required: Vec<&str> =
            body["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let others = keys.keys().map(String::as_str).filter(|key| !required.contains(key));
        let allowed: Vec<&str> = required.iter().copied().chain(others).collect();
        for entry in entries {
            if !keys.contains_key(&entry.key) && self.renamed(entry, keys, entries, at).is_none() {
                self.unknown_key(entry, &at.path, &allowed);
            }
        }
        let mut map = Map::new();
        // As they stand in the text, so that violations are told in that order.
        for entry in entries {
            let named = |(key, property): &(&String, &Value)| {
                **key == entry.key
                    || is_old_name(&entry.key, property) && !entries.iter().any(|other| other.key == **key)
            };
            let Some((key, property)) = keys.iter().find(named) else { continue };
            let value = self.read(&at.below(&entry.key, &entry.node), property);
            // Null is as good as absent where the default is no value of its own.
            if !value.is_null() || property.get("x-default").is_none() {
                map.insert(key.clone(), value);
            }
        }
        for key in allowed {
            let property = &keys[key];
            if map.contains_key(key) {
                continue;
            }
            if required.contains(&key) {
                let path = join(&at.path, key);
                let missing = values::missing(property, self.root);
                self.notes.note(at.spot, &path, None, format!("missing; {missing}"), None);
                self.broken.add(&path);
                map.insert(key.into(), self.stand_in(property));
            } else if let Some(default) = property.get("default") {
                let value = self.of_json(default, property);
                map.insert(key.into(), value);
            }
        }
        Value::Object(map)
    }

    /// The key that an entry's key was renamed to. The old name is warned of, and refused beside the new one.
    fn renamed(
        &mut self,
        entry: &Entry,
        keys: &Map<String, Value>,
        all: &[Entry],
        at: &At<'_>,
    ) -> Option<()> {
        let (new, _) = keys.iter().find(|(_, property)| is_old_name(&entry.key, property))?;
        let path = join(&at.path, &entry.key);
        if all.iter().any(|other| other.key == *new) {
            let rule = format!("is called {new} now, which is there too; keep that one");
            self.notes.note(entry.spot, &path, None, rule, None);
        } else {
            self.notes.warn(entry.spot, &format!("{path}: is called {new} now; the old name will go"));
        }
        Some(())
    }

    fn unknown_key(&mut self, entry: &Entry, path: &str, allowed: &[&str]) {
        let near = nearest(&entry.key, allowed.iter().copied());
        let rule = match near {
            Some(_) => "unknown key".to_owned(),
            None if allowed.is_empty() => "unknown key; none is allowed here".to_owned(),
            None => format!("unknown key; allowed here: {}", allowed.join(", ")),
        };
        self.notes.note(entry.spot, &join(path, &entry.key), None, rule, near);
    }

    /// A map whose keys are the scenario's own: pairs, in their order, of keys (numbers where they were written so) and values.
    fn free_map(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let entries: &[Entry] = match at.value {
            Written::Map(entries) => entries,
            Written::Scalar(Scalar::Null, _) => &[],
            _ => return self.refuse(at, "must be a map of keys and values", schema),
        };
        let of_values = &body["additionalProperties"];
        let pair = |entry: &Entry| {
            // Only places are numbers, and what they may not be is said of them.
            let rule = schema.get("x-key").and_then(Value::as_str);
            let key = match (rule, entry.number) {
                (Some(rule), Some(number)) => {
                    match i64::try_from(number).ok().filter(|number| *number != 0) {
                        Some(number) => json!(number),
                        None => {
                            let path = join(&at.path, &entry.key);
                            self.notes.note(entry.spot, &path, None, rule, None);
                            self.broken.add(&path);
                            json!(1)
                        }
                    }
                }
                _ => json!(entry.key),
            };
            json!([key, self.read(&at.below(&entry.key, &entry.node), of_values)])
        };
        entries.iter().map(pair).collect()
    }

    fn list(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let Written::List(items) = at.value else {
            return self.refuse(at, "must be a list", schema);
        };
        let of_items = &body["items"];
        // All entries are read before the first violation is given way to.
        let read: Vec<Value> = items
            .iter()
            .enumerate()
            .map(|(place, item)| self.read(&at.below(&place.to_string(), item), of_items))
            .collect();
        match values::length(items.len(), schema, body) {
            Ok(()) => Value::Array(read),
            Err(rule) => self.refuse(at, rule, schema),
        }
    }

    fn word(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let words: Vec<&str> =
            body["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if let Written::Scalar(Scalar::Text(text), written) = at.value {
            if words.contains(&text.as_str()) {
                return json!(text);
            }
            if let Some(rule) = keyword(schema, body, "x-refused").and_then(|rules| rules[written].as_str()) {
                return self.refuse(at, rule, schema);
            }
            if !values::are_signs(&words) {
                let near = nearest(text, words.iter().copied());
                self.notes.note(at.spot, &at.path, Some(at.shown()), one_of(words.iter().copied()), near);
                self.broken.add(&at.path);
                return self.stand_in(schema);
            }
        }
        self.refuse(at, values::one_of_words(&words), schema)
    }

    /// One of some words: a map of exactly one key, the word, to what belongs to it; or the bare word.
    fn choice(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let words: Vec<&str> =
            body["x-choice"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (word, spot, below) = match at.value {
            Written::Scalar(Scalar::Text(word), _) => {
                (word, at.spot, At { value: &NOTHING, spot: at.spot, path: join(&at.path, word) })
            }
            Written::Map(entries) if entries.len() == 1 => {
                (&entries[0].key, entries[0].spot, at.below(&entries[0].key, &entries[0].node))
            }
            Written::Map(entries) if !entries.is_empty() => {
                let keys: Vec<String> = entries.iter().map(|entry| shown(&entry.key)).collect();
                let rule = format!("{}, and only one", one_of(words.iter().copied()));
                self.notes.note(at.spot, &at.path, Some(keys.join(" and ")), rule, None);
                self.broken.add(&at.path);
                return self.stand_in(schema);
            }
            _ => return self.refuse(at, one_of(words.iter().copied()), schema),
        };
        if !words.contains(&word.as_str()) {
            let near = nearest(word, words.iter().copied());
            self.notes.note(spot, &at.path, Some(shown(word)), one_of(words.iter().copied()), near);
            self.broken.add(&at.path);
            return self.stand_in(schema);
        }
        let map = body["anyOf"].as_array().and_then(|forms| forms.last()).unwrap_or(&Value::Null);
        let of_word = &map["properties"][word.as_str()];
        let value = self.read(&below, of_word);
        match of_word.get("x-word") {
            Some(_) => json!(word),
            None => json!({ word: value }),
        }
    }

    /// A value of one of several kinds.
    fn union(&mut self, at: &At<'_>, schema: &Value, body: &Value) -> Value {
        let all: Vec<&Value> = body["anyOf"].as_array().into_iter().flatten().collect();
        let fitting: Vec<&Value> =
            all.iter().copied().filter(|one| values::fits(at, resolved(one, self.root))).collect();
        // Of several maps, the one that has the key.
        let has_key = |one: &&&Value| match at.value {
            Written::Map(entries) => entries
                .first()
                .is_some_and(|entry| values::keys_of(resolved(one, self.root)).any(|key| *key == entry.key)),
            _ => false,
        };
        let meant = fitting.iter().find(has_key).or_else(|| fitting.first()).copied();
        let rule = keyword(schema, body, "x-rule").and_then(Value::as_str);
        match (meant, rule) {
            (None, Some(rule)) => self.refuse(at, format!("must {rule}"), schema),
            // A word that is none, and a list of another length, are told by what all may be.
            (Some(one), Some(rule)) if values::is_other(at, resolved(one, self.root)) => {
                self.refuse(at, format!("must {rule}"), schema)
            }
            (Some(one), _) => {
                let value = self.read(at, one);
                if self.broken.present(&at.path) { value } else { self.stand_in(schema) }
            }
            // What may be null besides is told by what it else may be.
            (None, None) => match all.iter().find(|one| one["type"] != "null") {
                Some(one) => self.read(at, one),
                None => Value::Null,
            },
        }
    }
}

fn is_old_name(key: &str, property: &Value) -> bool {
    property["x-renamed-from"].as_array().into_iter().flatten().any(|old| old == key)
}

/// A JSON value as a tree.
fn node_of(value: &Value) -> Node {
    let value = match value {
        Value::Null => Written::Scalar(Scalar::Null, "null".into()),
        Value::Bool(flag) => Written::Scalar(Scalar::Bool(*flag), flag.to_string()),
        Value::Number(number) => {
            let scalar = match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => Scalar::Int(whole.into()),
                (_, Some(whole)) => Scalar::Int(whole.into()),
                _ => Scalar::Float(number.as_f64().unwrap_or_default()),
            };
            Written::Scalar(scalar, number.to_string())
        }
        Value::String(text) => Written::Scalar(Scalar::Text(text.clone()), text.clone()),
        Value::Array(items) => Written::List(items.iter().map(node_of).collect()),
        Value::Object(keys) => {
            let spot = Spot::File(1, 1);
            let entry =
                |(key, value)| Entry { key: String::clone(key), number: None, spot, node: node_of(value) };
            Written::Map(keys.iter().map(entry).collect())
        }
    };
    Node { spot: Spot::File(1, 1), value }
}
