//! What is done to a data set before it is partitioned: duplicates, then subsample, then categories, then scale.
//!
//! Classes keep their numbers and names, also those that a subsample leaves without a record. After one-hot coding or
//! scaling a categorical column is a numeric one: its numbers are places in a list no more.

use ndarray::Array2;

use crate::MOST_RECORDS;
use crate::dataset::{Dataset, DatasetError, Feature, FeatureKind};
use crate::equal_records::EqualRecords;
use crate::seed::Seed;
use crate::unit_scale::UnitScale;

/// Values (records times columns) that one-hot coding may make: 2 GiB of f32.
const MAX_VALUES: usize = 1 << 29;

/// What is done to the records before they are partitioned.
///
/// The default leaves a data set as it is.
///
/// ```
/// use turncoat_learn::Seed;
/// use turncoat_learn::data::{DataFolders, DataSource};
/// use turncoat_learn::preprocess::{Preprocess, Scale};
///
/// let iris = DataSource::Iris.load(&DataFolders::default(), Seed::root(1))?;
/// let wanted = Preprocess { scale: Scale::MinMax, subsample: Some(30), ..Default::default() };
/// let few = wanted.apply(iris, Seed::root(1))?;
/// assert_eq!(few.len(), 30);
/// assert!(few.records().iter().all(|value| (0.0..=1.0).contains(value)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(default)]
#[schemars(rename = "preprocess")]
pub struct Preprocess {
    /// How a column of names becomes numbers.
    pub categories: Categories,
    /// How features are scaled.
    pub scale: Scale,
    /// How many records to keep, drawn at random; null for all.
    #[schemars(range(min = 1, max = MOST_RECORDS), extend("x-unit" = "records"))]
    pub subsample: Option<usize>,
    /// What becomes of records that equal an earlier one in all features and their class. They are dropped before a subsample is drawn.
    #[serde(skip_serializing_if = "Duplicates::stay")]
    #[schemars(extend("default" = Duplicates::Keep))]
    pub duplicates: Duplicates,
}

/// What becomes of records that equal an earlier one in all features and their class. They are dropped before a subsample is drawn.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// They stay. One that was held out and equals a member's record is not taken for a non-member.
    #[default]
    Keep,
    /// The first of each stays.
    Drop,
}

impl Duplicates {
    /// Whether they stay.
    fn stay(&self) -> bool {
        *self == Self::Keep
    }
}

/// How a column of names becomes numbers.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Categories {
    /// By their place among the sorted names.
    #[default]
    Ordinal,
    /// One feature of 0 or 1 for each name, called `column=name`.
    OneHot,
}

/// How features are scaled.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As they are.
    #[default]
    None,
    /// Each feature to [0, 1]: `(v - min) / (max - min)` over all records of the set; one with a single value becomes 0.
    MinMax,
}

/// What cannot be done to a data set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PreprocessError {
    /// More records asked for than there are, or none.
    #[error(
        "{name}: a subsample of {requested} records is asked for, and there are {} ({})",
        by_class.iter().map(|(_, count)| count).sum::<usize>(),
        by_class.iter().map(|(class, count)| format!("{class}: {count}")).collect::<Vec<_>>().join(", ")
    )]
    Subsample {
        /// The data set.
        name: String,
        /// How many are asked for.
        requested: usize,
        /// Classes and how many records each has.
        by_class: Vec<(String, usize)>,
    },
    /// One-hot columns that would not fit in memory.
    #[error(
        "{name}: one-hot categories make {columns} columns of {records} records, more than {limit} values; use \
         ordinal categories or a subsample"
    )]
    TooWide {
        /// The data set.
        name: String,
        /// Records.
        records: usize,
        /// Columns it would have.
        columns: usize,
        /// Values allowed.
        limit: usize,
    },
    /// A categorical value that is no place in its list.
    #[error("{name}: record {row}, feature {feature} is {value}, and its {values} values go from 0")]
    Code {
        /// The data set.
        name: String,
        /// The record, from zero.
        row: usize,
        /// The column.
        feature: String,
        /// What stood there.
        value: f32,
        /// How many values the column has.
        values: usize,
    },
    /// What came out is not a data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

