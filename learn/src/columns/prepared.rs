//! Columns made ready once for many fits: each value becomes its rank among the distinct values of its feature.
//!
//! A split only asks which values lie below which, so ranks say all that a tree needs, in one, two or four bytes a
//! value. The codes depend on nothing but the records; every fit on any of the rows reads the same ones. Features of two
//! values stand side by side, record by record, so that a search can count many of them at once.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::rank::{Coder, Codes, Column};
use crate::error::LearnerError;

/// Records as rank codes, feature by feature: made once, shared by every fit on rows of these records.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::Prepared;
///
/// let ranked = Prepared::new(array![[0.5, 7.0], [0.1, 7.0]].view())?;
/// assert!(Prepared::new(array![[f32::NAN]].view()).is_err());
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    records: usize,
    columns: Vec<Column>,
    /// Features of two values, ascending.
    pub(crate) pairs: Vec<u32>,
    /// Their codes, 0 or 1, shape `[records, pairs]`.
    pub(crate) pair_codes: Vec<u8>,
    /// All other features, ascending.
    pub(crate) ranked: Vec<u32>,
}

/// Whole numbers below this are ranked by a table instead of a sort.
const TABLE: usize = 1 << 16;

/// Fewer features of two values than this are treated like any others: it takes many to be worth a count of their own.
const FEW_PAIRS: usize = 12;

/// Values below which no thread but the caller's ranks any: a millisecond of work.
const LARGE: usize = 1 << 19;

/// Columns copied out of row-major records at a time: a cache line of f32.
const BLOCK: usize = 16;

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
        if n == 0 || d == 0 {
            let ranked = (0..d as u32).collect();
            let columns = vec![Column::default(); d];
            return Ok(Self { records: n, columns, pairs: vec![], pair_codes: vec![], ranked });
        }
        let contiguous = records.as_standard_layout();
        let values = contiguous.as_slice().expect("the standard layout is contiguous");
        let bounds = Bounds::of(values, d)?;
        let (mut pairs, mut ranked): (Vec<u32>, Vec<u32>) =
            (0..d as u32).partition(|&feature| bounds.two_values[feature as usize] == u8::from(true));
        if pairs.len() < FEW_PAIRS {
            (pairs, ranked) = (Vec::new(), (0..d as u32).collect());
        }
        let mut columns = vec![Column::default(); d];
        for (place, &feature) in pairs.iter().enumerate() {
            let (lowest, highest) = (bounds.lowest[feature as usize], bounds.highest[feature as usize]);
            columns[feature as usize] = Column::of_pair(lowest, highest, place as u32);
        }
        let pair_codes = pair_codes(values, d, &pairs, &bounds.lowest);
        rank_columns(values, d, &ranked, &bounds, &mut columns);
        Ok(Self { records: n, columns, pairs, pair_codes, ranked })
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

    /// The code of a record.
    pub(crate) fn code(&self, feature: u32, row: u32) -> u32 {
        let row = row as usize;
        match &self.column(feature).codes {
            Codes::Pair(place) => u32::from(self.pair_codes[row * self.pairs.len() + *place as usize]),
            Codes::Bytes(codes) => u32::from(codes[row]),
            Codes::Shorts(codes) => u32::from(codes[row]),
            Codes::Words(codes) => codes[row],
        }
    }
}

/// Refuses the first value that is not finite, in row order. `values` are whole records of that width, the first of
/// which is record `first`.
pub(crate) fn check_rows(first: usize, values: &[f32], width: usize) -> Result<(), LearnerError> {
    if all_finite(values) {
        return Ok(());
    }
    let place = values.iter().position(|value| !value.is_finite()).expect("one of them is not finite");
    Err(LearnerError::NotFinite { row: first + place / width, feature: place % width, value: values[place] })
}

/// Without an early exit and in two instructions a value, so that the loop runs many values at a time.
#[expect(clippy::eq_op, reason = "what is not finite, less itself, is NaN; all else is zero")]
fn all_finite(values: &[f32]) -> bool {
    values.iter().fold(0, |bits, value| bits | (value - value).to_bits()) == 0
}

/// Ranges of records that are looked at side by side.
const RANGES: usize = 16;

/// What one look at the whole of the records tells of each feature. Flags are bytes, so that loops over them run many at a
/// time.
#[derive(Clone)]
struct Bounds {
    lowest: Vec<f32>,
    highest: Vec<f32>,
    /// Whether there is no value but the lowest and the highest, and these differ.
    two_values: Vec<u8>,
    /// Whether all values are whole numbers that fit an i32.
    whole: Vec<u8>,
}

