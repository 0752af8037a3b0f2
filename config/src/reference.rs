//! The reference page of the guide: every key of a scenario with its meaning, what it may be, its unit, default and source.
//!
//! One section for each map, in the order in which a reader meets it; what is used in several places is told at the first.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::schema::{described, name_of, resolved};
use super::values::kind_of;
use super::wording::{default_of, number, plain};

const OPENING: &str = "\
# Reference of scenarios

<!-- Made from the types of a scenario by `cargo test --lib stored`; change it there. -->

Every key that a scenario may have. A key without a default has to be there. Editors complete and check scenarios by the same
description: `turncoat scenarios schema` prints it as a JSON Schema, see [Writing scenarios](scenarios.md#in-your-editor).

- A **map of one key**, such as `skew: {dirichlet: {alpha: 0.5}}`, is one of several; where nothing has to stand below the word,
  the word alone will do: `skew: iid`.
- A default of `null` can be written out, and means what the key says of null.
- *Source* is where a default, a method or a word comes from; where none is named, it is turncoat's own.

";

/// The whole page.
pub(super) fn reference() -> String {
    let root = described();
    let mut page = Page { root, sections: BTreeMap::new(), text: OPENING.into() };
    let kinds = [
        ("else", "A federation", "federation-scenario"),
        ("then", "Single targets", "single-target-scenario"),
    ];
    for (kind, title, anchor) in kinds {
        page.section(title, anchor, "", &root[kind], 2);
    }
    page.text
}

struct Page<'s> {
    root: &'s Value,
    /// Maps that have their section, by [`key_of`], and its anchor.
    sections: BTreeMap<String, String>,
    text: String,
}

