//! Records to be answered: looked at once, then shown to as many models as there are.
//!
//! Guarantee: every value of an [`CheckedRecords`] is finite, every row is there, and the records are as wide as they were asked to be.
//! So a model that takes one has nothing left to refuse, and an ensemble does not look once a member.

use std::borrow::Cow;
use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, CowArray, Ix2};

use super::{LearnerError, PreparedRecords};
use crate::columns::check_rows;

/// Checked records in the order in which they are answered: all of some records, or rows of them where they stand.
#[derive(Debug)]
pub struct CheckedRecords<'a> {
    /// Records one behind the other, each `width` values.
    values: Cow<'a, [f32]>,
    width: usize,
    len: usize,
    /// The rows that are asked about; none stands for all in their order.
    rows: Option<&'a [usize]>,
    /// Whether they were looked at just now, and are in the cache.
    at_hand: bool,
}

impl<'a> CheckedRecords<'a> {
    /// All of the records `[n, d]`, as a model of `features` features is to judge them.
    ///
    /// # Errors
    /// [`LearnerError::Width`]; [`LearnerError::NotFinite`] for the first value, in row order.
    pub(crate) fn new(records: ArrayView2<'a, f32>, features: usize) -> Result<Self, LearnerError> {
        check_width(records, features)?;
        let values = row_major(records);
        check_rows(0, &values, features)?;
        Ok(Self { values, width: features, len: records.nrows(), rows: None, at_hand: false })
    }

    /// The same, looked at and shown so many records at a time, while they are in the cache. Some may have been shown
    /// before one is refused.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn in_turn(
        records: ArrayView2<'a, f32>,
        features: usize,
        together: usize,
        mut show: impl FnMut(&CheckedRecords<'_>),
    ) -> Result<(), LearnerError> {
        check_width(records, features)?;
        let values = row_major(records);
        let n = records.nrows();
        for first in (0..n).step_by(together) {
            let last = n.min(first + together);
            let values = &values[first * features..last * features];
            check_rows(first, values, features)?;
            let (values, len) = (Cow::Borrowed(values), last - first);
            show(&CheckedRecords { values, width: features, len, rows: None, at_hand: true });
        }
        Ok(())
    }

    /// Rows of records whose values were looked at when they were prepared.
    ///
    /// # Errors
    /// [`LearnerError::Width`]; [`LearnerError::Row`] for the first row that is not there.
    pub(crate) fn rows<'r: 'a>(
        prepared: &PreparedRecords<'r>,
        rows: &'a [usize],
        features: usize,
    ) -> Result<Self, LearnerError> {
        let records = prepared.records();
        check_width(records, features)?;
        let n = records.nrows();
        if let Some(&row) = rows.iter().find(|&&row| row >= n) {
            return Err(LearnerError::Row { row, records: n });
        }
        let (width, len) = (features, rows.len());
        if len == n && rows.iter().copied().eq(0..n) {
            return Ok(Self { values: row_major(records), width, len, rows: None, at_hand: false });
        }
        Ok(match records.to_slice() {
            Some(values) => {
                Self { values: Cow::Borrowed(values), width, len, rows: Some(rows), at_hand: false }
            }
            None => {
                let values = rows.iter().flat_map(|&row| records.row(row)).copied().collect();
                Self { values: Cow::Owned(values), width, len, rows: None, at_hand: false }
            }
        })
    }

