//! How a table is written, told by its text: what separates its fields, which lines are comments, which mark is decimal.

use std::path::Path;

use super::numeral::{Marks, numeral};
use crate::data::rows::Rows;
use crate::data::{Comment, DataError, Decimal, Separator};

/// Lines and bytes of the beginning that tell the separator; two lines in any case.
const SAMPLE_LINES: usize = 50;
const SAMPLE_BYTES: usize = 1 << 18;

/// The separator: of those that give the first rows equally many fields, the one by which most of these parse as numbers, then the
/// one that gives more fields. Where none does, the one that gives most rows equally many.
pub(super) fn separator(path: &Path, text: &str) -> (Separator, String) {
    let sample = sample(text);
    let mut best: Option<(Score, Separator)> = None;
    for &(_, separator) in Separator::WORDS {
        let Some(score) = Score::of(path, sample, separator) else { continue };
        if best.as_ref().is_none_or(|(other, _)| score.better_than(other)) {
            best = Some((score, separator));
        }
    }
    match best {
        None => (Separator::Comma, "no separator stands in the first lines".into()),
        Some((score, separator)) if score.even => (
            separator,
            format!(
                "it makes {} fields of each of the first {} rows, {} of {} of which are numbers",
                score.fields, score.rows, score.numbers, score.cells
            ),
        ),
        Some((score, separator)) => (
            separator,
            format!("it makes {} fields of {} of the first {} rows", score.fields, score.usual, score.rows),
        ),
    }
}

/// The first lines.
fn sample(text: &str) -> &str {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let ends =
        ends.enumerate().take_while(|&(line, at)| line < SAMPLE_LINES && (at <= SAMPLE_BYTES || line < 3));
    ends.last().map_or(text, |(_, at)| &text[..at])
}

struct Score {
    /// Whether all rows have equally many fields.
    even: bool,
    rows: usize,
    /// How many fields rows have most often, and how many rows have them.
    fields: usize,
    usual: usize,
    numbers: usize,
    cells: usize,
}

impl Score {
    /// `None` for one that separates nothing.
    fn of(path: &Path, sample: &str, separator: Separator) -> Option<Self> {
        let collapsed;
        let text = if separator == Separator::Space {
            collapsed = collapse_blanks(sample);
            &collapsed
        } else {
            sample
        };
        let comment = text.starts_with('#') || text.contains("\n#");
        let mut rows = Rows::new(path, text, separator).with_comment(if comment { Some(b'#') } else { None });
        let mut widths = Vec::new();
        let (mut numbers, mut cells, mut torn) = (0, 0, false);
        // A quote that does not close ends the sample, as it may close beyond it.
        while let Ok(Some(row)) = rows.next(0) {
            widths.push(row.fields.len());
            if widths.len() == 1 {
                continue;
            }
            for field in &row.fields {
                let is_number = Marks::default().is_missing(field) || is_number(field);
                cells += 1;
                numbers += usize::from(is_number);
                torn |= !is_number && field.contains([',', ';', '\t', '|']);
            }
        }
        let mut sorted = widths.clone();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a == b).filter(|run| run[0] > 1);
        let (fields, usual) =
            runs.map(|run| (run[0], run.len())).max_by_key(|&(fields, usual)| (usual, fields))?;
        // Blanks stand inside of fields as well: they separate only where they leave no other separator inside one.
        (separator != Separator::Space || !torn).then_some(Self {
            even: usual == widths.len(),
            rows: widths.len(),
            fields,
            usual,
            numbers,
            cells,
        })
    }

    fn better_than(&self, other: &Self) -> bool {
        let share = (self.numbers * other.cells.max(1), other.numbers * self.cells.max(1));
        let key = |score: &Self, share: usize| match score.even {
            true => (true, share, score.fields),
            false => (false, score.usual, score.fields),
        };
        key(self, share.0) > key(other, share.1)
    }
}

fn is_number(field: &str) -> bool {
    numeral(field, Decimal::Point).or_else(|| numeral(field, Decimal::Comma)).is_some()
}

