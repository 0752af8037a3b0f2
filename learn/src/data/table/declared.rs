//! The columns that a scenario speaks of, found in the table: target, kinds, what is left out; and what columns are called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::encode::Column;
use crate::data::packed::PackedTexts;
use crate::data::{ColumnKind, ColumnRef, ColumnRole, CsvSource, DataError};

/// Names offered when one does not exist.
const NEAREST: usize = 3;

/// What a column without a name is called, counted from zero.
fn unnamed(column: usize) -> String {
    format!("f{column}")
}

/// A name that the scenario uses and that only a header can give, so that there is one.
pub(super) fn name_of_header<'s>(source: &'s CsvSource, first: &PackedTexts) -> Option<&'s str> {
    let declared = source.columns.iter().map(|(column, _)| column);
    let named = source.target.iter().chain(declared).chain(&source.drop).filter_map(|column| match column {
        ColumnRef::Name(name) => Some(name),
        ColumnRef::Position(_) => None,
    });
    named.into_iter().map(String::as_str).find(|&name| {
        let stands_in = (0..first.len()).any(|column| name == unnamed(column));
        !stands_in || first.iter().any(|field| field == name)
    })
}

/// What columns are called. Of names that several columns have, all but the first get a number.
pub(super) struct Names {
    names: PackedTexts,
    /// Names that several columns have in the file: the places of the first two, from one.
    repeated: BTreeMap<String, (usize, usize)>,
}

impl Names {
    /// Those of a header.
    pub(super) fn of_header(header: &PackedTexts) -> Self {
        let mut by_name: Vec<usize> =
            (0..header.len()).filter(|&column| !header.get(column).is_empty()).collect();
        by_name.sort_by_key(|&column| header.get(column));
        let mut repeated = BTreeMap::new();
        let mut again = Vec::new();
        for columns in by_name.chunk_by(|&a, &b| header.get(a) == header.get(b)) {
            if let &[first, second, ..] = columns {
                repeated.insert(header.get(first).to_owned(), (first + 1, second + 1));
                again.extend_from_slice(&columns[1..]);
            }
        }
        again.sort_unstable();
        let in_header = |name: &String| {
            by_name.binary_search_by_key(&name.as_str(), |&column| header.get(column)).is_ok()
        };
        let mut numbered = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for column in again {
            let is_free = |name: &String| !in_header(name) && !taken.contains(name);
            let name = (2..)
                .map(|number| format!("{}.{number}", header.get(column)))
                .find(is_free)
                .unwrap_or_default();
            taken.insert(name.clone());
            numbered.insert(column, name);
        }
        let name = |(column, name): (usize, &str)| match numbered.remove(&column) {
            Some(numbered) => numbered,
            None if name.is_empty() => unnamed(column),
            None => name.to_owned(),
        };
        Self { names: header.iter().enumerate().map(name).collect(), repeated }
    }

    /// Of a table without header.
    pub(super) fn of_none(width: usize) -> Self {
        Self { names: (0..width).map(unnamed).collect(), repeated: BTreeMap::new() }
    }

    /// The columns with what the scenario says of them. `trailing`: whether the last holds nothing and has no name.
    ///
    /// # Errors
    /// [`DataError`] for a column that does not exist or that is given two things that cannot both be.
    pub(super) fn declared(
        self,
        source: &CsvSource,
        path: &Path,
        trailing: bool,
    ) -> Result<(PackedTexts, Vec<Column>), DataError> {
        let width = self.names.len();
        let mut columns =
            vec![Column { declared: None, role: ColumnRole::Feature, is_trailing: false }; width];
        if trailing {
            columns[width - 1] = Column { declared: None, role: ColumnRole::Dropped, is_trailing: true };
        }
        for requested in &source.drop {
            let dropped = Column { declared: None, role: ColumnRole::Dropped, is_trailing: false };
            columns[self.resolve(path, "dropped", requested)?] = dropped;
        }
        let last = columns.iter().rposition(|column| column.role != ColumnRole::Dropped);
        let target = match &source.target {
            Some(requested) => self.resolve(path, "target", requested)?,
            None => last.ok_or_else(|| DataError::NoFeature { path: path.to_owned(), columns: 0 })?,
        };
        let refuse = |column: usize, problem: &'static str| DataError::Declared {
            path: path.to_owned(),
            name: self.names.get(column).to_owned(),
            problem,
        };
        if columns[target].role == ColumnRole::Dropped && !(trailing && target == width - 1) {
            return Err(refuse(target, "is the target and cannot be dropped"));
        }
        columns[target].role = ColumnRole::Target;
        for (requested, kind) in &source.columns {
            let column = self.resolve(path, "declared", requested)?;
            if column == target && *kind == ColumnKind::Numeric {
                let problem = "is the target, which holds classes, and cannot be declared numeric";
                return Err(refuse(column, problem));
            }
            if columns[column].declared.replace(*kind).is_some_and(|before| before != *kind) {
                return Err(refuse(column, "is declared both numeric and categorical; keep one"));
            }
        }
        Ok((self.names, columns))
    }

    /// The column meant.
    fn resolve(&self, path: &Path, role: &'static str, requested: &ColumnRef) -> Result<usize, DataError> {
        let width = self.names.len() as i64;
        let found = match requested {
            ColumnRef::Name(name) => {
                if let Some(&(first, second)) = self.repeated.get(name) {
                    let (path, name) = (path.to_owned(), name.clone());
                    return Err(DataError::DuplicateColumn { path, name, first, second });
                }
                self.names.iter().position(|other| other == name)
            }
            ColumnRef::Position(position) if (1..=width).contains(position) => Some(*position as usize - 1),
            ColumnRef::Position(position) if (-width..0).contains(position) => {
                Some((width + position) as usize)
            }
            ColumnRef::Position(_) => None,
        };
        found.ok_or_else(|| DataError::Column {
            path: path.to_owned(),
            role,
            requested: requested.to_string(),
            nearest: match requested {
                ColumnRef::Name(name) => nearest(name, &self.names),
                ColumnRef::Position(_) => Vec::new(),
            },
            columns: self.names.len(),
        })
    }
}

fn nearest(requested: &str, names: &PackedTexts) -> Vec<String> {
    let requested = requested.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&requested, &name.to_lowercase()), name))
        .collect();
    ranked.sort_by_key(|&(distance, _)| distance);
    ranked.into_iter().take(NEAREST).map(|(_, name)| name.to_owned()).collect()
}
