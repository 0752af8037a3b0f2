//! Text into rows of fields, quoted as in RFC 4180, with the line of each row.
//!
//! The `csv` crate splits the text. Beyond what it does, blanks around a field are no part of it, unless they are inside
//! its quotes; lines of blanks are no rows; and a quoted field that does not end at its closing quote is an error, where
//! the crate makes the best of it. Lines end in LF, CR LF or CR and are counted by their LF.

use std::borrow::Cow;
use std::io::Cursor;
use std::path::Path;

use csv::{Position, ReaderBuilder, StringRecord};

use super::csv_source::Separator;
use super::error::DataError;
use super::text::lines_in;

/// Reads rows from one file.
pub(super) struct Rows<'a> {
    path: &'a Path,
    text: &'a str,
    /// Bytes of a byte order mark before the text.
    skipped: usize,
    separator: Separator,
    comment: Option<u8>,
    reader: csv::Reader<Cursor<&'a [u8]>>,
    record: StringRecord,
}

/// A row and the line on which it begins.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) line: usize,
    pub(super) fields: Vec<Cow<'a, str>>,
    /// Where each field begins in the text: its opening quote, where it has one.
    pub(super) places: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str, separator: Separator) -> Self {
        // The crate would pass over a byte order mark by itself, and places in the text would be off by its length.
        let marked = text.len();
        let text = text.trim_start_matches('\u{feff}');
        let reader = reader(text, separator, None);
        let skipped = marked - text.len();
        Self { path, text, skipped, separator, comment: None, reader, record: StringRecord::new() }
    }

    /// The same without the lines that begin with this.
    pub(super) fn with_comment(mut self, comment: Option<u8>) -> Self {
        self.comment = comment;
        self.reader = reader(self.text, self.separator, comment);
        self
    }

    /// The next row, or `None` after the last. `width` is how many fields to make room for.
    pub(super) fn next(&mut self, width: usize) -> Result<Option<Row<'a>>, DataError> {
        while let Some((start, line)) = self.read()? {
            let mut fields = Vec::with_capacity(width);
            let mut places = Vec::with_capacity(width);
            let mut at = start;
            let mut index = 0;
            while let Some(field) = self.record.get(index) {
                let rest = &self.text[at..];
                let blanks = field.bytes().take_while(|&byte| byte == b' ').count();
                let opens = field[blanks..].starts_with('"') && !rest.starts_with('"');
                places.push(self.skipped + at + blanks * usize::from(opens));
                if rest.starts_with('"') {
                    let (value, length) = unquote(field, rest).map_err(|problem| DataError::Quote {
                        path: self.path.to_owned(),
                        line: line + lines_in(&self.text[start..at]),
                        problem,
                    })?;
                    fields.push(value);
                    at += length + 1;
                    index += 1;
                } else if let Some(opened) = field[blanks..].strip_prefix('"') {
                    // To the crate a quote opens a field only where the field begins. Where it closes in what the crate
                    // takes for the field nothing is lost; elsewhere the field is made to begin at its quote.
                    let inside = opened.trim_end_matches(' ').strip_suffix('"');
                    if let Some(inside) = inside.filter(|inside| !inside.contains('"')) {
                        fields.push(Cow::Borrowed(&rest[blanks + 1..][..inside.len()]));
                        at += field.len() + 1;
                        index += 1;
                    } else {
                        at += blanks;
                        places.pop();
                        self.read_from(at, line + lines_in(&self.text[start..at]))?;
                        index = 0;
                    }
                } else {
                    fields.push(Cow::Borrowed(rest[blanks..field.len()].trim_end_matches(' ')));
                    at += field.len() + 1;
                    index += 1;
                }
            }
            let is_quoted = || self.text[start..].trim_start_matches(' ').starts_with('"');
            let is_blank = matches!(fields.as_slice(), [only] if only.trim().is_empty()) && !is_quoted();
            if !is_blank {
                return Ok(Some(Row { line, fields, places }));
            }
        }
        Ok(None)
    }

    /// Reads a record and says at which byte and on which line it begins.
    fn read(&mut self) -> Result<Option<(usize, usize)>, DataError> {
        let wrong = |error: csv::Error| DataError::read(self.path, error.into());
        let position = self.reader.position().clone();
        if !self.reader.read_record(&mut self.record).map_err(wrong)? {
            return Ok(None);
        }
        // The position is where the record before ended; line ends may stand between.
        let before = position.byte() as usize;
        let mut rest = self.text[before..].trim_start_matches(['\r', '\n']);
        while self.comment.is_some() && rest.bytes().next() == self.comment {
            rest = rest.find('\n').map_or("", |end| &rest[end..]).trim_start_matches(['\r', '\n']);
        }
        let start = self.text.len() - rest.len();
        Ok(Some((start, position.line() as usize + lines_in(&self.text[before..start]))))
    }

    /// Reads the rest of a row as a record of its own.
    fn read_from(&mut self, at: usize, line: usize) -> Result<(), DataError> {
        let wrong = |error: csv::Error| DataError::read(self.path, error.into());
        let mut position = Position::new();
        position.set_byte(at as u64).set_line(line as u64);
        self.reader.seek(position).map_err(wrong)?;
        self.reader.read_record(&mut self.record).map_err(wrong)?;
        Ok(())
    }
}

