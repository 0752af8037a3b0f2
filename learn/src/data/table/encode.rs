//! Cells into numbers: kinds of columns, categories, missing values, classes.
//!
//! In a categorical column all spellings of a missing value are one value of their own, `?`; in a numeric column they become
//! the median of the values that are there; a class cannot be missing. Categories are coded by their place among the sorted
//! values. Classes are sorted as numbers when all are whole numbers, as text otherwise.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;

use super::cells::{Cells, origin};
use super::names;
use super::numeral::{Marks, numeral};
use super::profile::{Look, Profile, Verdict};
use super::quantities::Quantities;
use crate::data::rows::field_at;
use crate::data::{ColumnAccount, ColumnKind, ColumnRole, DataError, Decimal, Decision, FaultyColumn};
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
    pub(super) columns: Vec<Column>,
    pub(super) marks: Marks<'a>,
    pub(super) decimal: Decimal,
}

/// A column before it is encoded.
pub(super) struct Column {
    pub(super) name: String,
    /// What the scenario says of it.
    pub(super) declared: Option<ColumnKind>,
    pub(super) role: ColumnRole,
    /// Why it is left out, if it is.
    pub(super) why: &'static str,
}

impl Table<'_> {
    /// The data set of this table, and what each of its columns was taken for.
    ///
    /// # Errors
    /// [`DataError`]: every column of numbers with faults, or else the first thing that is wrong.
    pub(super) fn encode(
        mut self,
        name: &str,
        profiles: &[Profile],
    ) -> Result<(Dataset, Vec<ColumnAccount>), DataError> {
        let features = self.columns.iter().filter(|column| column.role == ColumnRole::Feature).count();
        if features == 0 {
            return Err(DataError::NoFeature { path: self.cells.file(), columns: self.columns.len() });
        }
        let rows = self.cells.rows();
        if rows == 0 {
            return Err(DataError::Empty { path: self.cells.file() });
        }
        let kinds = self.kinds(profiles)?;
        let mut accounts = Vec::with_capacity(self.columns.len());
        let mut encoded = Vec::with_capacity(features);
        let mut classes = Vec::new();
        for (column, (kind, why)) in kinds.into_iter().enumerate() {
            let profile = &profiles[column];
            let mut account = ColumnAccount {
                name: self.columns[column].name.clone(),
                role: self.columns[column].role,
                kind: kind.word().into(),
                why,
                present: profile.present(kind),
                missing: rows - profile.present(kind),
                missing_as: profile.missing_as(kind),
                filled_with: None,
                distinct: None,
                distinct_in_f32: None,
                remarks: Vec::new(),
            };
            match (self.columns[column].role, kind) {
                (ColumnRole::Dropped, _) => {}
                (ColumnRole::Target, _) => {
                    let kind;
                    (classes, kind) = self.encode_target(column)?;
                    account.kind = kind.into();
                    account.distinct = Some(classes.len());
                }
                (ColumnRole::Feature, ColumnKind::Numeric) => {
                    self.encode_numbers(column, &mut account)?;
                    encoded.push(Feature { name: account.name.clone(), kind: FeatureKind::Numeric });
                }
                (ColumnRole::Feature, ColumnKind::Categorical) => {
                    let values = self.encode_categories(column, &mut account);
                    encoded.push(Feature {
                        name: account.name.clone(),
                        kind: FeatureKind::Categorical { values },
                    });
                }
            }
            accounts.push(account);
        }
        let (records, labels) = self.into_numbers(features);
        Ok((Dataset::new(name, records, labels, encoded, classes)?, accounts))
    }

    /// What each column is taken for, and why.
    fn kinds(&self, profiles: &[Profile]) -> Result<Vec<(ColumnKind, Cow<'static, str>)>, DataError> {
        let mut faulty = Vec::new();
        let mut kinds = Vec::with_capacity(self.columns.len());
        for (column, profile) in profiles.iter().enumerate() {
            let of_look = |look| {
                let fields = self.cells.column(column, 0);
                fields.filter(move |(_, field)| Look::of(field, self.marks, self.decimal) == look)
            };
            let line = |(place, field): (u32, Cow<'_, str>)| (self.cells.line_of(place), field.into_owned());
            let first_name = || of_look(Look::Name).next().map_or(0, |(place, _)| self.cells.line_of(place));
            let declared = &self.columns[column];
            kinds.push(match (declared.role, declared.declared, profile.verdict(first_name)) {
                (ColumnRole::Dropped, _, Verdict::Kind(kind, _)) => (kind, declared.why.into()),
                (ColumnRole::Dropped, ..) => (ColumnKind::Categorical, declared.why.into()),
                (_, Some(kind), _) => (kind, Decision::DECLARED.into()),
                // Classes are names whatever they look like.
                (ColumnRole::Target, None, _) => (ColumnKind::Categorical, "it is the target".into()),
                (_, None, Verdict::Kind(kind, why)) => (kind, why),
                (_, None, Verdict::Faulty { fault, count, numbers }) => {
                    faulty.push(FaultyColumn {
                        name: declared.name.clone(),
                        numbers,
                        faults: count,
                        shown: of_look(fault).take(SHOWN).map(line).collect(),
                        percent: fault != Look::Name,
                    });
                    continue;
                }
            });
        }
        if faulty.is_empty() {
            Ok(kinds)
        } else {
            Err(DataError::FaultyNumbers { path: self.cells.file(), columns: faulty })
        }
    }

    fn encode_numbers(&mut self, column: usize, account: &mut ColumnAccount) -> Result<(), DataError> {
        let Cells { files, text, separator, width, places, .. } = &mut self.cells;
        let name = &self.columns[column].name;
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
            let wrong = |value: &str| (origin(files, text, place), name.clone(), value.to_owned());
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
                .ok_or_else(|| DataError::NoValue { path: files[0].0.clone(), column: name.clone() })?;
            missing
                .into_iter()
                .for_each(|row| places[row as usize * *width + column] = (median as f32).to_bits());
            account.filled_with = Some(median);
        }
        quantities.tell(account);
        Ok(())
    }

    fn encode_categories(&mut self, column: usize, account: &mut ColumnAccount) -> Vec<String> {
        let Cells { text, separator, width, places, .. } = &mut self.cells;
        let category = |place: u32| {
            let field = field_at(text, place as usize, *separator);
            if self.marks.is_missing(&field) { Cow::Borrowed(MISSING) } else { field }
        };
        let values: BTreeSet<Cow<'_, str>> =
            places.iter().skip(column).step_by(*width).map(|&place| category(place)).collect();
        account.distinct = Some(values.len() - usize::from(account.missing > 0));
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
                column: self.columns[column].name.clone(),
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
    fn into_numbers(self, features: usize) -> (Array2<f32>, Vec<u32>) {
        let Cells { text, width, mut places, .. } = self.cells;
        drop(text);
        let roles: Vec<ColumnRole> = self.columns.iter().map(|column| column.role).collect();
        let target = roles.iter().position(|role| *role == ColumnRole::Target).unwrap_or(0);
        let labels: Vec<u32> = places.iter().skip(target).step_by(width).copied().collect();
        let mut column = 0;
        places.retain(|_| {
            let keeps = roles[column] == ColumnRole::Feature;
            column = (column + 1) % width;
            keeps
        });
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
