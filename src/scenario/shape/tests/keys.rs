//! Every map and every list of words of the schema has the keys and words that the checker allows there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::schema::described;
use super::instances::{Place, is_choice, places};
use super::told::violations;

/// Nothing is near it, so that the checker names all that is allowed.
const UNKNOWN: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

/// What the checker says of a scenario at a key path.
fn rule(text: &str, path: &str) -> String {
    let all = violations(text).err().unwrap_or_default();
    match all.iter().find(|violation| violation.key_path == path) {
        Some(violation) => violation.rule.clone(),
        None => panic!("nothing is said of {path} in {text}: {all:?}"),
    }
}

fn keys(body: &Value) -> BTreeSet<String> {
    body["properties"].as_object().unwrap().keys().cloned().collect()
}

/// The map among the alternatives of a choice, or the schema itself.
fn map_of(body: &Value) -> Option<&Value> {
    let maps = body["anyOf"].as_array().into_iter().flatten().find(|alternative| is_choice(alternative));
    maps.or_else(|| body.get("properties").map(|_| body))
}

#[test]
fn every_map_has_the_keys_that_the_checker_allows() {
    let root = described();
    let mut maps = 0;
    for place in places() {
        let Some(map) = map_of(&place.body).filter(|map| !is_choice(map)) else { continue };
        let mut tried = match place.least(&root) {
            Value::Object(keys) => keys,
            _ => Default::default(),
        };
        tried.insert(UNKNOWN.into(), json!(1));
        let path = place.path(false);
        let path = if path.is_empty() { UNKNOWN.to_owned() } else { format!("{path}.{UNKNOWN}") };
        let rule = rule(&place.with(tried.into(), false), &path);
        let allowed: BTreeSet<String> = match rule.strip_prefix("unknown key; allowed here: ") {
            Some(list) => list.split(", ").map(Into::into).collect(),
            None => {
                assert_eq!(rule, "unknown key; none is allowed here", "{path}");
                BTreeSet::new()
            }
        };
        assert_eq!(allowed, keys(map), "{path}");
        maps += 1;
    }
    assert!(maps >= 50, "{maps}");
}

/// Words that the checker does not name beside the others, as it reads them first.
const NOT_NAMED: [&str; 1] = ["ensemble"];

#[test]
fn every_choice_has_the_words_that_the_checker_allows() {
    let mut choices = 0;
    for place in places() {
        let Some(map) = map_of(&place.body).filter(|map| is_choice(map)) else { continue };
        let words = keys(map);
        if NOT_NAMED.iter().any(|word| words.contains(*word)) {
            continue;
        }
        let path = place.path(false);
        let rule = rule(&place.with(json!({UNKNOWN: {}}), false), &path);
        let allowed: BTreeSet<String> = rule.split('`').skip(1).step_by(2).map(Into::into).collect();
        assert_eq!(allowed, words, "{path}: {rule}");
        for word in &words {
            assert_eq!(alone(&place, word), in_enum(&place.body, word), "{path}: {word}");
        }
        choices += 1;
    }
    assert!(choices >= 12, "{choices}");
}

/// Whether the checker takes a bare word for the whole.
fn alone(place: &Place, word: &str) -> bool {
    let (path, text) = (place.path(false), place.with(json!(word), false));
    let all = violations(&text).err().unwrap_or_default();
    !all.iter().any(|violation| violation.key_path.starts_with(&path) && !needs_others(&violation.rule))
}

/// Whether a rule is about what stands elsewhere: the order of a list.
fn needs_others(rule: &str) -> bool {
    rule.contains("which make the records it works on")
}

fn in_enum(body: &Value, word: &str) -> bool {
    let lists = body["anyOf"].as_array().into_iter().flatten().filter_map(|a| a["enum"].as_array());
    lists.flatten().any(|known| known == word)
}

#[test]
fn every_enum_has_the_words_that_the_checker_allows() {
    let mut enums = 0;
    for place in places() {
        let Some(words) = place.body["enum"].as_array() else { continue };
        let path = place.path(false);
        let rule = rule(&place.with(json!(UNKNOWN), false), &path);
        let words: BTreeSet<String> = words.iter().map(|word| word.as_str().unwrap().into()).collect();
        let allowed: BTreeSet<String> = match rule.strip_prefix("must be one of \"") {
            Some(quoted) => {
                quoted.trim_end_matches('"').split("\", \"").map(|word| word.replace("\\t", "\t")).collect()
            }
            None => rule.split('`').skip(1).step_by(2).map(Into::into).collect(),
        };
        assert_eq!(allowed, words, "{path}: {rule}");
        enums += 1;
    }
    assert!(enums >= 20, "{enums}");
}
