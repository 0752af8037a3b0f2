//! What single values may be: kinds, ranges, lengths, patterns, and how each rule is told.

use serde_json::{Map, Value, json};

use super::places::At;
use super::schema::resolved;
use super::wording::{number, plain, value_of};
use super::yaml::{Scalar, Value as Written};

/// Whether a text matches a pattern.
type Matches = fn(&str) -> bool;

/// The patterns that schemas name, so that no engine for them is needed. An editor has one, and tests hold these against it.
pub(super) const PATTERNS: [(&str, Matches); 4] = [
    ("^[^\\u0000]*$", |text| !text.contains('\0')),
    ("^[^\\u0000-\\u001f\\u007f-\\u009f]*$", |text| !text.chars().any(char::is_control)),
    ("^[A-Za-z0-9_.-]+$", |text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    }),
    ("^query 0*([1-9][0-9]{0,11}|1000000000000)$", |text| {
        let number = text.strip_prefix("query ").filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
        number
            .and_then(|number| number.parse().ok())
            .is_some_and(|n: u64| (1..=1_000_000_000_000).contains(&n))
    }),
];

/// What is said of a key, or else of what stands there wherever it does.
pub(super) fn keyword<'s>(schema: &'s Value, body: &'s Value, name: &str) -> Option<&'s Value> {
    schema.get(name).or_else(|| body.get(name))
}

/// The kind of a value, whatever may stand there besides.
pub(super) fn kind_of(body: &Value) -> &str {
    body["type"].as_array().map_or(&body["type"], |types| &types[0]).as_str().unwrap_or("")
}

pub(super) fn may_be_null(body: &Value) -> bool {
    let listed = body["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"));
    listed
        || body["type"] == "null"
        || body["anyOf"].as_array().is_some_and(|all| all.iter().any(may_be_null_alone))
}

fn may_be_null_alone(body: &Value) -> bool {
    body["type"] == "null"
}

/// The keys of a map, or the words of a choice.
pub(super) fn keys_of(body: &Value) -> impl Iterator<Item = &String> {
    let forms = body["anyOf"].as_array().into_iter().flatten();
    forms.chain([body]).filter_map(|form| form["properties"].as_object()).flat_map(Map::keys)
}

/// Whether a value is of the kind that may stand there.
pub(super) fn fits(at: &At<'_>, body: &Value) -> bool {
    let is_choice = body.get("x-choice").is_some();
    let kind = if body.get("enum").is_some() { "string" } else { kind_of(body) };
    match at.value {
        Written::Scalar(Scalar::Null, _) => may_be_null(body),
        Written::Scalar(Scalar::Bool(_), _) => kind == "boolean",
        Written::Scalar(Scalar::Int(_), _) => matches!(kind, "integer" | "number"),
        Written::Scalar(Scalar::Float(number), _) => kind == "number" && number.is_finite(),
        Written::Scalar(Scalar::Text(_), _) => kind == "string" || is_choice && forms_with_words(body),
        Written::List(_) => kind == "array",
        Written::Map(_) => kind == "object" || is_choice,
    }
}

fn forms_with_words(body: &Value) -> bool {
    body["anyOf"].as_array().is_some_and(|forms| forms.iter().any(|form| form.get("enum").is_some()))
}

/// Whether a value of the right kind is none of the words, excluded, or a list of another length.
pub(super) fn is_other(at: &At<'_>, body: &Value) -> bool {
    match at.value {
        Written::Scalar(Scalar::Text(text), _) => {
            body["enum"].as_array().is_some_and(|words| !words.iter().any(|word| word == text))
                || text.is_empty()
        }
        Written::Scalar(Scalar::Int(number), _) => {
            let (low, high) = (i128::from(i64::MIN), i128::from(i64::MAX));
            body.get("not").is_some() && (*number == 0 || !(low..=high).contains(number))
        }
        Written::List(items) => length(items.len(), &Value::Null, body).is_err(),
        _ => false,
    }
}

/// A whole number, a number, a text or a flag, or the rule that is broken.
pub(super) fn scalar(at: &At<'_>, schema: &Value, body: &Value) -> Result<Value, String> {
    let read = match (kind_of(body), at.value) {
        ("boolean", Written::Scalar(Scalar::Bool(flag), _)) => Some(json!(flag)),
        ("integer", Written::Scalar(Scalar::Int(number), _)) => {
            let within = bound(body, "minimum").is_none_or(|low| *number >= low)
                && bound(body, "maximum").is_none_or(|high| *number <= high);
            within
                .then(|| match u64::try_from(*number) {
                    Ok(number) => Some(json!(number)),
                    Err(_) => i64::try_from(*number).ok().map(|number| json!(number)),
                })
                .flatten()
        }
        ("number", Written::Scalar(Scalar::Int(number), _)) => in_range(*number as f64, body),
        ("number", Written::Scalar(Scalar::Float(number), _)) => in_range(*number, body),
        ("string", Written::Scalar(Scalar::Text(text), _)) => is_text(text, body).then(|| json!(text)),
        _ => None,
    };
    read.ok_or_else(|| {
        let rule = keyword(schema, body, "x-rule").map(plain);
        // What only lacks its quotes is told so, unless the rule says what should stand there instead.
        let says_all = rule.as_ref().is_some_and(|rule| rule.contains("quotes") || rule.contains("such as"));
        match (kind_of(body), at.value, rule) {
            ("string", Written::Scalar(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_), _), _)
                if !says_all =>
            {
                "must be a text; put it in quotes".into()
            }
            ("string", Written::List(_) | Written::Map(_), _) if !says_all => "must be a text".into(),
            (_, _, Some(rule)) => format!("must {rule}"),
            (kind, ..) => {
                let or_null = if may_be_null(body) { ", or null" } else { "" };
                format!("must be {}{or_null}", may_be(kind, body))
            }
        }
    })
}

