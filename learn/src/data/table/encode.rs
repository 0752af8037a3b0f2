//! Cells into numbers: kinds of columns, categories, missing values, classes.
//!
//! In a categorical column all spellings of a missing value are one value of their own, `?`; in a numeric column they become
//! the median of the values that are there; a class cannot be missing. Categories are coded by their place among the sorted
//! values. Classes are sorted as numbers when all are whole numbers, as text otherwise.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;

use super::cells::{Cells, Lines, origin};
use super::names;
use super::numeral::{Marks, among_numbers, numeral};
use super::profile::{Look, Profile, Verdict};
use super::quantities::Quantities;
use crate::data::packed::PackedTexts;
use crate::data::rows::field_at;
use crate::data::{
    ColumnAccount, ColumnAccounts, ColumnKind, ColumnRole, DataError, Decimal, Decision, FaultyColumn,
    MissingMark,
};
use crate::dataset::{Dataset, Feature, FeatureKind};

/// What all spellings of a missing value are called as a category.
const MISSING: &str = "?";
/// Classes a text table may have; a target with more is a quantity or a name.
const MAX_CLASSES: usize = 1_000;
/// Fields that are told of before the rest is counted.
const SHOWN: usize = 3;

/// A table and what is known of its columns.
pub(super) struct Table<'a> {
    pub(super) cells: Cells,
    pub(super) names: PackedTexts,
    pub(super) columns: Vec<Column>,
    pub(super) marks: Marks<'a>,
    pub(super) decimal: Decimal,
}

/// What is known of a column before it is encoded.
#[derive(Clone)]
pub(super) struct Column {
    /// What the scenario says of it.
    pub(super) declared: Option<ColumnKind>,
    pub(super) role: ColumnRole,
    /// Whether it is what follows the last separator of each row: nothing.
    pub(super) is_trailing: bool,
}

