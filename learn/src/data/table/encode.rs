//! Cells into numbers: kinds of columns, categories, missing values, classes.
//!
//! Missing values are `?`, the empty field and `NA`. In a categorical column they are one value of their own, `?`; in a
//! numeric column they become the median of the values that are there; a class cannot be missing. Categories are coded by
//! their place among the sorted values. Classes are sorted as numbers when all are whole numbers, as text otherwise.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ndarray::{Array2, ArrayViewMut1};

use crate::data::{ColumnKind, DataError};
use crate::dataset::{Dataset, Feature, FeatureKind};

/// What all spellings of a missing value are called as a category.
const MISSING: &str = "?";
/// Classes a text table may have; a target with more is a quantity or a name.
const MAX_CLASSES: usize = 1_000;

/// A table of text: every row has as many cells as there are columns.
pub(super) struct Table<'a> {
    /// The files, in the order of their rows.
    pub(super) files: Vec<&'a Path>,
    /// For each row, its file and line.
    pub(super) origins: Vec<(usize, usize)>,
    /// Row-major.
    pub(super) cells: Vec<Cow<'a, str>>,
    /// Names and declared kinds.
    pub(super) columns: Vec<(String, Option<ColumnKind>)>,
    /// Which column holds the class.
    pub(super) target: usize,
}

/// Whether this field says that there is no value.
pub(super) fn is_missing(field: &str) -> bool {
    matches!(field, "?" | "" | "NA")
}

/// Whether this field is a number, finite or not.
pub(super) fn is_number(field: &str) -> bool {
    field.parse::<f64>().is_ok()
}

impl Table<'_> {
    /// The data set of this table.
    pub(super) fn encode(&self, name: &str) -> Result<Dataset, DataError> {
        let width = self.columns.len();
        if width < 2 {
            return Err(DataError::NoFeature { path: self.file(), columns: width });
        }
        if self.origins.is_empty() {
            return Err(DataError::Empty { path: self.file() });
        }
        let (labels, classes) = self.encode_target()?;
        let mut records = Array2::zeros((self.origins.len(), width - 1));
        let mut features = Vec::with_capacity(width - 1);
        for column in (0..width).filter(|&column| column != self.target) {
            let (name, declared) = &self.columns[column];
            let kind = declared.unwrap_or_else(|| self.infer_kind(column));
            let values = records.column_mut(features.len());
            let kind = match kind {
                ColumnKind::Numeric => self.encode_numbers(column, values)?,
                ColumnKind::Categorical => self.encode_categories(column, values),
            };
            features.push(Feature { name: name.clone(), kind });
        }
        Ok(Dataset::new(name, records, labels, features, classes)?)
    }

    fn file(&self) -> PathBuf {
        self.files.first().copied().unwrap_or(Path::new("")).to_owned()
    }

    fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        self.cells.iter().skip(column).step_by(self.columns.len()).map(AsRef::as_ref)
    }

    fn place(&self, row: usize) -> (PathBuf, usize) {
        let (file, line) = self.origins[row];
        (self.files[file].to_owned(), line)
    }

    /// Numeric when a value is there and all that are there are numbers. Infinities count as numbers here, so that they
    /// end as an error and not as a category.
    fn infer_kind(&self, column: usize) -> ColumnKind {
        let mut present = self.column(column).filter(|value| !is_missing(value)).peekable();
        if present.peek().is_some() && present.all(is_number) {
            ColumnKind::Numeric
        } else {
            ColumnKind::Categorical
        }
    }

    fn encode_numbers(
        &self,
        column: usize,
        mut values: ArrayViewMut1<'_, f32>,
    ) -> Result<FeatureKind, DataError> {
        let name = &self.columns[column].0;
        let mut present = Vec::with_capacity(values.len());
        let mut missing = Vec::new();
        for (row, (value, field)) in values.iter_mut().zip(self.column(column)).enumerate() {
            if is_missing(field) {
                missing.push(row);
                continue;
            }
            let Ok(number) = field.parse::<f64>() else {
                let (path, line) = self.place(row);
                return Err(DataError::NotNumeric { path, line, column: name.clone(), value: field.into() });
            };
            *value = number as f32;
            if !value.is_finite() {
                let (path, line) = self.place(row);
                return Err(DataError::NotFinite { path, line, column: name.clone(), value: field.into() });
            }
            present.push(number);
        }
        if !missing.is_empty() {
            let median = median(&mut present)
                .ok_or_else(|| DataError::NoValue { path: self.file(), column: name.clone() })?;
            missing.into_iter().for_each(|row| values[row] = median as f32);
        }
        Ok(FeatureKind::Numeric)
    }

    fn encode_categories(&self, column: usize, mut values: ArrayViewMut1<'_, f32>) -> FeatureKind {
        let category = |field| if is_missing(field) { MISSING } else { field };
        let names: BTreeSet<&str> = self.column(column).map(category).collect();
        let codes: BTreeMap<&str, f32> =
            names.iter().enumerate().map(|(code, &name)| (name, code as f32)).collect();
        for (value, field) in values.iter_mut().zip(self.column(column)) {
            *value = codes[category(field)];
        }
        FeatureKind::Categorical { values: names.into_iter().map(str::to_owned).collect() }
    }

    /// Labels and the names of the classes.
    fn encode_target(&self) -> Result<(Vec<u32>, Vec<String>), DataError> {
        let (_, declared) = &self.columns[self.target];
        if let Some(row) = self.column(self.target).position(is_missing) {
            return Err(
                self.refuse_class(row, "a class cannot be missing: remove the row, or name the class")
            );
        }
        if *declared != Some(ColumnKind::Categorical) && self.column(self.target).all(is_number) {
            let mut numbers = Vec::with_capacity(self.origins.len());
            for (row, field) in self.column(self.target).enumerate() {
                let whole = field.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && n.abs() < 9e15);
                numbers.push(whole.ok_or_else(|| {
                    self.refuse_class(
                        row,
                        "a class is a whole number or a name; choose another target, or declare it categorical",
                    )
                })? as i64);
            }
            return self.number_classes(numbers);
        }
        self.number_classes(self.column(self.target).collect())
    }

    fn number_classes<T: Ord + ToString + Copy>(
        &self,
        values: Vec<T>,
    ) -> Result<(Vec<u32>, Vec<String>), DataError> {
        let names: BTreeSet<T> = values.iter().copied().collect();
        if names.len() > MAX_CLASSES {
            return Err(DataError::TooManyClasses {
                path: self.file(),
                column: self.columns[self.target].0.clone(),
                found: names.len(),
                limit: MAX_CLASSES,
            });
        }
        let codes: BTreeMap<T, u32> = names.iter().copied().zip(0..).collect();
        let labels = values.iter().map(|value| codes[value]).collect();
        Ok((labels, names.iter().map(T::to_string).collect()))
    }

    fn refuse_class(&self, row: usize, rule: &str) -> DataError {
        let (path, line) = self.place(row);
        let value = self.cells[row * self.columns.len() + self.target].to_string();
        DataError::Class { path, line, value, rule: rule.into() }
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
