//! A data set: records, labels, and what its columns and classes are called.
//!
//! Records are finite by construction: NaN and infinities are refused here, so they never reach a learner.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2, Axis};

use crate::data::TableAccount;

/// Most classes that a federation or a saved model may have. A vector has a number for each, so a number of classes that is only
/// declared must not be believed: at most 8 MiB a record are.
pub const MOST_CLASSES: usize = 1 << 20;

/// A labelled data set. Shapes: records `[n, d]` f32, labels `[n]` in `0..classes`.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::{Dataset, Feature, FeatureKind};
///
/// let height = Feature { name: "height".into(), kind: FeatureKind::Numeric };
/// let classes = vec!["short".into(), "tall".into()];
/// let people = Dataset::new("people", array![[1.5], [1.9]], vec![0, 1], vec![height], classes)?;
/// assert_eq!((people.len(), people.classes()), (2, 2));
/// # Ok::<(), turncoat_learn::DatasetError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    name: String,
    records: Array2<f32>,
    labels: Vec<u32>,
    features: Vec<Feature>,
    classes: Vec<String>,
    table: Option<Arc<TableAccount>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name in the source, or `f0`, `f1`, ... where the source names none.
    pub name: String,
    /// What its numbers mean.
    pub kind: FeatureKind,
}

/// What the numbers of a column mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// A quantity.
    Numeric,
    /// The place of the value in this list.
    Categorical {
        /// The values, in the order of their codes.
        values: Vec<String>,
    },
}

/// Labelled records to learn from, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a> {
    /// Records, shape `[n, d]`, finite.
    pub records: ArrayView2<'a, f32>,
    /// Labels, shape `[n]`, in `0..classes`.
    pub labels: &'a [u32],
    /// Number of classes of the federation, whether or not these records show them all.
    pub classes: usize,
}

/// What keeps columns and labels from being a data set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DatasetError {
    /// No rows.
    #[error("{name} holds no record")]
    Empty {
        /// The data set.
        name: String,
    },
    /// Records and labels of different number.
    #[error("{name} holds {records} records and {labels} labels")]
    Lengths {
        /// The data set.
        name: String,
        /// Rows.
        records: usize,
        /// Labels.
        labels: usize,
    },
    /// Columns and names of different number.
    #[error("{name} has {columns} columns and {named} names for them")]
    Names {
        /// The data set.
        name: String,
        /// Columns.
        columns: usize,
        /// Names.
        named: usize,
    },
    /// A value that is not a finite number. The row counts from zero.
    #[error("{name}: record {row}, feature {feature}: {value} is not a finite number")]
    NotFinite {
        /// The data set.
        name: String,
        /// The record.
        row: usize,
        /// The column's name.
        feature: String,
        /// What stood there.
        value: f32,
    },
    /// A label that names no class. The row counts from zero.
    #[error("{name}: record {row} has label {label}, but there are {classes} classes (0 to {})", classes.saturating_sub(1))]
    Label {
        /// The data set.
        name: String,
        /// The record.
        row: usize,
        /// Its label.
        label: u32,
        /// Number of classes.
        classes: usize,
    },
}

impl Dataset {
    /// Checks and keeps.
    ///
    /// # Errors
    /// The first [`DatasetError`] met: lengths, then labels, then values in row order.
    pub fn new(
        name: impl Into<String>,
        records: Array2<f32>,
        labels: Vec<u32>,
        features: Vec<Feature>,
        classes: Vec<String>,
    ) -> Result<Self, DatasetError> {
        let name = name.into();
        if records.nrows() == 0 {
            return Err(DatasetError::Empty { name });
        }
        if records.nrows() != labels.len() {
            return Err(DatasetError::Lengths { name, records: records.nrows(), labels: labels.len() });
        }
        if records.ncols() != features.len() {
            return Err(DatasetError::Names { name, columns: records.ncols(), named: features.len() });
        }
        if let Some(row) = labels.iter().position(|&label| label as usize >= classes.len()) {
            return Err(DatasetError::Label { name, row, label: labels[row], classes: classes.len() });
        }
        for (row, record) in records.rows().into_iter().enumerate() {
            if let Some(column) = record.iter().position(|value| !value.is_finite()) {
                let feature = features[column].name.clone();
                return Err(DatasetError::NotFinite { name, row, feature, value: record[column] });
            }
        }
        let records =
            if records.is_standard_layout() { records } else { records.as_standard_layout().into_owned() };
        Ok(Self { name, records, labels, features, classes, table: None })
    }

