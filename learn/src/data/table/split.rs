//! Text into rows of fields, quoted as in RFC 4180, with the line of each row.
//!
//! A quoted field may hold separators, line ends and doubled quotes. Blanks around a field are no part of it, unless they
//! are inside its quotes. Blank lines are no rows. Lines end in LF or CR LF.

use std::borrow::Cow;
use std::path::Path;

use crate::data::{DataError, Separator};

/// Reads rows from one file.
pub(super) struct Rows<'a> {
    path: &'a Path,
    rest: &'a str,
    line: usize,
    separator: u8,
}

/// A row and the line on which it begins.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) line: usize,
    pub(super) fields: Vec<Cow<'a, str>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str, separator: Separator) -> Self {
        Self { path, rest: text, line: 1, separator: separator.byte() }
    }

    /// The next row, or `None` after the last. `width` is how many fields to make room for.
    pub(super) fn next(&mut self, width: usize) -> Result<Option<Row<'a>>, DataError> {
        while let Some((blank, rest)) = split_line(self.rest) {
            if !is_blank(blank) {
                break;
            }
            self.rest = rest;
            self.line += 1;
        }
        if is_blank(self.rest) {
            return Ok(None);
        }
        let mut row = Row { line: self.line, fields: Vec::with_capacity(width) };
        loop {
            let (field, last) = self.field()?;
            row.fields.push(field);
            if last {
                return Ok(Some(row));
            }
        }
    }

    /// Takes one field and what ends it; true when it was the last of its row.
    fn field(&mut self) -> Result<(Cow<'a, str>, bool), DataError> {
        let trimmed = self.rest.trim_start_matches(' ');
        let field = if let Some(quoted) = trimmed.strip_prefix('"') {
            self.quoted(quoted)?
        } else {
            let end = trimmed.bytes().position(|byte| byte == self.separator || byte == b'\n');
            let (field, rest) = trimmed.split_at(end.unwrap_or(trimmed.len()));
            self.rest = rest;
            let ends_the_row = rest.is_empty() || rest.starts_with('\n');
            let field = if ends_the_row { field.strip_suffix('\r').unwrap_or(field) } else { field };
            Cow::Borrowed(field.trim_end_matches(' '))
        };
        let mut bytes = self.rest.bytes();
        let end = bytes.next();
        self.rest = self.rest.get(1..).unwrap_or("");
        if end == Some(b'\n') {
            self.line += 1;
        }
        Ok((field, end != Some(self.separator)))
    }

    /// A field whose opening quote has been passed; stops at the separator or line end behind it.
    fn quoted(&mut self, text: &'a str) -> Result<Cow<'a, str>, DataError> {
        let begun = self.line;
        let wrong = |problem| DataError::Quote { path: self.path.to_owned(), line: begun, problem };
        let mut doubled = false;
        let mut from = 0;
        let end = loop {
            let Some(quote) = text[from..].find('"') else {
                return Err(wrong("a field opens with a quote that is never closed"));
            };
            let quote = from + quote;
            if text.as_bytes().get(quote + 1) != Some(&b'"') {
                break quote;
            }
            doubled = true;
            from = quote + 2;
        };
        let field = &text[..end];
        let mut rest = text[end + 1..].trim_start_matches(' ');
        if rest == "\r" || rest.starts_with("\r\n") {
            rest = &rest[1..];
        }
        if rest.bytes().next().is_some_and(|byte| byte != self.separator && byte != b'\n') {
            return Err(wrong("a quoted field goes on after its closing quote; double the quotes inside it"));
        }
        self.line += field.bytes().filter(|&byte| byte == b'\n').count();
        self.rest = rest;
        Ok(if doubled { Cow::Owned(field.replace("\"\"", "\"")) } else { Cow::Borrowed(field) })
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte == b' ' || byte == b'\r')
}

