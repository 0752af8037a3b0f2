//! YAML text to a tree in which every key and value keeps its place and the text it was written as.
//!
//! Built from the parser's events, without recursion over the text: nesting is bounded before the tree exists, so no
//! text can exhaust the stack. Of YAML, a scenario uses mappings, sequences and scalars of the core schema; anchors,
//! aliases, tags and further documents are refused. A key that stands twice in one mapping is a violation; so is each
//! construct that is refused, and the rest of the text is still read.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use turncoat_learn::visible;

/// Levels of nesting a scenario may have; a sound one has fewer than ten.
const MAX_DEPTH: usize = 32;
/// Bytes a scenario may have.
const MAX_BYTES: usize = 1 << 20;

/// Where something stands: in the file, or in one of the overrides. Ordered as violations are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// Line and column in the file, from 1.
    File(usize, usize),
    /// The override of that index.
    Override(usize),
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) spot: Spot,
    pub(super) value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// What it means, and as it was written.
    Scalar(Scalar, String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value. Keys are unique in their mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    /// The key as a number, where it was written as one and not quoted.
    pub(super) number: Option<i128>,
    pub(super) spot: Spot,
    pub(super) node: Node,
}

/// A scalar of the core schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
}

/// What the text itself has wrong: where, at which key, and the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextViolation {
    pub(super) spot: Spot,
    pub(super) key_path: String,
    pub(super) rule: String,
}

/// A collection that is not closed yet.
struct Open {
    spot: Spot,
    value: Value,
    /// In a mapping, the key that waits for its value.
    key: Option<(String, Option<i128>, Spot)>,
}

/// Reads one document. The tree is there unless the text is no YAML at all.
pub(super) fn read(text: &str) -> (Option<Node>, Vec<TextViolation>) {
    let mut reader = Reader { open: Vec::new(), root: None, violations: Vec::new(), documents: 0 };
    let start = Spot::File(1, 1);
    if text.len() > MAX_BYTES {
        reader
            .refuse(start, format!("the text has {} bytes; a scenario has at most {MAX_BYTES}", text.len()));
        return (None, reader.violations);
    }
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                reader.violations.clear();
                reader.refuse(spot(*error.marker()), format!("not YAML: {}", error.info()));
                return (None, reader.violations);
            }
        };
        if !reader.take(event, spot(span.start)) {
            break;
        }
    }
    if reader.root.is_none() && reader.violations.is_empty() {
        reader.refuse(start, "the text holds no scenario".into());
    }
    (reader.root, reader.violations)
}

/// The parser counts lines from one and columns from zero.
fn spot(marker: Marker) -> Spot {
    Spot::File(marker.line().max(1), marker.col() + 1)
}

struct Reader {
    open: Vec<Open>,
    root: Option<Node>,
    violations: Vec<TextViolation>,
    documents: usize,
}

impl Reader {
    /// Takes one event; false when reading must stop.
    fn take(&mut self, event: Event<'_>, spot: Spot) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(spot, "a second document begins here; one file is one scenario".into());
                    return false;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                if anchor > 0 || tag.is_some() {
                    self.refuse(
                        spot,
                        "anchors and tags have no meaning in a scenario; leave them out".into(),
                    );
                }
                self.scalar(text, style, spot);
            }
            Event::SequenceStart(anchor, ref tag) | Event::MappingStart(anchor, ref tag) => {
                if anchor > 0 || tag.is_some() {
                    self.refuse(
                        spot,
                        "anchors and tags have no meaning in a scenario; leave them out".into(),
                    );
                }
                if self.open.len() >= MAX_DEPTH {
                    self.refuse(spot, format!("nested more than {MAX_DEPTH} levels deep"));
                    self.root = None;
                    return false;
                }
                let is_list = matches!(event, Event::SequenceStart(..));
                let value = if is_list { Value::List(Vec::new()) } else { Value::Map(Vec::new()) };
                self.open.push(Open { spot, value, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(closed) = self.open.pop() {
                    self.put(Node { spot: closed.spot, value: closed.value });
                }
            }
            Event::Alias(_) => {
                self.refuse(spot, "aliases are not offered; write the value out".into());
                self.scalar(Cow::Borrowed(""), ScalarStyle::Plain, spot);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, spot: Spot) {
        let (scalar, written) = match style {
            ScalarStyle::Plain => (resolve(&text), text.into_owned()),
            _ => (Scalar::Text(text.clone().into_owned()), format!("{text:?}")),
        };
        self.put(Node { spot, value: Value::Scalar(scalar, written) });
    }

    /// Puts a finished value where it belongs: the waiting key, the open list, or the root.
    fn put(&mut self, node: Node) {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match parent.key.take() {
                Some((key, number, spot)) => {
                    if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                        let rule = match first.spot {
                            Spot::File(line, _) => format!("given twice, first on line {line}; keep one"),
                            Spot::Override(_) => "given twice; keep one".into(),
                        };
                        let key_path = self.path_to(&key);
                        self.violations.push(TextViolation { spot, key_path, rule });
                    } else {
                        entries.push(Entry { key, number, spot, node });
                    }
                }
                None => {
                    let (key, number) = match node.value {
                        Value::Scalar(Scalar::Text(text), _) => (text, None),
                        Value::Scalar(Scalar::Int(number), written) => (written, Some(number)),
                        Value::Scalar(_, written) => (written, None),
                        Value::List(_) | Value::Map(_) => {
                            let rule = "a list or a map cannot be a key; write a word".into();
                            self.violations.push(TextViolation {
                                spot: node.spot,
                                key_path: String::new(),
                                rule,
                            });
                            (String::new(), None)
                        }
                    };
                    parent.key = Some((key, number, node.spot));
                }
            },
            // A collection is opened as a list or a map, never as a scalar.
            Value::Scalar(..) => {}
        }
    }