impl Bounds {
    fn of(values: &[f32], width: usize) -> Result<Self, LearnerError> {
        if values.len() < LARGE {
            return Self::of_range(0, values, width)
                .map(|range| Self { two_values: range.two_values(values), ..range });
        }
        // Ranges of records do not depend on the number of threads, nor does what they tell together.
        let rows = values.len() / width;
        let range = rows.div_ceil(RANGES) * width;
        let ranges: Vec<Result<Self, LearnerError>> = values
            .par_chunks(range)
            .enumerate()
            .map(|(place, values)| Self::of_range(place * (range / width), values, width))
            .collect();
        let mut all: Option<Self> = None;
        for range in ranges {
            let range = range?;
            all = Some(all.map_or(range.clone(), |all| all.with(&range)));
        }
        let all = all.expect("there is a record");
        let two_values = values
            .par_chunks(range)
            .map(|values| all.two_values(values))
            .reduce(|| vec![1; width], |a, b| a.iter().zip(b).map(|(a, b)| a & b).collect());
        Ok(Self { two_values, ..all })
    }

    /// All but `two_values`, of a range of records that begins with record `first`.
    fn of_range(first: usize, values: &[f32], width: usize) -> Result<Self, LearnerError> {
        let mut lowest = values[..width].to_vec();
        let mut highest = lowest.clone();
        let mut whole = vec![1; width];
        for (row, record) in values.chunks_exact(width).enumerate() {
            check_rows(first + row, record, width)?;
            for ((low, high), &value) in lowest.iter_mut().zip(&mut highest).zip(record) {
                *low = if value < *low { value } else { *low };
                *high = if value > *high { value } else { *high };
            }
            for (whole, &value) in whole.iter_mut().zip(record) {
                *whole &= u8::from(value as i32 as f32 == value);
            }
        }
        Ok(Self { lowest, highest, two_values: Vec::new(), whole })
    }

    /// What this range and the other tell together.
    fn with(mut self, other: &Self) -> Self {
        for (low, &value) in self.lowest.iter_mut().zip(&other.lowest) {
            *low = if value < *low { value } else { *low };
        }
        for (high, &value) in self.highest.iter_mut().zip(&other.highest) {
            *high = if value > *high { value } else { *high };
        }
        self.whole.iter_mut().zip(&other.whole).for_each(|(whole, other)| *whole &= other);
        self
    }

    /// Whether each feature has no value here but the lowest and the highest, which differ.
    fn two_values(&self, values: &[f32]) -> Vec<u8> {
        let (lowest, highest) = (&self.lowest, &self.highest);
        let mut two_values: Vec<u8> =
            lowest.iter().zip(highest).map(|(low, high)| u8::from(low < high)).collect();
        for record in values.chunks_exact(lowest.len()) {
            for (((two, low), high), value) in two_values.iter_mut().zip(lowest).zip(highest).zip(record) {
                *two &= u8::from(value == low) | u8::from(value == high);
            }
        }
        two_values
    }

    /// The largest value of a feature, when a table over all whole numbers up to it can rank the feature.
    fn table(&self, feature: u32) -> Option<usize> {
        let feature = feature as usize;
        let fits =
            self.whole[feature] == 1 && self.lowest[feature] >= 0.0 && self.highest[feature] < TABLE as f32;
        fits.then_some(self.highest[feature] as usize)
    }
}

fn pair_codes(values: &[f32], width: usize, pairs: &[u32], lowest: &[f32]) -> Vec<u8> {
    let mut codes = vec![0; values.len() / width * pairs.len()];
    if pairs.is_empty() {
        return codes;
    }
    let fill = |values: &[f32], codes: &mut [u8]| {
        for (record, codes) in values.chunks_exact(width).zip(codes.chunks_exact_mut(pairs.len())) {
            if pairs.len() == width {
                for ((code, value), low) in codes.iter_mut().zip(record).zip(lowest) {
                    *code = u8::from(value > low);
                }
            } else {
                for (code, &feature) in codes.iter_mut().zip(pairs) {
                    *code = u8::from(record[feature as usize] > lowest[feature as usize]);
                }
            }
        }
    };
    if values.len() < LARGE {
        fill(values, &mut codes);
    } else {
        let rows = (values.len() / width).div_ceil(RANGES);
        let ranges = values.par_chunks(rows * width).zip(codes.par_chunks_mut(rows * pairs.len()));
        ranges.for_each(|(values, codes)| fill(values, codes));
    }
    codes
}

fn rank_columns(values: &[f32], width: usize, ranked: &[u32], bounds: &Bounds, columns: &mut [Column]) {
    let rank = |scratch: &mut (Vec<f32>, Coder), features: &[u32]| {
        rank_block(values, width, features, bounds, scratch)
    };
    let ranks: Vec<Vec<Column>> = if values.len() < LARGE {
        let mut scratch = Default::default();
        ranked.chunks(BLOCK).map(|features| rank(&mut scratch, features)).collect()
    } else {
        ranked.par_chunks(BLOCK).map_init(Default::default, rank).collect()
    };
    for (&feature, column) in ranked.iter().zip(ranks.into_iter().flatten()) {
        columns[feature as usize] = column;
    }
}