fn split_line(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

/// The separator of a file: of those that stand equally often on each of its first ten lines, the commonest; of all, if
/// none does. A line's quoted parts do not count; ties fall to the comma, then the semicolon.
pub(super) fn infer_separator(text: &str) -> Separator {
    let lines: Vec<&str> = text.lines().filter(|line| !is_blank(line)).take(10).collect();
    let mut best = (false, 0, Separator::Comma);
    for separator in Separator::ALL {
        let counts: Vec<usize> = lines.iter().map(|line| count_outside_quotes(line, separator)).collect();
        let least = counts.iter().min().copied().unwrap_or(0);
        let even = least > 0 && counts.iter().all(|&count| count == least);
        let candidate = (even, counts.iter().sum::<usize>());
        if candidate > (best.0, best.1) {
            best = (candidate.0, candidate.1, separator);
        }
    }
    best.2
}

fn count_outside_quotes(line: &str, separator: Separator) -> usize {
    let mut inside = false;
    let mut count = 0;
    for byte in line.bytes() {
        inside ^= byte == b'"';
        count += usize::from(!inside && byte == separator.byte());
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, separator: Separator) -> Result<Vec<(usize, Vec<String>)>, DataError> {
        let mut rows = Rows::new(Path::new("t.csv"), text, separator);
        let mut all = Vec::new();
        while let Some(row) = rows.next(0)? {
            all.push((row.line, row.fields.into_iter().map(Cow::into_owned).collect()));
        }
        Ok(all)
    }

    fn row(line: usize, fields: &[&str]) -> (usize, Vec<String>) {
        (line, fields.iter().map(|&field| field.into()).collect())
    }

    #[test]
    fn fields_lose_blanks_and_quotes_and_keep_what_is_inside() {
        let text = "a, \"b, c\" ,d\r\n\r\n  \n\"say \"\"hi\"\"\",\"two\nlines\",\r\nx,,\" y \"";
        let rows = split(text, Separator::Comma).unwrap();
        assert_eq!(
            rows,
            [
                row(1, &["a", "b, c", "d"]),
                row(4, &["say \"hi\"", "two\nlines", ""]),
                row(6, &["x", "", " y "])
            ]
        );
    }

    #[test]
    fn tabs_are_separators_and_not_blanks() {
        assert_eq!(
            split("\t\t\n a\tb \t\n", Separator::Tab).unwrap(),
            [row(1, &["", "", ""]), row(2, &["a", "b", ""])]
        );
    }

    #[test]
    fn the_end_of_the_text_ends_the_row() {
        assert_eq!(split("a,b", Separator::Comma).unwrap(), [row(1, &["a", "b"])]);
        assert_eq!(split("a,", Separator::Comma).unwrap(), [row(1, &["a", ""])]);
        for end in ["", "\r", "\n", "\r\n"] {
            let ended = split(&format!("a,\"\"{end}"), Separator::Comma).unwrap();
            assert_eq!(ended, [row(1, &["a", ""])]);
            assert_eq!(split(&format!("a,b{end}"), Separator::Comma).unwrap(), [row(1, &["a", "b"])]);
        }
        assert!(split("", Separator::Comma).unwrap().is_empty());
        assert!(split("\n \r\n", Separator::Comma).unwrap().is_empty());
    }

    #[test]
    fn a_quote_that_does_not_close_is_named_by_the_line_it_opens_on() {
        let error = split("a,b\n\n\"c\nd,e\n", Separator::Comma).unwrap_err();
        assert!(matches!(error, DataError::Quote { line: 3, .. }), "{error}");
        let error = split("a,\"b\"c\n", Separator::Comma).unwrap_err();
        assert!(error.to_string().contains("line 1: a quoted field goes on"), "{error}");
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(
            fields in proptest::collection::vec(proptest::collection::vec("[a,;\"\r\n é]{0,6}", 2), 1..5)
        ) {
            let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let lines: Vec<String> =
                fields.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(" ; ")).collect();
            let rows = split(&lines.join("\r\n"), Separator::Semicolon).unwrap();
            prop_assert_eq!(rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), fields);
        }

        #[test]
        fn no_text_panics(text in "[a1,;\t\"\r\n é?]{0,40}") {
            for separator in [infer_separator(&text), Separator::Tab] {
                if let Ok(rows) = split(&text, separator) {
                    prop_assert!(rows.iter().all(|(line, row)| *line >= 1 && !row.is_empty()));
                }
            }
        }
    }

    #[test]
    fn the_separator_is_the_one_that_stands_evenly() {
        assert_eq!(infer_separator("a;b;c\n1,5;2;3\n4;5,5;6\n"), Separator::Semicolon);
        assert_eq!(infer_separator("a\tb\n1\t2,5\n"), Separator::Tab);
        assert_eq!(infer_separator("a,b\n\"1;2;3\",4\n"), Separator::Comma);
        assert_eq!(infer_separator("a,b,c\n1,2\n"), Separator::Comma);
        assert_eq!(infer_separator("a\n1\n"), Separator::Comma);
        assert_eq!(infer_separator(""), Separator::Comma);
    }
}