    /// The key path of a key of the innermost open mapping.
    fn path_to(&self, key: &str) -> String {
        let mut path = String::new();
        for (level, open) in self.open.iter().enumerate() {
            let step = match &open.value {
                _ if level + 1 == self.open.len() => key.to_owned(),
                Value::List(items) => items.len().to_string(),
                _ => open.key.as_ref().map_or_else(String::new, |(key, ..)| key.clone()),
            };
            path = join(&path, &step);
        }
        path
    }

    fn refuse(&mut self, spot: Spot, rule: String) {
        self.violations.push(TextViolation { spot, key_path: String::new(), rule });
    }
}

/// `path.key`, with what a terminal would not show as it stands escaped.
pub(super) fn join(path: &str, key: &str) -> String {
    let key = shown(key);
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// A text on one short line: control characters escaped, the end cut off.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", visible::line(&text[..end])),
        None => visible::line(text).into_owned(),
    }
}

/// The core schema of YAML 1.2 for plain scalars.
pub(super) fn resolve(text: &str) -> Scalar {
    let digits = |s: &str, radix| i128::from_str_radix(s, radix).ok().filter(|_| !s.starts_with(['+', '-']));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let prefixed = match text.get(..2) {
        Some("0x") => digits(&text[2..], 16),
        Some("0o") => digits(&text[2..], 8),
        _ => None,
    };
    if let Some(number) = prefixed.or_else(|| text.parse().ok()) {
        return Scalar::Int(number);
    }
    // Rust also reads `inf`, `nan` and `infinity` as floats; the core schema does not.
    let numeral = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    match text.parse() {
        Ok(number) if numeral && text.bytes().any(|b| b.is_ascii_digit()) => Scalar::Float(number),
        _ => Scalar::Text(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        assert_eq!(resolve("12"), Scalar::Int(12));
        assert_eq!(resolve("-3"), Scalar::Int(-3));
        assert_eq!(resolve("0x1f"), Scalar::Int(31));
        assert_eq!(resolve("0o17"), Scalar::Int(15));
        assert_eq!(resolve("1e3"), Scalar::Float(1000.0));
        assert_eq!(resolve(".5"), Scalar::Float(0.5));
        assert_eq!(resolve("9".repeat(60).as_str()), Scalar::Float(1e60));
        for text in ["inf", "nan", "e", ".", "yes", "0x", "0x-1", "1_000", "é5"] {
            assert_eq!(resolve(text), Scalar::Text(text.into()), "{text}");
        }
    }

    #[test]
    fn places_count_from_one() {
        let (root, violations) = read("a: 1\nb:\n  c: [x, 2]\n");
        assert!(violations.is_empty());
        let Some(Node { value: Value::Map(entries), .. }) = root else { panic!() };
        assert_eq!((entries[1].spot, entries[1].node.spot), (Spot::File(2, 1), Spot::File(3, 3)));
        let Value::Map(inner) = &entries[1].node.value else { panic!() };
        let Value::List(items) = &inner[0].node.value else { panic!() };
        assert_eq!(items[1].spot, Spot::File(3, 10));
    }

    #[test]
    fn a_key_given_twice_is_named_with_both_places() {
        let (root, violations) = read("a: 1\nb: [{c: 1, c: 2}]\na: 2\n");
        assert!(root.is_some());
        assert_eq!(
            violations,
            [
                TextViolation {
                    spot: Spot::File(2, 12),
                    key_path: "b.0.c".into(),
                    rule: "given twice, first on line 2; keep one".into()
                },
                TextViolation {
                    spot: Spot::File(3, 1),
                    key_path: "a".into(),
                    rule: "given twice, first on line 1; keep one".into()
                },
            ]
        );
    }

    #[test]
    fn what_a_scenario_does_not_use_is_refused() {
        let rules = |text: &str| read(text).1.into_iter().map(|v| v.rule).collect::<Vec<_>>().join("\n");
        assert!(rules("a: &x 1\nb: *x\n").contains("aliases are not offered"));
        assert!(rules("a: !t 1\n").contains("anchors and tags"));
        assert!(rules("a: 1\n---\nb: 2\n").contains("second document"));
        assert!(rules("").contains("holds no scenario"));
        assert!(rules("# nothing\n").contains("holds no scenario"));
        assert!(rules("a: [1, 2\nb: 3").starts_with("not YAML"));
        assert!(rules(&format!("{}{}", "[".repeat(40), "]".repeat(40))).contains("levels deep"));
        assert!(!rules(&"[".repeat(100_000)).is_empty());
        assert!(rules(&"- ".repeat(100_000)).contains("levels deep"));
        assert!(rules(&"x".repeat(MAX_BYTES + 1)).contains("bytes"));
        assert!(rules("? [a]\n: 1\n").contains("cannot be a key"));
    }
}
