//! Typed readings of the raw tree. Each returns the value or notes a violation, and reading goes on: that is how all
//! violations are found at once.

use std::ops::RangeInclusive;

use super::violation::{Origin, Violation};
use super::yaml::{Entry, Node, Scalar, Spot, TextViolation, Value, join, shown};

/// A value with its key path.
#[derive(Clone, Debug)]
pub(super) struct At<'n> {
    pub(super) value: &'n Value,
    pub(super) spot: Spot,
    pub(super) path: String,
}

/// The entries of a map.
#[derive(Clone, Debug)]
pub(super) struct Fields<'n> {
    entries: &'n [Entry],
    pub(super) spot: Spot,
    pub(super) path: String,
}

/// What a bare word has below it.
static NOTHING: Value = Value::Scalar(Scalar::Null, String::new());

impl<'n> At<'n> {
    /// The whole document.
    pub(super) fn root(node: &'n Node) -> Self {
        Self { value: &node.value, spot: node.spot, path: String::new() }
    }

    pub(super) fn below(&self, step: &str, node: &'n Node) -> Self {
        Self { value: &node.value, spot: node.spot, path: join(&self.path, step) }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Scalar(Scalar::Null, _))
    }

    /// The value as it was written, on one line.
    fn shown(&self) -> String {
        match self.value {
            Value::Scalar(Scalar::Null, written) if written.is_empty() => "empty".into(),
            Value::Scalar(_, written) => shown(written),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "a map".into(),
        }
    }

    /// What lies at a key path below, or the last value on the way that is there.
    pub(super) fn deepest(&self, path: &str) -> At<'n> {
        let mut at = self.clone();
        for step in path.split('.') {
            let next = match at.value {
                Value::Map(entries) => {
                    entries.iter().find(|entry| entry.key == step).map(|entry| at.below(step, &entry.node))
                }
                Value::List(items) => {
                    step.parse().ok().and_then(|i: usize| items.get(i)).map(|item| at.below(step, item))
                }
                Value::Scalar(..) => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}

impl<'n> Fields<'n> {
    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<At<'n>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| self.at(entry))
    }

    /// As [`get`](Self::get), where null is as good as absent.
    pub(super) fn given(&self, key: &str) -> Option<At<'n>> {
        self.get(key).filter(|at| !at.is_null())
    }

    /// All entries, in the order of the text.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'n Entry, At<'n>)> + use<'n, '_> {
        self.entries.iter().map(|entry| (entry, self.at(entry)))
    }

    fn at(&self, entry: &'n Entry) -> At<'n> {
        At { value: &entry.node.value, spot: entry.node.spot, path: join(&self.path, &entry.key) }
    }
}

