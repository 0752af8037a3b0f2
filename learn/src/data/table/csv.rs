//! General CSV: what the scenario does not declare about a file is inferred from it.
//!
//! **Header.** The first row names the columns when its fields are neither numbers nor missing (the first field may be
//! empty, as an unnamed index column is), no two are alike, and none comes back further down its column. A scenario that
//! calls a column by a name settles it: there must be a header, unless the name is one that columns without names get.

use std::borrow::Cow;
use std::path::Path;

use super::encode::{Table, is_missing, is_number};
use crate::data::folders::read_text;
use crate::data::rows::{Row, Rows, infer_separator};
use crate::data::{ColumnKind, ColumnRef, CsvSource, DataError};
use crate::dataset::Dataset;

/// Names offered when one does not exist.
const NEAREST: usize = 3;

/// The file at `path`, which is `source.path` found.
pub(in crate::data) fn load(source: &CsvSource, name: &str, path: &Path) -> Result<Dataset, DataError> {
    let text = read_text(path)?;
    let separator = source.separator.unwrap_or_else(|| infer_separator(&text));
    let mut rows = Rows::new(path, &text, separator);
    let Some(first) = rows.next(0)? else { return Err(DataError::Empty { path: path.to_owned() }) };
    let width = first.fields.len();
    if width < 2 {
        return Err(DataError::NoFeature { path: path.to_owned(), columns: width });
    }
    let mut origins = Vec::new();
    let mut cells = Vec::new();
    while let Some(mut row) = rows.next(width)? {
        if row.fields.len() != width {
            return Err(DataError::Fields {
                path: path.to_owned(),
                line: row.line,
                found: row.fields.len(),
                expected: width,
                rule: format!("as line {} has", first.line),
            });
        }
        origins.push((0, row.line));
        cells.append(&mut row.fields);
    }
    let names = if source.header.unwrap_or_else(|| looks_like_header(source, &first, &cells)) {
        header_names(path, &first)?
    } else {
        origins.insert(0, (0, first.line));
        cells.splice(0..0, first.fields);
        (0..width).map(unnamed).collect()
    };
    let target = match &source.target {
        Some(asked) => resolve(path, "target", asked, &names)?,
        None => width - 1,
    };
    let kinds = declared_kinds(source, path, &names, target)?;
    let columns = names.into_iter().zip(kinds).collect();
    Table { files: vec![path], origins, cells, columns, target }.encode(name)
}

/// What a column without a name is called, counted from zero.
fn unnamed(column: usize) -> String {
    format!("f{column}")
}

fn looks_like_header(source: &CsvSource, first: &Row<'_>, cells: &[Cow<'_, str>]) -> bool {
    let width = first.fields.len();
    let asked = source.target.iter().chain(source.columns.iter().map(|(column, _)| column));
    let named = asked.filter_map(|column| match column {
        ColumnRef::Name(name) => Some(name),
        ColumnRef::Position(_) => None,
    });
    for name in named {
        let stands_in = (0..width).any(|column| *name == unnamed(column));
        if !stands_in || first.fields.iter().any(|field| field == name) {
            return true;
        }
    }
    first.fields.iter().enumerate().all(|(column, field)| {
        let unnamed_index = column == 0 && field.is_empty();
        (unnamed_index || !is_missing(field) && !is_number(field))
            && !first.fields[..column].contains(field)
            && !cells.iter().skip(column).step_by(width).any(|cell| cell == field)
    })
}

fn header_names(path: &Path, header: &Row<'_>) -> Result<Vec<String>, DataError> {
    let name = |(column, field): (usize, &Cow<'_, str>)| {
        if field.is_empty() { unnamed(column) } else { field.to_string() }
    };
    let names: Vec<String> = header.fields.iter().enumerate().map(name).collect();
    for (second, name) in names.iter().enumerate() {
        if let Some(first) = names[..second].iter().position(|other| other == name) {
            let (first, second) = (first + 1, second + 1);
            return Err(DataError::DuplicateColumn {
                path: path.to_owned(),
                name: name.clone(),
                first,
                second,
            });
        }
    }
    Ok(names)
}

/// The column meant.
fn resolve(path: &Path, role: &'static str, asked: &ColumnRef, names: &[String]) -> Result<usize, DataError> {
    let width = names.len() as i64;
    let found = match asked {
        ColumnRef::Name(name) => names.iter().position(|other| other == name),
        ColumnRef::Position(position) if (1..=width).contains(position) => Some(*position as usize - 1),
        ColumnRef::Position(position) if (-width..0).contains(position) => Some((width + position) as usize),
        ColumnRef::Position(_) => None,
    };
    found.ok_or_else(|| DataError::Column {
        path: path.to_owned(),
        role,
        asked: asked.to_string(),
        nearest: match asked {
            ColumnRef::Name(name) => nearest(name, names),
            ColumnRef::Position(_) => Vec::new(),
        },
        columns: names.len(),
    })
}

fn nearest(asked: &str, names: &[String]) -> Vec<String> {
    let asked = asked.to_lowercase();
    let mut ranked: Vec<(usize, &String)> =
        names.iter().map(|name| (strsim::damerau_levenshtein(&asked, &name.to_lowercase()), name)).collect();
    ranked.sort_by_key(|&(distance, _)| distance);
    ranked.into_iter().take(NEAREST).map(|(_, name)| name.clone()).collect()
}

fn declared_kinds(
    source: &CsvSource,
    path: &Path,
    names: &[String],
    target: usize,
) -> Result<Vec<Option<ColumnKind>>, DataError> {
    let mut kinds = vec![None; names.len()];
    for (asked, kind) in &source.columns {
        let column = resolve(path, "declared", asked, names)?;
        let refuse =
            |problem| DataError::Declared { path: path.to_owned(), name: names[column].clone(), problem };
        if column == target && *kind == ColumnKind::Numeric {
            return Err(refuse("is the target, which holds classes, and cannot be declared numeric"));
        }
        if kinds[column].replace(*kind).is_some_and(|before| before != *kind) {
            return Err(refuse("is declared both numeric and categorical; keep one"));
        }
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests;