impl Preprocess {
    /// Does it. The subsample is drawn without replacement from the stream `subsample` of this seed and keeps the order
    /// of the records; asking for all records changes nothing.
    ///
    /// # Errors
    /// [`PreprocessError::Subsample`] for none or more than all records, [`PreprocessError::TooWide`].
    pub fn apply(&self, dataset: Dataset, seed: Seed) -> Result<Dataset, PreprocessError> {
        let table = dataset.table().cloned();
        let dataset = match self.duplicates {
            Duplicates::Keep => dataset,
            Duplicates::Drop => distinct(dataset)?,
        };
        let dataset = match self.subsample {
            Some(requested) => subsample(dataset, requested, seed)?,
            None => dataset,
        };
        let dataset = match self.categories {
            Categories::Ordinal => dataset,
            Categories::OneHot => one_hot(dataset)?,
        };
        let dataset = match self.scale {
            Scale::None => dataset,
            Scale::MinMax => min_max(dataset)?,
        };
        Ok(dataset.with_table(table))
    }
}

fn subsample(dataset: Dataset, requested: usize, seed: Seed) -> Result<Dataset, PreprocessError> {
    let records = dataset.len();
    if requested == 0 || requested > records {
        let counts = dataset.class_counts(&(0..records).collect::<Vec<_>>());
        let by_class = dataset.class_names().iter().cloned().zip(counts).collect();
        return Err(PreprocessError::Subsample { name: dataset.name().into(), requested, by_class });
    }
    if requested == records {
        return Ok(dataset);
    }
    let mut rows = rand::seq::index::sample(&mut seed.stream("subsample"), records, requested).into_vec();
    rows.sort_unstable();
    only(dataset, &rows)
}

fn distinct(dataset: Dataset) -> Result<Dataset, PreprocessError> {
    let rows = EqualRecords::of_data(&dataset).distinct();
    if rows.len() == dataset.len() { Ok(dataset) } else { only(dataset, &rows) }
}

fn only(dataset: Dataset, rows: &[usize]) -> Result<Dataset, PreprocessError> {
    let (records, labels) = dataset.take(rows);
    let (name, _, _, features, classes) = dataset.into_parts();
    Ok(Dataset::new(name, records, labels, features, classes)?)
}

fn one_hot(dataset: Dataset) -> Result<Dataset, PreprocessError> {
    let numeric = |feature: &Feature| feature.kind == FeatureKind::Numeric;
    if dataset.features().iter().all(numeric) {
        return Ok(dataset);
    }
    let (name, records, labels, features, classes) = dataset.into_parts();
    // Where the columns of each feature begin.
    let mut starts = Vec::with_capacity(features.len());
    let mut columns = Vec::new();
    for feature in &features {
        starts.push(columns.len());
        match &feature.kind {
            FeatureKind::Numeric => columns.push(feature.clone()),
            FeatureKind::Categorical { values } => columns.extend(values.iter().map(|value| Feature {
                name: format!("{}={value}", feature.name),
                kind: FeatureKind::Numeric,
            })),
        }
    }
    if records.nrows().checked_mul(columns.len()).is_none_or(|values| values > MAX_VALUES) {
        let (records, columns) = (records.nrows(), columns.len());
        return Err(PreprocessError::TooWide { name, records, columns, limit: MAX_VALUES });
    }
    let mut wide = Array2::zeros((records.nrows(), columns.len()));
    for (row, (record, mut out)) in records.rows().into_iter().zip(wide.rows_mut()).enumerate() {
        for ((&value, feature), &start) in record.iter().zip(&features).zip(&starts) {
            match &feature.kind {
                FeatureKind::Numeric => out[start] = value,
                FeatureKind::Categorical { values } => {
                    let code = value as usize;
                    if code as f32 != value || code >= values.len() {
                        let (feature, values) = (feature.name.clone(), values.len());
                        return Err(PreprocessError::Code { name, row, feature, value, values });
                    }
                    out[start + code] = 1.0;
                }
            }
        }
    }
    Ok(Dataset::new(name, wide, labels, columns, classes)?)
}