fn bound(body: &Value, name: &str) -> Option<i128> {
    let bound = body.get(name)?;
    bound.as_u64().map(i128::from).or_else(|| bound.as_f64().map(|bound| bound as i128))
}

fn in_range(number: f64, body: &Value) -> Option<Value> {
    let bound = |name: &str| body.get(name).and_then(Value::as_f64);
    let within = number.is_finite()
        && bound("minimum").is_none_or(|low| number >= low)
        && bound("exclusiveMinimum").is_none_or(|low| number > low)
        && bound("maximum").is_none_or(|high| number <= high);
    within.then(|| json!(number))
}

fn is_text(text: &str, body: &Value) -> bool {
    let (least, most) =
        (body["minLength"].as_u64().unwrap_or(0), body["maxLength"].as_u64().unwrap_or(u64::MAX));
    let pattern = body["pattern"].as_str();
    let matches = pattern.and_then(|pattern| PATTERNS.iter().find(|(known, _)| *known == pattern));
    (least..=most).contains(&(text.chars().count() as u64))
        && matches.is_none_or(|(_, matches)| matches(text))
}

/// What a value may be, as it is told where it is something else.
fn may_be(kind: &str, body: &Value) -> String {
    let what = match kind {
        "boolean" => return "true or false".into(),
        "string" if body.get("minLength").is_some() => return "a text that is not empty".into(),
        "string" => return "a text".into(),
        "integer" => "a whole number",
        _ => "a number",
    };
    let bound = |name: &str| body.get(name).filter(|bound| **bound != json!(u32::MAX)).map(number);
    match (bound("minimum"), bound("exclusiveMinimum"), bound("maximum")) {
        (Some(low), _, Some(high)) => format!("{what} from {low} to {high}"),
        (_, Some(low), Some(high)) => format!("{what} above {low} and at most {high}"),
        (Some(low), ..) => format!("{what} of at least {low}"),
        (_, Some(low), _) => format!("{what} above {low}"),
        (.., Some(high)) => format!("{what} of at most {high}"),
        _ if kind == "number" => "a finite number".into(),
        _ => what.into(),
    }
}

/// The rule that a number of entries breaks.
pub(super) fn length(entries: usize, schema: &Value, body: &Value) -> Result<(), String> {
    let bound = |name: &str| body[name].as_u64();
    let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(u64::MAX));
    if (least..=most).contains(&(entries as u64)) {
        return Ok(());
    }
    Err(match (keyword(schema, body, "x-rule"), most) {
        (Some(rule), _) => format!("must {}", plain(rule)),
        (None, u64::MAX) => {
            format!("must have at least {least} {}", if least == 1 { "entry" } else { "entries" })
        }
        (None, most) => format!("must have from {least} to {most} entries"),
    })
}

/// Whether words are signs, which are told in quotes.
pub(super) fn are_signs(words: &[&str]) -> bool {
    words.iter().all(|word| !word.contains(|c: char| c.is_ascii_alphanumeric()))
}

/// The rule for one of some words.
pub(super) fn one_of_words(words: &[&str]) -> String {
    if !are_signs(words) {
        return super::places::one_of(words.iter().copied());
    }
    let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    format!("must be one of {}", words.join(", "))
}

/// What is missing: what the key means, as far as its first sentence or its first part says, and an example.
pub(super) fn missing(property: &Value, root: &Value) -> String {
    let body = resolved(property, root);
    let meaning = keyword(property, body, "description").map(plain).unwrap_or_default();
    let end = [". ", "; ", ": "].into_iter().filter_map(|end| meaning.find(end)).min();
    let meaning = meaning[..end.unwrap_or(meaning.len())].trim_end_matches('.');
    let mut letters = meaning.chars();
    let meaning: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    match keyword(property, body, "examples").and_then(|examples| examples.get(0)) {
        Some(example) => format!("{meaning}, such as {}", value_of(example)),
        None => meaning,
    }
}

/// The default of a value, or the first of its examples, or the smallest that a schema allows.
pub(super) fn least(schema: &Value, root: &Value) -> Value {
    let body = resolved(schema, root);
    if let Some(value) =
        keyword(schema, body, "default").or_else(|| keyword(schema, body, "examples")?.get(0))
    {
        return value.clone();
    }
    if let Some(alternative) = body["anyOf"].get(0) {
        return least(alternative, root);
    }
    if let Some(word) = body["enum"].get(0) {
        return word.clone();
    }
    match kind_of(body) {
        "object" => {
            let required = body["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let all: Map<String, Value> =
                required.map(|key| (key.to_owned(), least(&body["properties"][key], root))).collect();
            Value::Object(all)
        }
        "array" => {
            let many = body["minItems"].as_u64().unwrap_or(0) as usize;
            std::iter::repeat_n(least(&body["items"], root), many).collect()
        }
        "integer" | "number" => body.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(false),
        "string" => json!("x"),
        _ => Value::Null,
    }
}