/// Collects violations.
pub(super) struct Reader<'a> {
    file: &'a str,
    overrides: &'a [String],
    violations: Vec<(Spot, Violation)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, overrides: &'a [String]) -> Self {
        Self { file, overrides, violations: Vec::new() }
    }

    /// All violations in the order of the file, overrides last.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.into_placed().into_iter().map(|(_, violation)| violation).collect()
    }

    /// As [`into_violations`](Self::into_violations), each with its place.
    pub(super) fn into_placed(mut self) -> Vec<(Spot, Violation)> {
        self.violations.sort_by_key(|(spot, _)| *spot);
        self.violations
    }

    /// Notes a violation.
    pub(super) fn note(
        &mut self,
        spot: Spot,
        key_path: &str,
        value: Option<String>,
        rule: impl Into<String>,
        nearest: Option<&str>,
    ) {
        let origin = match spot {
            Spot::File(line, column) => Origin::File { file: self.file.into(), line, column },
            Spot::Override(index) => {
                Origin::Override(self.overrides.get(index).map(|text| shown(text)).unwrap_or_default())
            }
        };
        let nearest = nearest.map(Into::into);
        let violation = Violation { origin, key_path: key_path.into(), value, rule: rule.into(), nearest };
        self.violations.push((spot, violation));
    }

    pub(super) fn note_text(&mut self, violation: TextViolation) {
        self.note(violation.spot, &violation.key_path, None, violation.rule, None);
    }

    /// Notes that a value breaks a rule.
    pub(super) fn refuse(&mut self, at: &At<'_>, rule: impl Into<String>) {
        self.note(at.spot, &at.path, Some(at.shown()), rule, None);
    }

    /// A map with no other than the allowed keys; nothing at all is an empty map.
    pub(super) fn fields<'n>(&mut self, at: &At<'n>, allowed: &[&str]) -> Option<Fields<'n>> {
        let fields = self.any_fields(at)?;
        for entry in fields.entries {
            if !allowed.contains(&entry.key.as_str()) {
                self.unknown_key(entry, &fields.path, allowed);
            }
        }
        Some(fields)
    }

    /// A map with any keys; nothing at all is an empty map.
    pub(super) fn any_fields<'n>(&mut self, at: &At<'n>) -> Option<Fields<'n>> {
        let entries: &[Entry] = match at.value {
            Value::Map(entries) => entries,
            Value::Scalar(Scalar::Null, _) => &[],
            _ => {
                self.refuse(at, "must be a map of keys and values");
                return None;
            }
        };
        Some(Fields { entries, spot: at.spot, path: at.path.clone() })
    }

    fn unknown_key(&mut self, entry: &Entry, path: &str, allowed: &[&str]) {
        let near = nearest(&entry.key, allowed.iter().copied());
        let rule = match near {
            Some(_) => "unknown key".to_owned(),
            None if allowed.is_empty() => "unknown key; none is allowed here".to_owned(),
            None => format!("unknown key; allowed here: {}", allowed.join(", ")),
        };
        self.note(entry.spot, &join(path, &entry.key), None, rule, near);
    }

    /// The value of a key that must be there.
    pub(super) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str, what: &str) -> Option<At<'n>> {
        let at = fields.get(key);
        if at.is_none() {
            self.note(fields.spot, &join(&fields.path, key), None, format!("missing; {what}"), None);
        }
        at
    }

    /// A list.
    pub(super) fn list<'n>(&mut self, at: &At<'n>) -> Option<Vec<At<'n>>> {
        let Value::List(items) = at.value else {
            self.refuse(at, "must be a list");
            return None;
        };
        Some(items.iter().enumerate().map(|(i, item)| at.below(&i.to_string(), item)).collect())
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, at: &At<'_>, range: RangeInclusive<u64>) -> Option<u64> {
        if let Value::Scalar(Scalar::Int(number), _) = at.value
            && let Some(number) = u64::try_from(*number).ok().filter(|number| range.contains(number))
        {
            return Some(number);
        }
        self.refuse(at, format!("must be a whole number from {} to {}", range.start(), range.end()));
        None
    }

    /// As [`whole`](Self::whole); the range must lie in that of u32.
    pub(super) fn whole_u32(&mut self, at: &At<'_>, range: RangeInclusive<u32>) -> Option<u32> {
        let range = u64::from(*range.start())..=u64::from(*range.end());
        self.whole(at, range).and_then(|number| u32::try_from(number).ok())
    }

    /// A finite number.
    pub(super) fn number(&mut self, at: &At<'_>) -> Option<f64> {
        match at.value {
            Value::Scalar(Scalar::Int(number), _) => Some(*number as f64),
            Value::Scalar(Scalar::Float(number), _) if number.is_finite() => Some(*number),
            _ => {
                self.refuse(at, "must be a finite number");
                None
            }
        }
    }

    /// True or false.
    pub(super) fn flag(&mut self, at: &At<'_>) -> Option<bool> {
        if let Value::Scalar(Scalar::Bool(flag), _) = at.value {
            return Some(*flag);
        }
        self.refuse(at, "must be true or false");
        None
    }

    /// A text that is not empty.
    pub(super) fn text<'n>(&mut self, at: &At<'n>) -> Option<&'n str> {
        match at.value {
            Value::Scalar(Scalar::Text(text), _) if !text.is_empty() => return Some(text),
            Value::Scalar(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_), _) => {
                self.refuse(at, "must be a text; put it in quotes");
            }
            _ => self.refuse(at, "must be a text"),
        }
        None
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, at: &At<'_>, words: &[(&str, T)]) -> Option<T> {
        if let Value::Scalar(Scalar::Text(text), _) = at.value {
            if let Some((_, meaning)) = words.iter().find(|(word, _)| word == text) {
                return Some(*meaning);
            }
            let near = nearest(text, words.iter().map(|(word, _)| *word));
            let rule = one_of(words.iter().map(|(word, _)| *word));
            self.note(at.spot, &at.path, Some(at.shown()), rule, near);
        } else {
            self.refuse(at, one_of(words.iter().map(|(word, _)| *word)));
        }
        None
    }

    /// One of some tags: a map of exactly one key, the tag, to what belongs to it; or the tag as a bare word.
    pub(super) fn tagged<'n>(
        &mut self,
        at: &At<'n>,
        tags: &[&'static str],
    ) -> Option<(&'static str, At<'n>)> {
        let (word, spot, body) = match at.value {
            Value::Scalar(Scalar::Text(word), _) => {
                (word, at.spot, At { value: &NOTHING, spot: at.spot, path: join(&at.path, word) })
            }
            Value::Map(entries) if entries.len() == 1 => {
                (&entries[0].key, entries[0].spot, at.below(&entries[0].key, &entries[0].node))
            }
            Value::Map(entries) if !entries.is_empty() => {
                let keys: Vec<String> = entries.iter().map(|entry| shown(&entry.key)).collect();
                let rule = format!("{}, and only one", one_of(tags.iter().copied()));
                self.note(at.spot, &at.path, Some(keys.join(" and ")), rule, None);
                return None;
            }
            _ => {
                self.refuse(at, one_of(tags.iter().copied()));
                return None;
            }
        };
        if let Some(&tag) = tags.iter().find(|tag| *tag == word) {
            return Some((tag, body));
        }
        let near = nearest(word, tags.iter().copied());
        self.note(spot, &at.path, Some(shown(word)), one_of(tags.iter().copied()), near);
        None
    }
}

/// "must be `a`" or "must be one of `a`, `b`".
fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [only] => format!("must be {only}"),
        _ => format!("must be one of {}", words.join(", ")),
    }
}

/// The word that was probably meant: the fewest edits away, and no more than a third of its length and one.
pub(crate) fn nearest<'w>(written: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const LONGEST: usize = 64;
    if written.is_empty() || written.len() > LONGEST {
        return None;
    }
    words
        .map(|word| (strsim::osa_distance(written, word), word))
        .filter(|(edits, word)| *edits <= 1 + word.len() / 3 && *edits < word.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}
