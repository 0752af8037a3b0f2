//! The walk over a schema of a few keys.

use serde_json::{Value, json};

use crate::places::{At, Notes};
use crate::walk::Walk;
use crate::yaml;

fn schema() -> Value {
    let least = json!({"type": "integer", "minimum": 1, "maximum": 9, "default": 3, "x-renamed-from": ["few", "some"]});
    let share = json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1, "description": "The share of all. More of it.", "examples": [0.5]});
    let either = json!({
        "anyOf": [{"enum": ["all", "none"]}, {"type": "integer", "minimum": 0, "maximum": 5}, {"type": "null"}],
        "default": "all",
        "x-rule": "be `all`, `none`, or how many",
    });
    json!({
        "type": "object",
        "properties": {"least": least, "share": share, "either": either},
        "required": ["share"],
        "additionalProperties": false,
    })
}

/// What a text is read as, what is wrong with it, and what is warned of.
fn read(text: &str) -> (Value, Vec<String>, Vec<String>) {
    let (schema, mut notes) = (schema(), Notes::new("x.yaml", &[]));
    let root = yaml::read(text).0.unwrap();
    let value = Walk::by(&schema, &mut notes).read(&At::root(&root), &schema);
    let warnings = notes.take_warnings();
    (value, notes.into_violations().iter().map(ToString::to_string).collect(), warnings)
}

#[test]
fn defaults_are_filled_in() {
    let (value, violations, _) = read("{share: 1}");
    assert_eq!((value, violations), (json!({"least": 3, "share": 1.0, "either": "all"}), vec![]));
    assert_eq!(read("{share: 1, either: 4}").0["either"], json!(4));
    assert_eq!(read("{share: 1, either: null}").0["either"], Value::Null);
}

#[test]
fn what_cannot_be_read_is_told_and_stood_in_for() {
    let (value, violations, _) = read("{least: 10, either: most, lest: 2}");
    assert_eq!(value, json!({"least": 3, "share": 0.5, "either": "all"}));
    assert_eq!(
        violations,
        [
            "x.yaml:1:1: share: missing; the share of all, such as 0.5",
            "x.yaml:1:9: least is 10: must be a whole number from 1 to 9",
            "x.yaml:1:21: either is most: must be `all`, `none`, or how many",
            "x.yaml:1:27: lest: unknown key; did you mean `least`?",
        ]
    );
    let reported = |text| read(text).1;
    assert_eq!(reported("{share: 0}"), ["x.yaml:1:9: share is 0: must be a number above 0 and at most 1"]);
    assert_eq!(
        reported("{share: .inf}"),
        ["x.yaml:1:9: share is .inf: must be a number above 0 and at most 1"]
    );
    assert_eq!(
        reported("{share: 1, either: 6}"),
        ["x.yaml:1:20: either is 6: must be a whole number from 0 to 5"]
    );
    assert_eq!(
        reported("{share: 1, either: [1]}"),
        ["x.yaml:1:20: either is a list: must be `all`, `none`, or how many"]
    );
}

#[test]
fn an_old_name_is_read_and_warned_of_and_refused_beside_the_new_one() {
    let (value, violations, warnings) = read("{share: 1, some: 7}");
    assert_eq!((&value["least"], violations), (&json!(7), vec![]));
    assert_eq!(warnings, ["x.yaml:1:12: some: is called least now; the old name will go"]);
    let (_, violations, warnings) = read("{share: 1, few: 10}");
    assert_eq!(violations, ["x.yaml:1:17: few is 10: must be a whole number from 1 to 9"]);
    assert_eq!(warnings.len(), 1);
    let (value, violations, warnings) = read("{share: 1, few: 7, least: 8}");
    assert_eq!((&value["least"], warnings.len()), (&json!(8), 0));
    assert_eq!(violations, ["x.yaml:1:12: few: is called least now, which is there too; keep that one"]);
}

/// A validator of schemas has an engine for patterns, which the walk does without.
#[test]
fn the_patterns_of_the_schema_mean_what_an_editor_takes_them_for() {
    let texts = [
        "",
        "a",
        "a-b_c.9",
        "a b",
        "\u{0}",
        "a\u{0}b",
        "\t",
        "\u{7f}",
        "é",
        "query 5",
        "query 0",
        "query 007",
        "query 1000000000000",
        "query 1000000000001",
        "query  5",
        "query 5 ",
        "query -5",
        "query +5",
    ];
    for (pattern, matches) in crate::values::PATTERNS {
        let validator = jsonschema::draft7::new(&json!({"pattern": pattern})).unwrap();
        for text in texts {
            assert_eq!(matches(text), validator.is_valid(&json!(text)), "{pattern} {text:?}");
        }
    }
    let mut known = 0;
    let mut within = vec![crate::schema::described()];
    while let Some(value) = within.pop() {
        if let Some(pattern) = value.get("pattern").and_then(Value::as_str) {
            let is_known = crate::values::PATTERNS.iter().any(|(one, _)| *one == pattern);
            // The keys of a sweep are gone before anything is read.
            assert!(is_known || pattern.contains("sweep"), "{pattern}");
            known += usize::from(is_known);
        }
        within.extend(value.as_object().into_iter().flat_map(|map| map.values()));
        within.extend(value.as_array().into_iter().flatten());
    }
    assert!(known > 5, "{known}");
}

/// What stands in for values, and what an editor shows.
#[test]
fn every_default_and_example_can_be_read() {
    let root = crate::schema::described();
    let mut within = vec![root];
    let mut tried = 0;
    while let Some(schema) = within.pop() {
        let examples = schema["examples"].as_array().into_iter().flatten();
        for value in examples.chain(schema.get("default")) {
            // What a sweep lists is gone before anything is read.
            if schema.get("propertyNames").is_none() {
                let text = value.to_string();
                let mut notes = Notes::new(&text, &[]);
                let node = yaml::read(&text).0.unwrap();
                Walk::by(root, &mut notes).read(&At::root(&node), schema);
                let reported: Vec<String> = notes.into_violations().iter().map(ToString::to_string).collect();
                assert_eq!(reported, [""; 0], "{schema:#}");
                tried += 1;
            }
        }
        within.extend(schema.as_object().into_iter().flat_map(|map| map.values()));
        within.extend(schema.as_array().into_iter().flatten());
    }
    assert!(tried > 100, "{tried}");
}