    /// Number of records.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Some of them, as they stand.
    ///
    /// # Panics
    /// When the places are not all there.
    pub(crate) fn part(&self, places: Range<usize>) -> CheckedRecords<'_> {
        let (width, len) = (self.width, places.len());
        let (values, rows) = match self.rows {
            Some(rows) => (&self.values[..], Some(&rows[places])),
            None => (&self.values[places.start * width..places.end * width], None),
        };
        CheckedRecords { values: Cow::Borrowed(values), width, len, rows, at_hand: self.at_hand }
    }

    /// The records `[n, d]` in row order, copied where they do not stand one behind the other.
    pub(crate) fn records(&self) -> CowArray<'_, f32, Ix2> {
        let shape = (self.len, self.width);
        match self.rows {
            Some(rows) => {
                let mut values = Vec::with_capacity(self.len * self.width);
                for &row in rows {
                    values.extend_from_slice(&self.values[row * self.width..(row + 1) * self.width]);
                }
                Array2::from_shape_vec(shape, values).expect("each row gave its values").into()
            }
            None => {
                ArrayView2::from_shape(shape, &self.values).expect("the records fill their values").into()
            }
        }
    }

    /// The record of that place.
    pub(crate) fn record(&self, place: usize) -> ArrayView1<'_, f32> {
        let start = self.start(place);
        ArrayView1::from(&self.values[start..start + self.width])
    }

    /// What [`start`](Self::start) counts in.
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Whether they were looked at just now, so that another look would bring nothing nearer.
    pub(crate) fn at_hand(&self) -> bool {
        self.at_hand
    }

    /// Where the record of that place begins among the values.
    pub(crate) fn start(&self, place: usize) -> usize {
        self.rows.map_or(place, |rows| rows[place]) * self.width
    }
}

fn check_width(records: ArrayView2<'_, f32>, expected: usize) -> Result<(), LearnerError> {
    if records.ncols() == expected {
        Ok(())
    } else {
        Err(LearnerError::Width { expected, got: records.ncols() })
    }
}

/// The values record by record.
fn row_major(records: ArrayView2<'_, f32>) -> Cow<'_, [f32]> {
    records.to_slice().map_or_else(|| Cow::Owned(records.iter().copied().collect()), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, array};

    #[test]
    fn records_are_checked() {
        assert_eq!(CheckedRecords::new(array![[1.0, 2.0]].view(), 2).unwrap().len(), 1);
        assert!(matches!(
            CheckedRecords::new(array![[1.0, 2.0]].view(), 3),
            Err(LearnerError::Width { expected: 3, got: 2 })
        ));
        let turned = array![[1.0, f32::NAN], [2.0, f32::NAN]].reversed_axes();
        assert!(matches!(
            CheckedRecords::new(turned.view(), 2),
            Err(LearnerError::NotFinite { row: 1, feature: 0, .. })
        ));
        let mut shown = 0;
        let found = CheckedRecords::in_turn(turned.view(), 2, 1, |requested| shown += requested.len());
        assert!(matches!(found, Err(LearnerError::NotFinite { row: 1, feature: 0, .. })));
        assert_eq!(shown, 1);
    }

    #[test]
    fn rows_are_those_that_a_copy_would_hold() {
        let records = Array2::from_shape_fn((5, 3), |(row, feature)| (row * 3 + feature) as f32);
        let columns_first = records.t().as_standard_layout().into_owned().reversed_axes();
        for records in [records.view(), columns_first.view()] {
            let prepared = PreparedRecords::new(records).unwrap();
            for rows in [&[3, 0, 3, 4][..], &[], &[0, 1, 2, 3, 4], &[1, 0, 2, 3, 4], &[0, 1, 2]] {
                let expected = records.select(Axis(0), rows);
                let requested = CheckedRecords::rows(&prepared, rows, 3).unwrap();
                assert_eq!((requested.len(), requested.records().view()), (rows.len(), expected.view()));
                let starts: Vec<f32> =
                    (0..rows.len()).map(|place| requested.values()[requested.start(place)]).collect();
                assert_eq!(starts, expected.column(0).to_vec());
                let half = rows.len() / 2;
                assert_eq!(
                    requested.part(0..half).records().view(),
                    expected.view().split_at(Axis(0), half).0
                );
                assert_eq!(
                    requested.part(half..rows.len()).records().view(),
                    expected.view().split_at(Axis(0), half).1
                );
            }
            assert!(matches!(
                CheckedRecords::rows(&prepared, &[0, 5, 6], 3),
                Err(LearnerError::Row { row: 5, records: 5 })
            ));
            assert!(matches!(
                CheckedRecords::rows(&prepared, &[5], 2),
                Err(LearnerError::Width { expected: 2, got: 3 })
            ));
        }
    }
}