    /// The same with the account of the table in text that it was read from.
    #[must_use]
    pub fn with_table(self, table: impl Into<Option<Arc<TableAccount>>>) -> Self {
        Self { table: table.into(), ..self }
    }

    /// How the table in text was read that it comes from, if it comes from one of the scenario's own.
    #[must_use]
    pub fn table(&self) -> Option<&Arc<TableAccount>> {
        self.table.as_ref()
    }

    /// What the data set is called in messages and reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Records, shape `[n, d]`, row-major.
    #[must_use]
    pub fn records(&self) -> ArrayView2<'_, f32> {
        self.records.view()
    }

    /// Labels, shape `[n]`.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Columns.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Names of the classes, in the order of their labels.
    #[must_use]
    pub fn class_names(&self) -> &[String] {
        &self.classes
    }

    /// Number of classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never true: a data set holds at least one record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All records as something to learn from.
    #[must_use]
    pub fn samples(&self) -> Samples<'_> {
        Samples { records: self.records.view(), labels: &self.labels, classes: self.classes.len() }
    }

    /// The records of the given rows, in that order, and their labels.
    ///
    /// # Panics
    /// When a row is not in the data set: rows come from a partition of this very set.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> (Array2<f32>, Vec<u32>) {
        (self.records.select(Axis(0), rows), rows.iter().map(|&row| self.labels[row]).collect())
    }

    /// Name, records, labels, columns and class names, for a set that is to be made of them.
    pub(crate) fn into_parts(self) -> (String, Array2<f32>, Vec<u32>, Vec<Feature>, Vec<String>) {
        (self.name, self.records, self.labels, self.features, self.classes)
    }

    /// How many of the given rows each class has, in class order.
    #[must_use]
    pub fn class_counts(&self, rows: &[usize]) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for &row in rows {
            counts[self.labels[row] as usize] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn feature(name: &str) -> Feature {
        Feature { name: name.into(), kind: FeatureKind::Numeric }
    }

    fn two_classes() -> Vec<String> {
        vec!["no".into(), "yes".into()]
    }

    #[test]
    fn values_that_are_not_finite_are_refused_by_place() {
        let error =
            Dataset::new("d", array![[1.0], [f32::NAN]], vec![0, 1], vec![feature("age")], two_classes())
                .unwrap_err();
        assert!(matches!(error, DatasetError::NotFinite { row: 1, ref feature, .. } if feature == "age"));
    }

    #[test]
    fn labels_must_name_a_class() {
        let error = Dataset::new("d", array![[1.0], [2.0]], vec![0, 2], vec![feature("age")], two_classes());
        assert!(matches!(error, Err(DatasetError::Label { row: 1, label: 2, .. })));
    }

    #[test]
    fn rows_are_taken_in_the_order_asked() {
        let set = Dataset::new(
            "d",
            array![[1.0], [2.0], [3.0]],
            vec![0, 1, 1],
            vec![feature("age")],
            two_classes(),
        )
        .unwrap();
        let (records, labels) = set.take(&[2, 0]);
        assert_eq!(records, array![[3.0], [1.0]]);
        assert_eq!(labels, [1, 0]);
        assert_eq!(set.class_counts(&[0, 1, 2]), [1, 2]);
    }
}
