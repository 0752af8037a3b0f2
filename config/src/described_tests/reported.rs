//! What is wrong with a scenario, as the schema and as the checker say it, in one form: a key path and a kind of reason.

use std::collections::BTreeSet;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::editor::schema;
use crate::overrides::{self, Override};
use crate::yaml::{self, Node, Scalar};
use crate::{Plan, ScenarioErrors, Violation};

/// Why a value is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// No such key.
    UnknownKey,
    /// A key that must be there is not.
    Missing,
    /// Another type.
    Type,
    /// None of the words that may stand there.
    Word,
    /// Two of the keys of which one may stand there.
    Two,
    /// The type is right and the value is not: out of range, too long, too few, twice.
    Value,
}

pub(super) type Reported = BTreeSet<(String, Reason)>;

/// A validator of the schema as it is.
pub(super) fn validator() -> Validator {
    jsonschema::draft7::new(&schema()).expect("the schema is one")
}

/// A YAML text as an editor's validator sees it.
pub(super) fn json_of(text: &str) -> Value {
    let (root, violations) = yaml::read(text);
    assert_eq!(violations, [], "{text}");
    value(&root.expect("the text holds a value"))
}

fn value(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Scalar(Scalar::Null, _) => Value::Null,
        yaml::Value::Scalar(Scalar::Bool(flag), _) => json!(flag),
        yaml::Value::Scalar(Scalar::Int(number), _) => match (u64::try_from(*number), i64::try_from(*number))
        {
            (Ok(number), _) => json!(number),
            (_, Ok(number)) => json!(number),
            _ => json!(*number as f64),
        },
        // Infinities and NaN are no JSON; an editor sees something that is no number.
        yaml::Value::Scalar(Scalar::Float(number), written) => {
            if number.is_finite() {
                json!(number)
            } else {
                json!(written)
            }
        }
        yaml::Value::Scalar(Scalar::Text(text), _) => json!(text),
        yaml::Value::List(items) => items.iter().map(value).collect(),
        yaml::Value::Map(entries) => {
            let all: Map<String, Value> =
                entries.iter().map(|entry| (entry.key.clone(), value(&entry.node))).collect();
            Value::Object(all)
        }
    }
}

/// What the schema says.
pub(super) fn by_schema(validator: &Validator, instance: &Value) -> Reported {
    let mut reported = Reported::new();
    validator.iter_errors(instance).for_each(|error| read(&error, &mut reported));
    reported
}

fn path_of(error: &ValidationError<'_>) -> String {
    error.instance_path().as_str().trim_start_matches('/').replace('/', ".")
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.into() } else { format!("{path}.{key}") }
}

fn read(error: &ValidationError<'_>, reported: &mut Reported) {
    let path = path_of(error);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            reported.extend(unexpected.iter().map(|key| (below(&path, key), Reason::UnknownKey)));
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().expect("keys are text");
            reported.insert((below(&path, key), Reason::Missing));
        }
        ValidationErrorKind::Type { .. } => {
            reported.insert((path, Reason::Type));
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            reported.insert((path, Reason::Word));
        }
        ValidationErrorKind::MaxProperties { .. } => {
            reported.insert((path, Reason::Two));
        }
        // Only a map of exactly one key has a least number of keys.
        ValidationErrorKind::MinProperties { .. } => {
            reported.insert((path, Reason::Word));
        }
        ValidationErrorKind::AnyOf { context } => any_of(&path, context, reported),
        _ => {
            reported.insert((path, Reason::Value));
        }
    }
}

/// The errors of the alternative that was meant: the one whose type fits.
fn any_of(path: &str, alternatives: &[Vec<ValidationError<'static>>], reported: &mut Reported) {
    let of: Vec<Reported> = alternatives
        .iter()
        .map(|errors| {
            let mut reported = Reported::new();
            errors.iter().for_each(|error| read(error, &mut reported));
            reported
        })
        .collect();
    let fits = |reported: &Reported| {
        !reported.iter().any(|(at, why)| at == path && matches!(why, Reason::Type | Reason::Word))
    };
    let words = of.iter().flatten().any(|(at, why)| at == path && *why == Reason::Word);
    // The schema makes a map of exactly one key of these two forms alone.
    let choice = words || of.len() == 1;
    match of.iter().find(|reported| fits(reported)) {
        Some(of) => {
            // None of the words: a wrong word.
            let wrong = |(at, why): &(String, Reason)| match why {
                Reason::UnknownKey
                    if choice && at.rsplit_once('.').map_or("", |(above, _)| above) == path =>
                {
                    (path.to_owned(), Reason::Word)
                }
                _ => (at.clone(), *why),
            };
            reported.extend(of.iter().map(wrong));
        }
        None => {
            reported.insert((path.into(), if words { Reason::Word } else { Reason::Type }));
        }
    }
}

/// A text with an override, as an editor would see it, and what the checker says of it. `None` where the override itself is
/// no YAML, which no editor sees.
pub(super) fn broken(text: &str, overriding: &str) -> Option<(Value, Reported)> {
    let Override { path, value: set_to, spot } = Override::read(0, overriding).ok()?;
    let mut root = yaml::read(text).0.expect("the text is YAML");
    overrides::set(&mut root, &path, set_to, spot).ok()?;
    let instance = value(&root);
    let all = match Plan::parse("x.yaml", text, &[overriding.to_owned()]) {
        Err(ScenarioErrors::Violations(all)) => all,
        _ => Vec::new(),
    };
    let reported = all.iter().map(|violation| (violation.key_path.clone(), reason(violation, &instance)));
    let reported = reported.collect();
    Some((instance, reported))
}

fn reason(violation: &Violation, instance: &Value) -> Reason {
    let rule = violation.rule.as_str();
    let pointer = match violation.key_path.as_str() {
        "" => String::new(),
        path => format!("/{}", path.replace('.', "/")),
    };
    let value = instance.pointer(&pointer).unwrap_or(&Value::Null);
    let whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
    if rule.starts_with("unknown key") {
        Reason::UnknownKey
    } else if rule.starts_with("missing;") {
        Reason::Missing
    } else if rule.ends_with(", and only one") {
        Reason::Two
    } else if rule.starts_with("must be a whole number") {
        if whole { Reason::Value } else { Reason::Type }
    } else if rule.starts_with("must be a number") {
        if value.is_number() || value.is_array() { Reason::Value } else { Reason::Type }
    } else if value.is_null() {
        Reason::Type
    } else if rule.starts_with("must be `query`") {
        if value.is_string() { Reason::Value } else { Reason::Type }
    } else if rule.starts_with("must be one of")
        || rule.starts_with("must be `") && value.as_array().is_none_or(|list| !list.is_empty())
    {
        Reason::Word
    } else if ["must be a finite number", "must be true or false", "must be a list", "must be a map"]
        .iter()
        .any(|r| rule.starts_with(r))
        || (rule.starts_with("must be a text") && !value.is_string())
    {
        Reason::Type
    } else {
        Reason::Value
    }
}