fn min_max(dataset: Dataset) -> Result<Dataset, PreprocessError> {
    let (name, mut records, labels, mut features, classes) = dataset.into_parts();
    let scale = UnitScale::of(records.view());
    for mut record in records.rows_mut() {
        let scaled: Vec<f64> = scale.scaled(record.view()).collect();
        record.iter_mut().zip(scaled).for_each(|(value, scaled)| *value = scaled as f32);
    }
    features.iter_mut().for_each(|feature| feature.kind = FeatureKind::Numeric);
    Ok(Dataset::new(name, records, labels, features, classes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn set() -> Dataset {
        let features = vec![
            Feature { name: "age".into(), kind: FeatureKind::Numeric },
            Feature {
                name: "job".into(),
                kind: FeatureKind::Categorical { values: vec!["?".into(), "baker".into(), "clerk".into()] },
            },
            Feature { name: "one".into(), kind: FeatureKind::Numeric },
        ];
        let records = array![[20.0, 2.0, 7.0], [30.0, 1.0, 7.0], [60.0, 2.0, 7.0]];
        Dataset::new("people", records, vec![0, 1, 1], features, vec!["no".into(), "yes".into()]).unwrap()
    }

    fn numbered(records: usize) -> Dataset {
        let column = Array2::from_shape_fn((records, 1), |(row, _)| row as f32);
        let labels = (0..records).map(|row| (row % 2) as u32).collect();
        let features = vec![Feature { name: "f0".into(), kind: FeatureKind::Numeric }];
        Dataset::new("n", column, labels, features, vec!["a".into(), "b".into()]).unwrap()
    }

    #[test]
    fn the_default_changes_nothing() {
        assert_eq!(Preprocess::default().apply(set(), Seed::root(0)).unwrap(), set());
    }

    #[test]
    fn min_max_reaches_zero_and_one_and_flattens_a_single_value() {
        let scaled = Preprocess { scale: Scale::MinMax, ..Default::default() };
        let scaled = scaled.apply(set(), Seed::root(0)).unwrap();
        assert_eq!(scaled.records(), array![[0.0, 1.0, 0.0], [0.25, 0.0, 0.0], [1.0, 1.0, 0.0]]);
        assert!(scaled.features().iter().all(|feature| feature.kind == FeatureKind::Numeric));
    }

    #[test]
    fn min_max_survives_the_widest_range() {
        let wide = array![[f32::MIN], [0.0], [f32::MAX]];
        let features = vec![Feature { name: "f0".into(), kind: FeatureKind::Numeric }];
        let set = Dataset::new("w", wide, vec![0, 0, 0], features, vec!["a".into()]).unwrap();
        assert_eq!(min_max(set).unwrap().records(), array![[0.0], [0.5], [1.0]]);
    }

    #[test]
    fn one_hot_makes_a_column_for_each_value_seen_or_not() {
        let coded = Preprocess { categories: Categories::OneHot, ..Default::default() };
        let coded = coded.apply(set(), Seed::root(0)).unwrap();
        let names: Vec<&str> = coded.features().iter().map(|feature| feature.name.as_str()).collect();
        assert_eq!(names, ["age", "job=?", "job=baker", "job=clerk", "one"]);
        assert_eq!(
            coded.records(),
            array![[20.0, 0.0, 0.0, 1.0, 7.0], [30.0, 0.0, 1.0, 0.0, 7.0], [60.0, 0.0, 0.0, 1.0, 7.0]]
        );
        assert_eq!((coded.labels(), coded.class_names()), (set().labels(), set().class_names()));
    }

    #[test]
    fn a_code_without_a_value_is_an_error() {
        let features = vec![Feature {
            name: "job".into(),
            kind: FeatureKind::Categorical { values: vec!["a".into(), "b".into()] },
        }];
        for value in [2.0, -1.0, 0.5] {
            let records = array![[0.0], [value]];
            let set = Dataset::new("d", records, vec![0, 0], features.clone(), vec!["a".into()]).unwrap();
            assert!(matches!(one_hot(set), Err(PreprocessError::Code { row: 1, values: 2, .. })));
        }
    }

    #[test]
    fn one_hot_columns_that_do_not_fit_are_refused() {
        // As many values as records, as a column of names has.
        let count = 1 << 15;
        let values = (0..count).map(|value| value.to_string()).collect();
        let features = vec![Feature { name: "id".into(), kind: FeatureKind::Categorical { values } }];
        let set = Dataset::new("d", Array2::zeros((count, 1)), vec![0; count], features, vec!["a".into()]);
        assert!(matches!(one_hot(set.unwrap()), Err(PreprocessError::TooWide { columns: 32_768, .. })));
    }

    #[test]
    fn a_subsample_is_seeded_without_repeats_and_in_order() {
        let sampled = |seed| {
            let preprocess = Preprocess { subsample: Some(100), ..Default::default() };
            preprocess.apply(numbered(1_000), Seed::root(seed)).unwrap()
        };
        let first = sampled(1);
        assert_eq!(first, sampled(1));
        assert_ne!(first, sampled(2));
        let rows: Vec<f32> = first.records().column(0).to_vec();
        assert!(rows.len() == 100 && rows.windows(2).all(|pair| pair[0] < pair[1]));
        let labels_follow = rows.iter().zip(first.labels()).all(|(&row, &label)| row as u32 % 2 == label);
        assert!(labels_follow);
    }

    #[test]
    fn all_records_are_a_subsample_and_more_are_an_error_with_the_counts() {
        let sampled = |requested| {
            Preprocess { subsample: Some(requested), ..Default::default() }.apply(numbered(5), Seed::root(0))
        };
        assert_eq!(sampled(5).unwrap(), numbered(5));
        assert_eq!(
            sampled(6).unwrap_err().to_string(),
            "n: a subsample of 6 records is asked for, and there are 5 (a: 3, b: 2)"
        );
        assert!(sampled(0).is_err());
    }

    #[test]
    fn of_equal_records_of_one_class_the_first_stays() {
        let records = array![[1.0], [2.0], [1.0], [1.0], [2.0]];
        let features = vec![Feature { name: "f0".into(), kind: FeatureKind::Numeric }];
        let classes = vec!["a".into(), "b".into()];
        let set = Dataset::new("d", records, vec![0, 0, 0, 1, 0], features, classes).unwrap();
        let drop = Preprocess { duplicates: Duplicates::Drop, ..Default::default() };
        let dropped = drop.apply(set.clone(), Seed::root(0)).unwrap();
        assert_eq!(
            (dropped.records(), dropped.labels()),
            (array![[1.0], [2.0], [1.0]].view(), &[0, 0, 1][..])
        );
        // Before the subsample, so that it is one of what stays.
        let few = Preprocess { subsample: Some(3), ..drop };
        assert_eq!(few.apply(set.clone(), Seed::root(0)).unwrap(), dropped);
        assert!(Preprocess { subsample: Some(4), ..drop }.apply(set, Seed::root(0)).is_err());
    }

    #[test]
    fn the_steps_come_in_their_order() {
        let all = Preprocess {
            categories: Categories::OneHot,
            scale: Scale::MinMax,
            subsample: Some(2),
            ..Default::default()
        };
        let done = all.apply(set(), Seed::root(3)).unwrap();
        assert_eq!(done.records().dim(), (2, 5));
        // Two different ages remain, and they are the new ends of the range.
        assert_eq!(done.records().column(0).to_vec(), [0.0, 1.0]);
    }
}
