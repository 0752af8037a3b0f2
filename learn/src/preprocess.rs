//! What is done to a data set before it is dealt: subsample, then categories, then scale.

use crate::dataset::DatasetError;

/// What to do. The default leaves a data set as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preprocess {
    /// How categorical columns reach the learner.
    pub categories: Categories,
    /// What is done to the range of every column.
    pub scale: Scale,
    /// How many records to keep; `None` for all.
    pub subsample: Option<usize>,
}

/// How categorical columns reach the learner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Categories {
    /// One column: the value's place in the list of values.
    #[default]
    Ordinal,
    /// One column of 0 and 1 for each value, called `column=value`.
    OneHot,
}

/// What is done to the range of every column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Nothing.
    #[default]
    None,
    /// `(v - min) / (max - min)` over all records of the set, in [0, 1]; a column with one value becomes 0.
    MinMax,
}

/// What cannot be done to a data set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PreprocessError {
    /// More records asked for than there are, or none.
    #[error(
        "{name}: a subsample of {asked} records is asked for, and there are {} ({})",
        by_class.iter().map(|(_, count)| count).sum::<usize>(),
        by_class.iter().map(|(class, count)| format!("{class}: {count}")).collect::<Vec<_>>().join(", ")
    )]
    Subsample {
        /// The data set.
        name: String,
        /// How many are asked for.
        asked: usize,
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
    /// What came out is not a data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
