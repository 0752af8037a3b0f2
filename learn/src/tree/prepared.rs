//! Columns made ready once for many fits: each value becomes its rank among the distinct values of its feature.
//!
//! A split only asks which values lie below which, so ranks say all that a tree needs, in one, two or four bytes a
//! value. The codes depend on nothing but the records; every fit on any of the rows reads the same ones.

use ndarray::ArrayView2;

use crate::learner::LearnerError;

/// Records as rank codes, feature by feature: made once, shared by every fit on rows of these records.
#[derive(Clone, Debug)]
pub struct Prepared {
    records: usize,
    columns: Vec<Column>,
}

/// One feature.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Distinct values, ascending; a code is a place in this list.
    pub(crate) values: Vec<f32>,
    /// The code of each record.
    pub(crate) codes: Codes,
    /// The code that most records have (the lowest of those), and how many have it.
    pub(crate) common: u32,
    pub(crate) common_records: usize,
}

/// Rank codes in the narrowest type that holds them.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    /// At most 256 distinct values.
    Bytes(Vec<u8>),
    /// At most 65,536.
    Shorts(Vec<u16>),
    /// More.
    Words(Vec<u32>),
}

/// Columns copied out of row-major records at a time: a cache line of f32.
const BLOCK: usize = 16;

/// Whole numbers up to here are ranked by a table instead of a sort.
const TABLE: usize = 1 << 16;

