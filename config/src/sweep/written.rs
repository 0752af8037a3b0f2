//! Swept values and whole trees as text again.

use turncoat_learn::visible;

use super::super::write::{Out, write};
use super::super::yaml::{Node, Scalar, Value};
use super::axes::Axis;

/// A value on one line, as it was written but for quotes.
pub(super) fn line(node: &Node) -> String {
    match &node.value {
        Value::Scalar(Scalar::Text(text), _) => printable(text),
        Value::Scalar(Scalar::Null, _) => "null".into(),
        Value::Scalar(_, written) => printable(written),
        Value::List(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|entry| format!("{}: {}", printable(&entry.key), line(&entry.node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn printable(text: &str) -> String {
    visible::line(text).into_owned()
}

/// A scenario with its sweep as YAML that reads back as the same.
pub(super) fn yaml(root: &Node, axes: &[Axis]) -> String {
    let Out::Map(mut entries) = out(root) else { return String::new() };
    let lists =
        axes.iter().map(|axis| (key(&axis.key, None), Out::List(axis.values.iter().map(out).collect())));
    entries.push(("sweep".into(), Out::Map(lists.collect())));
    write(&Out::Map(entries))
}

fn out(node: &Node) -> Out {
    match &node.value {
        Value::Scalar(Scalar::Null, _) => Out::plain("null"),
        Value::Scalar(Scalar::Bool(flag), _) => Out::plain(flag),
        Value::Scalar(Scalar::Int(number), _) => Out::plain(number),
        Value::Scalar(Scalar::Float(number), _) => Out::number(*number),
        Value::Scalar(Scalar::Text(text), _) => Out::text(text),
        Value::List(items) => Out::List(items.iter().map(out).collect()),
        Value::Map(entries) => {
            Out::Map(entries.iter().map(|entry| (key(&entry.key, entry.number), out(&entry.node))).collect())
        }
    }
}

/// A key that was written as a number stays one.
fn key(text: &str, number: Option<i128>) -> String {
    number.map_or_else(|| Out::text(text).into_word(), |number| number.to_string())
}
