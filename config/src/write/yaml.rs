//! A tree of words, lists and maps to YAML in block style. What is written reads back as what it was.

use std::fmt::{Display, Write};

use crate::yaml::{Scalar, resolve};

/// What is to be written.
pub(crate) enum Out {
    /// A scalar, as it stands in the text.
    Word(String),
    List(Vec<Out>),
    /// Keys as they stand in the text.
    Map(Vec<(String, Out)>),
}

impl Out {
    /// A number, or a word that needs no quotes.
    pub(crate) fn plain(value: impl Display) -> Self {
        Self::Word(value.to_string())
    }

    /// A number in the shortest form that reads back as the same.
    pub(crate) fn number(value: f64) -> Self {
        Self::Word(format!("{value:?}"))
    }

    /// Any text, in quotes where it would not read back without.
    pub(crate) fn text(text: &str) -> Self {
        let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
            && matches!(resolve(text), Scalar::Text(_));
        if plain {
            return Self::Word(text.into());
        }
        let mut quoted = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                '\t' => quoted.push_str("\\t"),
                ' '..='~' => quoted.push(c),
                _ if c.is_alphanumeric() => quoted.push(c),
                _ => {
                    let _ = write!(quoted, "\\U{:08X}", u32::from(c));
                }
            }
        }
        quoted.push('"');
        Self::Word(quoted)
    }

    pub(crate) fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Out)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The text of a scalar, to be used as a key.
    pub(crate) fn into_word(self) -> String {
        match self {
            Self::Word(word) => word,
            Self::List(_) | Self::Map(_) => String::new(),
        }
    }

    fn is_flat(&self) -> bool {
        match self {
            Self::Word(_) => true,
            Self::List(items) => items.iter().all(|item| matches!(item, Self::Word(_))),
            Self::Map(entries) => entries.is_empty(),
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::List(items) => {
                format!("[{}]", items.iter().map(Self::flat).collect::<Vec<_>>().join(", "))
            }
            Self::Map(_) => "{}".into(),
        }
    }
}

/// The text, ending with a line break.
pub(crate) fn write(out: &Out) -> String {
    let mut text = String::new();
    if out.is_flat() {
        text.push_str(&out.flat());
        text.push('\n');
    } else {
        block(out, 0, &mut text);
    }
    text
}

/// Writes a value that is not flat, the first line without its indentation if the text ends within a line.
fn block(out: &Out, indent: usize, text: &mut String) {
    let start = |text: &mut String| {
        if text.is_empty() || text.ends_with('\n') {
            text.extend(std::iter::repeat_n(' ', indent));
        }
    };
    match out {
        Out::Word(word) => text.push_str(word),
        Out::Map(entries) => {
            for (key, value) in entries {
                start(text);
                text.push_str(key);
                text.push(':');
                if value.is_flat() {
                    text.push(' ');
                    text.push_str(&value.flat());
                    text.push('\n');
                } else {
                    text.push('\n');
                    block(value, indent + 2, text);
                }
            }
        }
        Out::List(items) => {
            for item in items {
                start(text);
                text.push_str("- ");
                if item.is_flat() {
                    text.push_str(&item.flat());
                    text.push('\n');
                } else {
                    block(item, indent + 2, text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Node, Value, read};

    #[test]
    fn lists_and_maps_nest() {
        let out = Out::map([
            ("a", Out::map([("b", Out::plain(1)), ("c", Out::map([]))])),
            (
                "d",
                Out::List(vec![Out::map([
                    ("e", Out::List(vec![Out::plain(1), Out::plain(2)])),
                    ("f", Out::plain("x")),
                ])]),
            ),
            ("g", Out::List(vec![])),
        ]);
        assert_eq!(write(&out), "a:\n  b: 1\n  c: {}\nd:\n  - e: [1, 2]\n    f: x\ng: []\n");
    }

    #[test]
    fn texts_read_back() {
        for text in [
            "a",
            "a b",
            "1",
            "true",
            "null",
            "~",
            "a: b",
            "#x",
            "\"",
            "\\",
            "\t",
            "ö",
            "\u{1}",
            "\u{202e}x",
            "é\u{301}",
            "- a",
            "😀",
            " a ",
        ] {
            let written = Out::text(text).into_word();
            let (root, violations) = read(&format!("[{written}]"));
            assert_eq!(violations, []);
            let Some(Node { value: Value::List(items), .. }) = root else { panic!() };
            let Value::Scalar(Scalar::Text(got), _) = &items[0].value else { panic!("{written}") };
            assert_eq!(got, text);
        }
    }
}