impl<'s> Page<'s> {
    fn section(&mut self, title: &str, anchor: &str, path: &str, schema: &'s Value, level: usize) {
        let body = resolved(schema, self.root);
        let _ = writeln!(self.text, "{} {title} {{#{anchor}}}\n", "#".repeat(level.min(4)));
        if let Some(meaning) = body.get("description") {
            let _ = writeln!(self.text, "{}\n", plain(meaning));
        }
        if let Some(source) = body.get("x-source") {
            let _ = writeln!(self.text, "Source: {}.\n", plain(source));
        }
        let (map, choice) = match map_of(body) {
            Some(map) => (map, map.get("maxProperties").is_some()),
            None => return,
        };
        // What stands below is told after the table, so that its links are known: anchors are key paths.
        let mut below = Vec::new();
        let mut rows = String::new();
        for (key, property) in ordered(map) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            for part in self.parts(property) {
                if self.sections.contains_key(&key_of(part)) {
                    continue;
                }
                let anchor = path.replace(['.', '_'], "-");
                self.sections.insert(key_of(part), anchor.clone());
                below.push((path.clone(), anchor, part));
            }
            rows.push_str(&self.row(key, property, map, choice));
        }
        let head = match choice {
            true => "| One of | Meaning | Below it |\n|---|---|---|\n",
            false => "| Key | Meaning | Value |\n|---|---|---|\n",
        };
        if !rows.is_empty() {
            let _ = writeln!(self.text, "{head}{rows}");
        }
        for (path, anchor, part) in below {
            self.section(&format!("`{path}`"), &anchor, &path, part, level + 1);
        }
    }

    /// The maps that stand at a property, or within its list.
    fn parts(&self, property: &'s Value) -> Vec<&'s Value> {
        let body = resolved(property, self.root);
        if map_of(body).is_some_and(|map| map["properties"].as_object().is_some_and(|keys| !keys.is_empty()))
        {
            return vec![property];
        }
        let alternatives = body["anyOf"].as_array().into_iter().flatten();
        let items = body.get("items").filter(|items| items.is_object());
        alternatives.chain(items).flat_map(|part| self.parts(part)).collect()
    }

    fn row(&self, key: &str, property: &'s Value, map: &'s Value, choice: bool) -> String {
        let body = resolved(property, self.root);
        let keyword = |name: &str| property.get(name).or_else(|| body.get(name));
        let mut meaning = keyword("description").map(plain).unwrap_or_default();
        if let Some(words) = body.get("enum") {
            let meanings = body["markdownEnumDescriptions"].as_array().into_iter().flatten();
            for (word, says) in words.as_array().into_iter().flatten().zip(meanings) {
                let _ = write!(meaning, "<br>`{}`: {}", plain(word).replace('\t', "\\t"), plain(says));
            }
        }
        let meaning = meaning.replace("\n\n", "<br>").replace('|', "\\|");
        let source =
            keyword("x-source").map(|source| format!("<br>*Source: {}.*", plain(source))).unwrap_or_default();
        let mut value = self.may_be(property);
        if let Some(unit) = keyword("x-unit") {
            let _ = write!(value, "<br>unit: {}", plain(unit));
        }
        let facts: Map<String, Value> = property.as_object().cloned().unwrap_or_default();
        let required = map["required"].as_array().is_some_and(|keys| keys.iter().any(|other| other == key));
        let default = match default_of(&facts) {
            _ if choice => String::new(),
            _ if required => "<br>**required**".into(),
            Some(default) if facts.contains_key("x-default") || default == "that of each key" => {
                format!("<br>default: {default}")
            }
            Some(default) => format!("<br>default: `{default}`"),
            None => String::new(),
        };
        format!("| `{key}` | {meaning}{source} | {value}{default} |\n")
    }

    /// What a value may be, in a few words.
    fn may_be(&self, schema: &'s Value) -> String {
        if let Some(anchor) = self.sections.get(&key_of(schema)) {
            let body = resolved(schema, self.root);
            let what = if map_of(body).is_some_and(|map| map.get("maxProperties").is_some()) {
                "one of these"
            } else {
                "a map"
            };
            return format!("[{what}](#{anchor})");
        }
        let body = resolved(schema, self.root);
        if let Some(words) = body["enum"].as_array() {
            let words: Vec<String> =
                words.iter().map(|word| format!("`{}`", plain(word).replace('\t', "\\t"))).collect();
            return words.join(", ");
        }
        if let Some(alternatives) = body["anyOf"].as_array() {
            let all: Vec<String> = alternatives.iter().map(|part| self.may_be(part)).collect();
            return all.join(", or ");
        }
        let nothing = || body["properties"].as_object().is_none_or(Map::is_empty);
        match kind_of(body) {
            "array" => self.list(body),
            "object" => match body.get("additionalProperties").filter(|values| values.is_object()) {
                Some(values) => {
                    let free = schema.get("x-free").map_or_else(|| "key path".to_owned(), plain);
                    format!("a map from {free} to {}", self.may_be(values))
                }
                None if nothing() => "nothing".into(),
                None => "a map".into(),
            },
            "integer" => format!("a whole number{}", range(body)),
            "number" => format!("a number{}", range(body)),
            "boolean" => "true or false".into(),
            "null" => "null".into(),
            "string" => body.get("x-told").map_or_else(|| "a text".into(), plain),
            _ => "anything".into(),
        }
        .replace('|', "\\|")
            + if body["type"].as_array().is_some_and(|types| types.len() > 1) && kind_of(body) != "object" {
                ", or null"
            } else {
                ""
            }
    }

    fn list(&self, body: &'s Value) -> String {
        let items = self.may_be(&body["items"]);
        let (least, most) = (body["minItems"].as_u64(), body["maxItems"].as_u64());
        let many = match (least, most) {
            (Some(least), Some(most)) if least == most => format!(" of {least}"),
            (Some(least), Some(most)) => format!(" of {least} to {most}"),
            (Some(least), None) => format!(" of at least {least}"),
            _ => String::new(),
        };
        format!("a list{many}: {items}")
    }
}

/// What tells a map from the others: its definition, or its place in the schema where it has none.
fn key_of(schema: &Value) -> String {
    name_of(schema).map_or_else(|| format!("{schema:p}"), str::to_owned)
}

/// The map of a body that is one, or a choice.
fn map_of(body: &Value) -> Option<&Value> {
    let of_choice =
        body["anyOf"].as_array().into_iter().flatten().find(|part| part.get("maxProperties").is_some());
    of_choice.or_else(|| body.get("properties").map(|_| body))
}

/// Keys that must be there first, as they are declared.
fn ordered(map: &Value) -> Vec<(&String, &Value)> {
    let required: Vec<&str> =
        map["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut keys: Vec<(&String, &Value)> = map["properties"].as_object().into_iter().flatten().collect();
    keys.sort_by_key(|(key, _)| required.iter().position(|other| other == key).unwrap_or(usize::MAX));
    keys
}

fn range(body: &Value) -> String {
    let bound = |name: &str| body.get(name).map(number);
    match (bound("minimum"), bound("exclusiveMinimum"), bound("maximum")) {
        (Some(low), _, Some(high)) => format!(" from {low} to {high}"),
        (_, Some(low), Some(high)) => format!(" above {low}, at most {high}"),
        (Some(low), ..) => format!(" of at least {low}"),
        (_, Some(low), _) => format!(" above {low}"),
        (.., Some(high)) => format!(" of at most {high}"),
        _ => match body.get("not") {
            Some(_) => " but 0".into(),
            None => String::new(),
        },
    }
}