fn reader(text: &str, separator: Separator, comment: Option<u8>) -> csv::Reader<Cursor<&[u8]>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(comment)
        .delimiter(separator.byte())
        .from_reader(Cursor::new(text.as_bytes()))
}

/// The field that begins at a place of [`Row::places`], read again.
pub(super) fn field_at(text: &str, place: usize, separator: Separator) -> Cow<'_, str> {
    let rest = &text[place..];
    let Some(inside) = rest.strip_prefix('"') else {
        let bytes = rest.as_bytes();
        let ends = |byte: &u8| *byte == separator.byte() || matches!(byte, b'\n' | b'\r');
        let end = bytes.iter().position(ends).unwrap_or(rest.len());
        return Cow::Borrowed(rest[..end].trim_matches(' '));
    };
    let mut end = 0;
    let mut doubled = false;
    while let Some(at) = inside[end..].find('"') {
        end += at;
        if !inside[end + 1..].starts_with('"') {
            break;
        }
        doubled = true;
        end += 2;
    }
    match doubled {
        true => Cow::Owned(inside[..end].replace("\"\"", "\"")),
        false => Cow::Borrowed(&inside[..end]),
    }
}

/// The value of a quoted field and its length in the text, blanks behind its closing quote included. `field` is what the
/// crate made of it, `rest` the text from its opening quote on. The field is well quoted when quoting its value gives the
/// text back.
fn unquote<'a>(field: &str, rest: &'a str) -> Result<(Cow<'a, str>, usize), &'static str> {
    let escaped = field.replace('"', "\"\"");
    if rest[1..] == escaped {
        return Err("a field opens with a quote that is never closed");
    }
    // Blanks behind the closing quote are to the crate the end of the field, so that the length is that of both anyway.
    let length = escaped.len() + 2;
    let inside = rest.get(..length).and_then(|raw| raw[1..].trim_end_matches(' ').strip_suffix('"'));
    match inside {
        Some(inside)
            if escaped.strip_prefix(inside).is_some_and(|tail| tail.trim_matches(' ').is_empty()) =>
        {
            let value = if inside.contains('"') {
                Cow::Owned(inside.replace("\"\"", "\""))
            } else {
                Cow::Borrowed(inside)
            };
            Ok((value, length))
        }
        _ => Err("a quoted field goes on after its closing quote; double the quotes inside it"),
    }
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
    fn quotes_behind_blanks_open_fields_too_and_lines_still_count() {
        let rows =
            split("\n1, \" k\" , \"x,y\",z, \"two\nlines\" ,  \"\"\n \"\"\n2\n", Separator::Comma).unwrap();
        assert_eq!(rows, [row(2, &["1", " k", "x,y", "z", "two\nlines", ""]), row(4, &[""]), row(5, &["2"])]);
        let error = split("a, \"b\nc\", \"d\ne\n", Separator::Comma).unwrap_err();
        assert!(matches!(error, DataError::Quote { line: 2, .. }), "{error}");
    }

    #[test]
    fn a_quote_inside_an_unquoted_field_is_a_character() {
        assert_eq!(split("5\" pipe,a\"\"\n", Separator::Comma).unwrap(), [row(1, &["5\" pipe", "a\"\""])]);
    }

    #[test]
    fn tabs_are_separators_and_not_blanks() {
        assert_eq!(
            split("\t\t\n a\tb \t\n", Separator::Tab).unwrap(),
            [row(1, &["", "", ""]), row(2, &["a", "b", ""])]
        );
    }

    #[test]
    fn comments_are_no_rows_and_lines_still_count() {
        let text = "# \"so\n#\n1,2\n\n# more\n3,#4\n#";
        let mut rows = Rows::new(Path::new("t.csv"), text, Separator::Comma).with_comment(Some(b'#'));
        let mut all = Vec::new();
        while let Some(row) = rows.next(0).unwrap() {
            all.push((row.line, row.fields.concat()));
        }
        assert_eq!(all, [(3, "12".into()), (6, "3#4".into())]);
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
        fn no_text_panics(text in "[a1,;\t\"\r\n é?\u{feff}]{0,40}") {
            for separator in [Separator::Comma, Separator::Semicolon, Separator::Tab] {
                if let Ok(rows) = split(&text, separator) {
                    prop_assert!(rows.iter().all(|(line, row)| *line >= 1 && !row.is_empty()));
                }
            }
        }

        #[test]
        fn a_field_read_again_is_the_same(text in "[a1,\"\n é#]{0,40}", comments in any::<bool>()) {
            let comment = comments.then_some(b'#');
            let mut rows = Rows::new(Path::new("t.csv"), &text, Separator::Comma).with_comment(comment);
            while let Ok(Some(row)) = rows.next(0) {
                for (field, &place) in row.fields.iter().zip(&row.places) {
                    prop_assert_eq!(&field_at(&text, place, Separator::Comma), field);
                }
                prop_assert_eq!(row.fields.len(), row.places.len());
            }
        }
    }
}
