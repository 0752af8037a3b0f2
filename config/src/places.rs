//! Where values stand, and what is wrong with them: a violation is noted and reading goes on, which is how all are found at once.

use super::violation::{Origin, Violation};
use super::yaml::{Node, Scalar, Spot, TextViolation, Value, join, shown};

/// A value with its key path.
#[derive(Clone, Debug)]
pub(super) struct At<'n> {
    pub(super) value: &'n Value,
    pub(super) spot: Spot,
    pub(super) path: String,
}

/// What a bare word has below it.
pub(super) static NOTHING: Value = Value::Scalar(Scalar::Null, String::new());

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
    pub(super) fn shown(&self) -> String {
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

/// Collects violations.
pub(super) struct Notes<'a> {
    file: &'a str,
    overrides: &'a [String],
    violations: Vec<(Spot, Violation)>,
    warnings: Vec<String>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(file: &'a str, overrides: &'a [String]) -> Self {
        Self { file, overrides, violations: Vec::new(), warnings: Vec::new() }
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_empty(&self) -> bool {
        self.violations.is_empty()
    }

    /// Notes what is as good as it should be, and yet to be looked at.
    pub(super) fn warn(&mut self, spot: Spot, warning: &str) {
        self.warnings.push(format!("{}: {warning}", self.origin(spot)));
    }

    /// All warnings, in their order.
    pub(super) fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn origin(&self, spot: Spot) -> Origin {
        match spot {
            Spot::File(line, column) => Origin::File { file: self.file.into(), line, column },
            Spot::Override(index) => {
                Origin::Override(self.overrides.get(index).map(|text| shown(text)).unwrap_or_default())
            }
        }
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
        let origin = self.origin(spot);
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
}

/// "must be `a`" or "must be one of `a`, `b`".
pub(super) fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [only] => format!("must be {only}"),
        _ => format!("must be one of {}", words.join(", ")),
    }
}