fn rank_block(
    values: &[f32],
    width: usize,
    features: &[u32],
    bounds: &Bounds,
    (block, coder): &mut (Vec<f32>, Coder),
) -> Vec<Column> {
    let records = values.len() / width;
    block.resize(records * BLOCK, 0.0);
    for (row, record) in values.chunks_exact(width).enumerate() {
        for (offset, &feature) in features.iter().enumerate() {
            // Adding zero turns -0 into 0: the two are one value.
            block[offset * records + row] = record[feature as usize] + 0.0;
        }
    }
    let rank = |(&feature, values): (&u32, &[f32])| match bounds.table(feature) {
        Some(largest) => coder.by_table(values, largest),
        None => coder.by_sort(values),
    };
    features.iter().zip(block.chunks_exact(records)).map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn codes(prepared: &Prepared, feature: u32) -> Vec<u32> {
        (0..prepared.len() as u32).map(|row| prepared.code(feature, row)).collect()
    }

    #[test]
    fn ranks_follow_the_values() {
        let prepared = Prepared::new(
            array![[5.0, -1.5, 3.0], [0.0, 2.25, -1.0], [5.0, -0.0, 3.0], [7.0, 0.0, 3.0]].view(),
        )
        .unwrap();
        assert_eq!(prepared.column(0).values, [0.0, 5.0, 7.0]);
        assert_eq!(codes(&prepared, 0), [1, 0, 1, 2]);
        assert_eq!(prepared.column(0).common, 1);
        // The two zeros are one value.
        assert_eq!(prepared.column(1).values, [-1.5, 0.0, 2.25]);
        assert_eq!(codes(&prepared, 1), [0, 2, 1, 1]);
        assert_eq!(codes(&prepared, 2), [1, 0, 1, 1]);
    }

    #[test]
    fn many_features_of_two_values_stand_side_by_side() {
        for few in [0, 1, FEW_PAIRS - 1, FEW_PAIRS, 40] {
            // Odd features are of two values, as far as there are to be so many.
            let records = Array2::from_shape_fn((7, 90), |(row, feature)| match feature {
                _ if feature % 2 == 0 || feature / 2 >= few => (row * (feature + 1)) as f32,
                _ => f32::from(u8::from((row + feature) % 3 == 0)) - 2.0,
            });
            let prepared = Prepared::new(records.view()).unwrap();
            let (pairs, ranked): (Vec<u32>, Vec<u32>) = (0..90)
                .partition(|&feature| few >= FEW_PAIRS && feature % 2 == 1 && feature as usize / 2 < few);
            assert_eq!((&prepared.pairs, &prepared.ranked), (&pairs, &ranked));
            for feature in (1..2 * few as u32).step_by(2) {
                let expected: Vec<u32> = (0..7).map(|row| u32::from((row + feature) % 3 == 0)).collect();
                assert_eq!(codes(&prepared, feature), expected);
            }
        }
    }

    #[test]
    fn the_two_zeros_are_no_pair() {
        let prepared = Prepared::new(array![[0.0, 1.0], [-0.0, -0.0], [0.0, 0.0]].view()).unwrap();
        assert_eq!(codes(&prepared, 0), [0, 0, 0]);
        assert_eq!(codes(&prepared, 1), [1, 0, 0]);
        assert_eq!(prepared.column(1).threshold(0, 1), 0.5);
    }

    #[test]
    fn many_distinct_values_take_wider_codes() {
        for (n, step) in [(300usize, 0.5f32), (70_000, 0.5), (300, 1.0), (40_000, 1.0)] {
            let records = Array2::from_shape_fn((n, 1), |(row, _)| (n - 1 - row) as f32 * step);
            let prepared = Prepared::new(records.view()).unwrap();
            let expected: Vec<u32> = (0..n as u32).rev().collect();
            assert_eq!(codes(&prepared, 0), expected);
        }
    }

    #[test]
    fn values_that_are_not_finite_are_named() {
        let error = Prepared::new(array![[1.0, 2.0], [3.0, f32::NEG_INFINITY]].view()).unwrap_err();
        assert!(matches!(error, LearnerError::NotFinite { row: 1, feature: 1, .. }));
        let error = Prepared::new(array![[1.0, 2.0], [f32::NAN, 3.0]].reversed_axes().view()).unwrap_err();
        assert!(matches!(error, LearnerError::NotFinite { row: 0, feature: 1, .. }));
    }

    #[test]
    fn no_records_and_no_features_are_fine() {
        assert_eq!(Prepared::new(Array2::zeros((0, 3)).view()).unwrap().features(), 3);
        assert_eq!(Prepared::new(Array2::zeros((3, 0)).view()).unwrap().len(), 3);
    }
}