/// The text with runs of blanks and tabs made one blank, those at either end of a line gone, quoted parts as they are.
pub(super) fn collapse_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut pending) = (false, false);
    for letter in text.chars() {
        match letter {
            ' ' | '\t' if !quoted => pending = true,
            '\n' | '\r' => {
                (quoted, pending) = (false, false);
                out.push(letter);
            }
            _ => {
                if std::mem::take(&mut pending) && !out.is_empty() && !out.ends_with(['\n', '\r']) {
                    out.push(' ');
                }
                quoted ^= letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

/// Whether lines that begin with `#` are comments: they are when none of them has as many fields as the first other line.
pub(super) fn comment(path: &Path, text: &str, separator: Separator) -> Result<(Comment, String), DataError> {
    if !text.starts_with('#') && !text.contains("\n#") {
        return Ok((Comment::None, "no line begins with `#`".into()));
    }
    let lines = || text.lines().enumerate().filter(|(_, line)| line.starts_with('#'));
    let first = Rows::new(path, text, separator).with_comment(Some(b'#')).next(0)?;
    let Some(width) = first.map(|row| row.fields.len()) else {
        return Ok((Comment::None, "all lines begin with `#`".into()));
    };
    let mut alike = lines().filter(|(_, line)| fields_in(line, separator) == width).map(|(at, _)| at + 1);
    let count = lines().count();
    match alike.next() {
        None => {
            Ok((Comment::Hash, format!("{count} lines begin with it and have other fields than the rows")))
        }
        Some(line) if alike.count() + 1 < count => {
            Err(DataError::Comment { path: path.to_owned(), line, fields: width })
        }
        Some(_) => Ok((Comment::None, "lines that begin with `#` have as many fields as the rows".into())),
    }
}

fn fields_in(line: &str, separator: Separator) -> usize {
    let (mut inside, mut fields) = (false, 1);
    for byte in line.bytes() {
        inside ^= byte == b'"';
        fields += usize::from(!inside && byte == separator.byte());
    }
    fields
}

/// Fields with a point or a comma, counted by what they would be.
#[derive(Debug, Default)]
pub(super) struct Marked {
    /// The first that is a number with a decimal point only, and its line.
    point: Option<(usize, String)>,
    /// With a decimal comma only.
    comma: Option<(usize, String)>,
    /// With a decimal comma or separated thousands.
    either: Option<(usize, String)>,
}

impl Marked {
    /// Looks at a field.
    pub(super) fn see(&mut self, line: usize, field: &str) {
        if !field.contains([',', '.']) || self.point.is_some() && self.comma.is_some() {
            return;
        }
        let first = match (numeral(field, Decimal::Point), numeral(field, Decimal::Comma)) {
            (Some(_), None) => &mut self.point,
            (None, Some(_)) => &mut self.comma,
            (Some(point), Some(_)) if point.grouped => &mut self.either,
            _ => return,
        };
        if first.is_none() {
            *first = Some((line, field.into()));
        }
    }

    /// The decimal mark.
    pub(super) fn decide(self, path: &Path, separator: Separator) -> Result<(Decimal, String), DataError> {
        let shown = |(line, field): &(usize, String)| format!("{field:?} in line {line}");
        let unclear = |why| DataError::Decimal { path: path.to_owned(), why };
        match (&self.point, &self.comma, &self.either) {
            _ if separator == Separator::Comma => Ok((Decimal::Point, "the comma separates fields".into())),
            (Some(point), Some(comma), _) => Err(unclear(format!(
                "{} has a decimal point and {} a decimal comma",
                shown(point),
                shown(comma)
            ))),
            (None, Some(comma), _) => Ok((Decimal::Comma, format!("{} is a number by it", shown(comma)))),
            (None, None, Some(either)) => Err(unclear(format!(
                "the comma of {} may be decimal or stand between thousands",
                shown(either)
            ))),
            (Some(point), None, _) => Ok((Decimal::Point, format!("{} is a number by it", shown(point)))),
            (None, None, None) => Ok((Decimal::Point, "no number has a decimal comma".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inferred(text: &str) -> Separator {
        separator(Path::new("t.csv"), text).0
    }

    #[test]
    fn the_separator_is_the_one_that_stands_evenly() {
        assert_eq!(inferred("a;b;c\n1,5;2;3\n4;5,5;6\n"), Separator::Semicolon);
        assert_eq!(inferred("a\tb\n1\t2,5\n"), Separator::Tab);
        assert_eq!(inferred("a,b\n\"1;2;3\",4\n"), Separator::Comma);
        assert_eq!(inferred("a,b,c\n1,2\n"), Separator::Comma);
        assert_eq!(inferred("a|b\n1|x, y\n"), Separator::Pipe);
        assert_eq!(inferred("a\n1\n"), Separator::Comma);
        assert_eq!(inferred(""), Separator::Comma);
    }

    #[test]
    fn the_separator_is_the_one_by_which_fields_are_numbers() {
        assert_eq!(inferred("8,2;1,3;0\n1,5;8,8;1\n"), Separator::Semicolon);
        assert_eq!(inferred("8,2\t1,3\t0\n1,5\t8,8\t1\n"), Separator::Tab);
        assert_eq!(inferred("8,2 1,3 yes\n1,5 8,8 no\n"), Separator::Space);
        assert_eq!(inferred("  5.1   3.5 a\n 4.9\t3.0  b\n"), Separator::Space);
    }

    #[test]
    fn blanks_inside_of_fields_separate_nothing() {
        assert_eq!(inferred("3 4,x\n5 6,y\n"), Separator::Comma);
        assert_eq!(inferred("New York,5\nLos Angeles,6\n"), Separator::Comma);
        assert_eq!(inferred("2020-01-01 10:00,5\n2020-01-02 11:00,6\n"), Separator::Comma);
    }

    #[test]
    fn blanks_collapse_outside_of_quotes() {
        assert_eq!(collapse_blanks("  a \t b\n\t\"c  d\"   e  \n"), "a b\n\"c  d\" e\n");
    }
}