impl Table<'_> {
    /// The data set of this table, and what each of its columns was taken for.
    ///
    /// # Errors
    /// [`DataError`]: every column of numbers with faults, or else the first thing that is wrong.
    pub(super) fn encode(
        mut self,
        name: &str,
        profiles: Vec<Profile>,
    ) -> Result<(Dataset, ColumnAccounts), DataError> {
        if self.columns.iter().all(|column| column.role != ColumnRole::Feature) {
            return Err(DataError::NoFeature { path: self.cells.file(), columns: self.columns.len() });
        }
        let rows = self.cells.rows();
        if rows == 0 {
            return Err(DataError::Empty { path: self.cells.file() });
        }
        self.check_numbers(&profiles)?;
        let mut accounts = ColumnAccounts::with_capacity(profiles.len());
        let mut lines = Lines::default();
        let mut categories = Vec::new();
        let mut classes = Vec::new();
        for (column, profile) in profiles.iter().enumerate() {
            let (kind, why) = self.taken_for(column, profile, &mut lines);
            let role = self.columns[column].role;
            let missing = rows as u32 - profile.present(kind);
            let mut account = ColumnAccount {
                name: self.names.get(column).to_owned().into(),
                role,
                kind: kind.word().into(),
                why,
                present: profile.present(kind),
                missing,
                missing_as: if missing > 0 { self.missing_as(column, kind) } else { Vec::new() },
                filled_with: None,
                distinct: None,
                distinct_in_f32: None,
                remarks: Vec::new(),
            };
            match (role, kind) {
                (ColumnRole::Dropped, _) => {}
                (ColumnRole::Target, _) => {
                    let kind;
                    (classes, kind) = self.encode_target(column)?;
                    account.kind = kind.into();
                    account.distinct = Some(classes.len() as u32);
                }
                (ColumnRole::Feature, ColumnKind::Numeric) => self.encode_numbers(column, &mut account)?,
                (ColumnRole::Feature, ColumnKind::Categorical) => {
                    categories.push((column, self.encode_categories(column, &mut account)));
                }
            }
            accounts.push(account);
        }
        drop(profiles);
        let roles: Vec<ColumnRole> = self.columns.iter().map(|column| column.role).collect();
        let (records, labels) = self.into_numbers(&roles);
        // Only now that the text is gone, as a table may have more columns than rows.
        let mut features = Vec::with_capacity(records.ncols());
        let mut categories = categories.into_iter().peekable();
        for (column, name) in
            accounts.names().enumerate().filter(|&(column, _)| roles[column] == ColumnRole::Feature)
        {
            let kind = match categories.next_if(|(of, _)| *of == column) {
                Some((_, values)) => FeatureKind::Categorical { values },
                None => FeatureKind::Numeric,
            };
            features.push(Feature { name: name.to_owned(), kind });
        }
        Ok((Dataset::new(name, records, labels, features, classes)?, accounts))
    }

    /// Refuses columns of numbers with faults, all at once, unless the scenario says what they are.
    fn check_numbers(&self, profiles: &[Profile]) -> Result<(), DataError> {
        let mut faulty = Vec::new();
        for (column, profile) in profiles.iter().enumerate() {
            let Column { declared: None, role: ColumnRole::Feature, .. } = self.columns[column] else {
                continue;
            };
            let Verdict::Faulty { fault, count, numbers } = profile.verdict() else { continue };
            let line = |(place, field): (u32, Cow<'_, str>)| (self.cells.line_of(place), field.into_owned());
            faulty.push(FaultyColumn {
                name: self.names.get(column).to_owned(),
                numbers,
                faults: count,
                shown: self.of_look(column, fault).take(SHOWN).map(line).collect(),
                percent: fault != Look::Name,
            });
        }
        if faulty.is_empty() {
            Ok(())
        } else {
            Err(DataError::FaultyNumbers { path: self.cells.file(), columns: faulty })
        }
    }

    /// What a column without faults is taken for, and why.
    fn taken_for(
        &self,
        column: usize,
        profile: &Profile,
        lines: &mut Lines,
    ) -> (ColumnKind, Cow<'static, str>) {
        let Column { declared, role, is_trailing } = self.columns[column];
        let seen = match profile.verdict() {
            Verdict::Kind(kind) => kind,
            Verdict::Faulty { .. } => ColumnKind::Categorical,
        };
        match (role, declared) {
            (ColumnRole::Dropped, _) if is_trailing => {
                (seen, "each row ends in a separator, and nothing follows".into())
            }
            (ColumnRole::Dropped, _) => (seen, "the scenario drops it".into()),
            (_, Some(kind)) => (kind, Decision::DECLARED.into()),
            // Classes are names whatever they look like.
            (ColumnRole::Target, None) => (ColumnKind::Categorical, "it is the target".into()),
            (ColumnRole::Feature, None) => {
                let first_name = || self.of_look(column, Look::Name).next();
                let why =
                    profile.why(|| first_name().map_or(0, |(place, _)| lines.line_of(&self.cells, place)));
                (seen, why)
            }
        }
    }

    /// How missing values are written in a column that is taken for this.
    fn missing_as(&self, column: usize, kind: ColumnKind) -> Vec<MissingMark<'static>> {
        let mut counts: BTreeMap<(bool, Cow<'_, str>), u32> = BTreeMap::new();
        for (_, field) in self.cells.column(column, 0) {
            let anywhere = self.marks.is_missing(&field);
            if anywhere || kind == ColumnKind::Numeric && among_numbers(&field) {
                *counts.entry((!anywhere, field)).or_default() += 1;
            }
        }
        let mark = |((_, text), count): ((bool, Cow<'_, str>), u32)| MissingMark {
            text: text.into_owned().into(),
            count,
        };
        counts.into_iter().map(mark).collect()
    }

    /// The fields of a column that look like this, with their places.
    fn of_look(&self, column: usize, look: Look) -> impl Iterator<Item = (u32, Cow<'_, str>)> {
        let fields = self.cells.column(column, 0);
        fields.filter(move |(_, field)| Look::of(field, self.marks, self.decimal) == look)
    }

    fn encode_numbers(&mut self, column: usize, account: &mut ColumnAccount<'_>) -> Result<(), DataError> {
        let Cells { files, text, separator, width, places, .. } = &mut self.cells;
        let name = self.names.get(column);
        let mut quantities = Quantities::default();
        let mut missing = Vec::new();
        let mut present = Vec::new();
        for (row, slot) in places.iter_mut().skip(column).step_by(*width).enumerate() {
            let place = *slot;
            let field = field_at(text, place as usize, *separator);
            if self.marks.is_missing_number(&field) {
                missing.push(row as u32);
                continue;
            }
            let wrong = |value: &str| (origin(files, text, place), name.to_owned(), value.to_owned());
            let Some(number) = numeral(&field, self.decimal) else {
                let ((path, line), column, value) = wrong(&field);
                return Err(DataError::NotNumeric { path, line, column, value });
            };
            let value = number.value as f32;
            if !value.is_finite() {
                let ((path, line), column, value) = wrong(&field);
                return Err(DataError::NotFinite { path, line, column, value });
            }
            quantities.add(number.value, &field);
            if account.missing > 0 {
                present.push(number.value);
            }
            *slot = value.to_bits();
        }
        if !missing.is_empty() {
            let median = median(&mut present)
                .ok_or_else(|| DataError::NoValue { path: files[0].0.clone(), column: name.to_owned() })?;
            missing
                .into_iter()
                .for_each(|row| places[row as usize * *width + column] = (median as f32).to_bits());
            account.filled_with = Some(median);
        }
        quantities.tell(account);
        Ok(())
    }

    fn encode_categories(&mut self, column: usize, account: &mut ColumnAccount<'_>) -> Vec<String> {
        let Cells { text, separator, width, places, .. } = &mut self.cells;
        let category = |place: u32| {
            let field = field_at(text, place as usize, *separator);
            if self.marks.is_missing(&field) { Cow::Borrowed(MISSING) } else { field }
        };
        let values: BTreeSet<Cow<'_, str>> =
            places.iter().skip(column).step_by(*width).map(|&place| category(place)).collect();
        account.distinct = Some(values.len() as u32 - u32::from(account.missing > 0));
        account.remarks.extend(names::remark(account, values.iter().map(AsRef::as_ref)));
        let codes: BTreeMap<&str, f32> =
            values.iter().enumerate().map(|(code, value)| (value.as_ref(), code as f32)).collect();
        for slot in places.iter_mut().skip(column).step_by(*width) {
            *slot = codes[category(*slot).as_ref()].to_bits();
        }
        values.into_iter().map(Cow::into_owned).collect()
    }

    /// The names of the classes, and what they are.
    fn encode_target(&mut self, column: usize) -> Result<(Vec<String>, &'static str), DataError> {
        let missing = self.cells.column(column, 0).find(|(_, field)| self.marks.is_missing(field));
        if let Some((place, _)) = missing {
            let rule =
                "a class cannot be missing: remove the row, name the class, or say `missing_target: drop`";
            return Err(self.refuse_class(place, rule));
        }
        let (declared, decimal) = (self.columns[column].declared, self.decimal);
        let plain = |field: &str| {
            numeral(field, decimal)
                .filter(|number| !number.grouped && !number.percent)
                .map(|number| number.value)
        };
        if declared != Some(ColumnKind::Categorical)
            && self.cells.column(column, 0).all(|(_, field)| plain(&field).is_some())
        {
            let whole =
                |field: &str| plain(field).filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| n as i64);
            if let Some((place, _)) = self.cells.column(column, 0).find(|(_, field)| whole(field).is_none()) {
                let rule =
                    "a class is a whole number or a name; choose another target, or declare it categorical";
                return Err(self.refuse_class(place, rule));
            }
            return Ok((
                self.number_classes(column, |field| whole(&field).unwrap_or_default())?,
                "whole numbers",
            ));
        }
        Ok((self.number_classes(column, |field| field.into_owned())?, ColumnKind::Categorical.word()))
    }

    fn number_classes<T: Ord + ToString>(
        &mut self,
        column: usize,
        class: impl Fn(Cow<'_, str>) -> T,
    ) -> Result<Vec<String>, DataError> {
        let mut codes: BTreeMap<T, u32> = BTreeMap::new();
        for (_, field) in self.cells.column(column, 0) {
            codes.entry(class(field)).or_default();
        }
        if codes.len() > MAX_CLASSES {
            return Err(DataError::TooManyClasses {
                path: self.cells.file(),
                column: self.names.get(column).to_owned(),
                found: codes.len(),
                limit: MAX_CLASSES,
            });
        }
        codes.values_mut().zip(0..).for_each(|(code, place)| *code = place);
        let Cells { text, separator, width, places, .. } = &mut self.cells;
        for slot in places.iter_mut().skip(column).step_by(*width) {
            *slot = codes[&class(field_at(text, *slot as usize, *separator))];
        }
        Ok(codes.into_keys().map(|class| class.to_string()).collect())
    }

    fn refuse_class(&self, place: u32, rule: &str) -> DataError {
        let (path, line) = self.cells.origin(place);
        DataError::Class { path, line, value: self.cells.field(place).into_owned(), rule: rule.into() }
    }

    /// Records and labels, once every column of them holds its numbers. The text goes first, and the fields become the records
    /// where they are.
    fn into_numbers(self, roles: &[ColumnRole]) -> (Array2<f32>, Vec<u32>) {
        let Cells { text, width, mut places, .. } = self.cells;
        drop(text);
        let target = roles.iter().position(|role| *role == ColumnRole::Target).unwrap_or(0);
        let labels: Vec<u32> = places.iter().skip(target).step_by(width).copied().collect();
        let mut column = 0;
        places.retain(|_| {
            let keeps = roles[column] == ColumnRole::Feature;
            column = (column + 1) % width;
            keeps
        });
        let features = places.len() / labels.len();
        let values: Vec<f32> = places.into_iter().map(f32::from_bits).collect();
        let records = Array2::from_shape_vec((labels.len(), features), values);
        (records.expect("a row has a field for each feature"), labels)
    }
}

/// The middle value, or the mean of the two middle ones.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    Some(if values.len() % 2 == 1 { upper } else { values[half - 1] / 2.0 + upper / 2.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