impl Prepared {
    /// Ranks every feature of records `[n, d]`.
    ///
    /// # Errors
    /// [`LearnerError::NotFinite`] for the first value, in row order, that is NaN or infinite;
    /// [`LearnerError::TooMany`] beyond 2^32 - 1 records or features.
    pub fn new(records: ArrayView2<'_, f32>) -> Result<Self, LearnerError> {
        let (n, d) = records.dim();
        for (what, got) in [("records", n), ("features", d)] {
            if u32::try_from(got).is_err() {
                return Err(LearnerError::TooMany { what, got });
            }
        }
        check_finite(records)?;
        let mut columns = Vec::with_capacity(d);
        let mut block = vec![0f32; n * BLOCK.min(d)];
        let mut coder = Coder::default();
        for first in (0..d).step_by(BLOCK) {
            let width = BLOCK.min(d - first);
            for (row, record) in records.rows().into_iter().enumerate() {
                for offset in 0..width {
                    // Adding zero turns -0 into 0: the two are one value.
                    block[offset * n + row] = record[first + offset] + 0.0;
                }
            }
            columns.extend((0..width).map(|offset| coder.encode(&block[offset * n..(offset + 1) * n])));
        }
        Ok(Self { records: n, columns })
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Number of features.
    #[must_use]
    pub fn features(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn column(&self, feature: u32) -> &Column {
        &self.columns[feature as usize]
    }
}

/// The first value that is not finite, in row order, as an error.
pub(crate) fn check_finite(records: ArrayView2<'_, f32>) -> Result<(), LearnerError> {
    for (row, record) in records.rows().into_iter().enumerate() {
        // Without an early exit the loop over a contiguous row runs many values at a time.
        if record.iter().fold(false, |bad, value| bad | !value.is_finite())
            && let Some(feature) = record.iter().position(|value| !value.is_finite())
        {
            return Err(LearnerError::NotFinite { row, feature, value: record[feature] });
        }
    }
    Ok(())
}

impl Column {
    /// The code of a record.
    #[inline]
    pub(crate) fn code(&self, row: u32) -> u32 {
        match &self.codes {
            Codes::Bytes(codes) => u32::from(codes[row as usize]),
            Codes::Shorts(codes) => u32::from(codes[row as usize]),
            Codes::Words(codes) => codes[row as usize],
        }
    }

    /// The threshold between two codes: the midpoint of their values, or the lower value where the midpoint rounds to
    /// the upper one. Records with the lower code satisfy `value <= threshold`, those with the upper do not.
    pub(crate) fn threshold(&self, lower: u32, upper: u32) -> f32 {
        let (lower, upper) = (self.values[lower as usize], self.values[upper as usize]);
        let middle = ((f64::from(lower) + f64::from(upper)) / 2.0) as f32;
        if middle < upper { middle } else { lower }
    }
}

/// Scratch space for ranking one column after the other.
#[derive(Default)]
struct Coder {
    keys: Vec<u64>,
    table: Vec<u32>,
}

impl Coder {
    fn encode(&mut self, values: &[f32]) -> Column {
        let largest = values.iter().fold(0f32, |largest, &value| largest.max(value));
        let whole = values.iter().fold(true, |whole, &value| {
            // A cast saturates, so a value beyond the table does not come back as itself.
            whole & (f32::from(value as u16) == value)
        });
        if whole { self.by_table(values, largest as usize) } else { self.by_sort(values) }
    }

    /// Ranks whole numbers in `0..=largest`.
    fn by_table(&mut self, values: &[f32], largest: usize) -> Column {
        debug_assert!(largest < TABLE);
        self.table.clear();
        self.table.resize(largest + 1, 0);
        for &value in values {
            self.table[value as usize] += 1;
        }
        let (mut common, mut common_records) = (0, 0);
        let mut distinct = Vec::new();
        for (value, entry) in self.table.iter_mut().enumerate() {
            let count = *entry as usize;
            if count > 0 {
                *entry = distinct.len() as u32;
                if count > common_records {
                    (common, common_records) = (*entry, count);
                }
                distinct.push(value as f32);
            }
        }
        let table = &self.table;
        let codes = Codes::collect(distinct.len(), values.iter().map(|&value| table[value as usize]));
        Column { values: distinct, codes, common, common_records }
    }

    /// Ranks any finite values.
    fn by_sort(&mut self, values: &[f32]) -> Column {
        self.keys.clear();
        self.keys.extend(values.iter().enumerate().map(|(row, value)| {
            let bits = value.to_bits();
            let ordered = if bits >> 31 == 1 { !bits } else { bits ^ 0x8000_0000 };
            u64::from(ordered) << 32 | row as u64
        }));
        self.keys.sort_unstable();
        self.table.clear();
        self.table.resize(values.len(), 0);
        let (mut common, mut common_records) = (0, 0);
        let mut distinct: Vec<f32> = Vec::new();
        let mut run = 0;
        for &key in &self.keys {
            let row = (key & 0xffff_ffff) as usize;
            if distinct.last() != Some(&values[row]) {
                distinct.push(values[row]);
                run = 0;
            }
            run += 1;
            let code = distinct.len() as u32 - 1;
            if run > common_records {
                (common, common_records) = (code, run);
            }
            self.table[row] = code;
        }
        let codes = Codes::collect(distinct.len(), self.table.iter().copied());
        Column { values: distinct, codes, common, common_records }
    }
}

impl Codes {
    fn collect(distinct: usize, codes: impl Iterator<Item = u32>) -> Self {
        match distinct {
            0..=256 => Self::Bytes(codes.map(|code| code as u8).collect()),
            257..=65_536 => Self::Shorts(codes.map(|code| code as u16).collect()),
            _ => Self::Words(codes.collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn codes(column: &Column, rows: u32) -> Vec<u32> {
        (0..rows).map(|row| column.code(row)).collect()
    }

    #[test]
    fn ranks_follow_the_values() {
        let prepared =
            Prepared::new(array![[5.0, -1.5], [0.0, 2.25], [5.0, -0.0], [7.0, 0.0]].view()).unwrap();
        assert_eq!(prepared.column(0).values, [0.0, 5.0, 7.0]);
        assert_eq!(codes(prepared.column(0), 4), [1, 0, 1, 2]);
        assert_eq!((prepared.column(0).common, prepared.column(0).common_records), (1, 2));
        // The two zeros are one value.
        assert_eq!(prepared.column(1).values, [-1.5, 0.0, 2.25]);
        assert_eq!(codes(prepared.column(1), 4), [0, 2, 1, 1]);
    }

    #[test]
    fn many_distinct_values_take_wider_codes() {
        for (n, step) in [(300usize, 0.5f32), (70_000, 0.5), (300, 1.0), (40_000, 1.0)] {
            let records = Array2::from_shape_fn((n, 1), |(row, _)| (n - 1 - row) as f32 * step);
            let prepared = Prepared::new(records.view()).unwrap();
            let expected: Vec<u32> = (0..n as u32).rev().collect();
            assert_eq!(codes(prepared.column(0), n as u32), expected);
        }
    }

    #[test]
    fn thresholds_lie_between_their_values() {
        let next = f32::from_bits(1.0f32.to_bits() + 1);
        let after = f32::from_bits(1.0f32.to_bits() + 2);
        let prepared =
            Prepared::new(array![[1.0], [next], [after], [f32::MAX], [f32::MIN], [2.0]].view()).unwrap();
        let column = prepared.column(0);
        for lower in 0..5 {
            let threshold = column.threshold(lower, lower + 1);
            assert!(column.values[lower as usize] <= threshold, "{threshold}");
            assert!(threshold < column.values[lower as usize + 1], "{threshold}");
        }
        assert_eq!(column.threshold(0, 5), 0.0);
    }

    #[test]
    fn values_that_are_not_finite_are_named() {
        let error = Prepared::new(array![[1.0, 2.0], [3.0, f32::NEG_INFINITY]].view()).unwrap_err();
        assert!(matches!(error, LearnerError::NotFinite { row: 1, feature: 1, .. }));
    }

    #[test]
    fn no_records_and_no_features_are_fine() {
        assert_eq!(Prepared::new(Array2::zeros((0, 3)).view()).unwrap().features(), 3);
        assert_eq!(Prepared::new(Array2::zeros((3, 0)).view()).unwrap().len(), 3);
    }
}
