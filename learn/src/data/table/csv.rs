//! General CSV: what the scenario does not declare about a file is inferred from it, and said.
//!
//! From the file to the data set: bytes, text, separator and comments, rows of equally many fields, decimal mark, header,
//! columns with what the scenario says of them, numbers.

use std::path::Path;
use std::sync::Arc;

use super::cells::Cells;
use super::declared::{Names, name_of_header};
use super::dialect::{self, Marked};
use super::encode::Table;
use super::header;
use super::numeral::Marks;
use crate::data::packed::PackedTexts;
use crate::data::rows::{Row, Rows};
use crate::data::text::read_text_in;
use crate::data::{ColumnRole, CsvSource, DataError, Decimal, Decision, Separator, TableAccount, Unusable};
use crate::dataset::Dataset;

/// The file at `path`, which is `source.path` found.
pub(in crate::data) fn load(source: &CsvSource, name: &str, path: &Path) -> Result<Dataset, DataError> {
    let (mut text, encoding) = read_text_in(path, source.encoding)?;
    let declared = || Decision::DECLARED.to_owned();
    let (separator, why) = match source.separator {
        Some(separator) => (separator, declared()),
        None => dialect::separator(path, &text),
    };
    let separator_decision = Decision::new(separator.word(), why);
    if separator == Separator::Space {
        text = dialect::collapse_blanks(&text);
    }
    let (comment, why) = match source.comment {
        Some(comment) => (comment, declared()),
        None => dialect::comment(path, &text, separator)?,
    };
    let comment_decision = Decision::new(comment.word(), why);
    let split = Split::of(source, path, text, separator, comment.byte())?;
    let Split { mut cells, short_header, ragged, marked } = split;
    let (decimal, why) = match source.decimal {
        Some(decimal) => (decimal, declared()),
        None => marked.decide(path, separator)?,
    };
    let marks = Marks { own: &source.missing };
    let mut profiles = cells.profiles(1, marks, decimal);
    let unnamed =
        short_header || cells.places.get(cells.width - 1).is_some_and(|&place| cells.field(place).is_empty());
    let trailing = unnamed && profiles.last().is_some_and(|last| last.is_empty());
    if short_header && trailing {
        // The rows end in a separator, and not the header: what it lacks is the last name, not the first.
        cells.places[..cells.width].rotate_left(1);
    }
    let first: PackedTexts = cells.places[..cells.width].iter().map(|&place| cells.field(place)).collect();
    let header = header_of(source, path, &cells, &first, short_header, |first| {
        header::decide(first, &profiles, marks, decimal, |column| {
            let mut below = cells.column(column, 1);
            below.find(|(_, field)| *field == first.get(column)).map(|(place, _)| cells.line_of(place))
        })
    })?;
    let names = if header.value == "true" {
        cells.places.drain(..cells.width);
        Names::of_header(&first)
    } else {
        for (profile, &place) in profiles.iter_mut().zip(&cells.places) {
            profile.add(&cells.field(place), marks, decimal);
        }
        Names::of_none(cells.width)
    };
    drop(first);
    let (names, columns) = names.declared(source, path, trailing)?;
    let mut rows_without_class = 0;
    if source.missing_target == Unusable::Drop
        && let Some(target) = columns.iter().position(|column| column.role == ColumnRole::Target)
    {
        rows_without_class = cells.drop_rows(target, |field| marks.is_missing(field));
        if rows_without_class > 0 {
            profiles = cells.profiles(0, marks, decimal);
        }
    }
    let (dataset, columns) = Table { cells, names, columns, marks, decimal }.encode(name, profiles)?;
    Ok(dataset.with_table(Arc::new(TableAccount {
        encoding,
        separator: separator_decision,
        decimal: Decision::new(decimal.word(), why),
        comment: comment_decision,
        header,
        rows_without_class,
        ragged_rows: ragged,
        columns,
    })))
}

/// Whether the first row names the columns.
fn header_of(
    source: &CsvSource,
    path: &Path,
    cells: &Cells,
    first: &PackedTexts,
    short: bool,
    infer: impl Fn(&PackedTexts) -> Result<Decision, String>,
) -> Result<Decision, DataError> {
    if let Some(header) = source.header {
        return Ok(Decision::new(header, Decision::DECLARED));
    }
    if short {
        return Ok(Decision::new(true, "the first line has one field fewer than the others"));
    }
    if let Some(name) = name_of_header(source, first) {
        return Ok(Decision::new(true, format!("the scenario names the column {name:?}")));
    }
    let line = cells.places.first().map_or(1, |&place| cells.line_of(place));
    infer(first).map_err(|why| DataError::Header { path: path.to_owned(), line, why })
}

/// The rows of a text.
struct Split {
    cells: Cells,
    /// Whether the first row, a header, lacks a field that all others have.
    short_header: bool,
    /// Rows left out for their number of fields.
    ragged: usize,
    marked: Marked,
}

impl Split {
    fn of(
        source: &CsvSource,
        path: &Path,
        text: String,
        separator: Separator,
        comment: Option<u8>,
    ) -> Result<Self, DataError> {
        let limit = u32::MAX as usize;
        if text.len() > limit {
            return Err(DataError::TooLong { path: path.to_owned(), found: text.len(), limit });
        }
        let mut cells = Cells::new(path, separator);
        let mut rows = Rows::new(path, &text, separator).with_comment(comment);
        let mut ahead = Vec::new();
        while ahead.len() < 3
            && let Some(row) = rows.next(cells.width)?
        {
            cells.width = row.fields.len();
            ahead.push(row);
        }
        let Some(first) = ahead.first() else { return Err(DataError::Empty { path: path.to_owned() }) };
        let (mut width, mut line) = (first.fields.len(), first.line);
        // As R saves tables with names of rows, or as rows end that end in a separator.
        let short_header = source.header != Some(false)
            && ahead.len() == 3
            && ahead[1..].iter().all(|row| row.fields.len() == width + 1);
        if short_header {
            (width, line) = (width + 1, ahead[1].line);
            ahead[0].places.insert(0, text.len());
        }
        if width < 2 {
            return Err(DataError::NoFeature { path: path.to_owned(), columns: width });
        }
        cells.width = width;
        let (mut ragged, mut marked) = (0, Marked::default());
        let mut take = |cells: &mut Cells, row: &Row<'_>| {
            if row.places.len() == width {
                cells.push(&row.places);
                if separator != Separator::Comma && source.decimal != Some(Decimal::Point) {
                    row.fields.iter().for_each(|field| marked.see(row.line, field));
                }
                return Ok(());
            }
            if source.ragged == Unusable::Drop {
                ragged += 1;
                return Ok(());
            }
            Err(DataError::Fields {
                path: path.to_owned(),
                line: row.line,
                found: row.fields.len(),
                expected: width,
                rule: format!("as line {line} has; `ragged: drop` leaves such rows out"),
            })
        };
        for row in ahead {
            take(&mut cells, &row)?;
        }
        while let Some(row) = rows.next(width)? {
            take(&mut cells, &row)?;
        }
        drop(rows);
        cells.text = text;
        Ok(Self { cells, short_header, ragged, marked })
    }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
