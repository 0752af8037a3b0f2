//! The rows to train on in an order that the records alone decide, with the classes that they show.
//!
//! Learners that add floats see the records of a class, and the classes, in this order: ascending by label, then by the
//! values of the features from the first to the last. Equal records are the same to every learner, so the order in
//! which rows were given, or stood in the data set, cannot change a bit of a model.

use std::cmp::Ordering;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use super::LearnerError;

/// Checked rows of prepared records, copied out in the order told above.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrainingSet {
    /// Shape `[n, d]`; zeros are positive.
    pub(crate) records: Array2<f32>,
    /// For each record the place of its class in `present`, ascending.
    pub(crate) labels: Vec<u32>,
    /// The classes that the records show, ascending.
    pub(crate) present: Vec<u32>,
    /// Classes of the federation.
    pub(crate) classes: usize,
}

impl TrainingSet {
    /// Copies the rows. `labels` are those of all records, in their order; a row given twice is there twice.
    ///
    /// # Errors
    /// [`LearnerError::Lengths`], [`LearnerError::Classes`], [`LearnerError::Row`], [`LearnerError::Label`].
    pub(crate) fn new(
        records: ArrayView2<'_, f32>,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
    ) -> Result<Self, LearnerError> {
        let order = canonical_rows(records, labels, rows, classes)?;
        let mut present: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        present.dedup();
        let mut place = 0;
        let labels = order
            .iter()
            .map(|&row| {
                while present[place] != labels[row] {
                    place += 1;
                }
                place as u32
            })
            .collect();
        let mut records = records.select(Axis(0), &order);
        // Minus zero becomes zero: the two are one value.
        records.mapv_inplace(|value| value + 0.0);
        Ok(Self { records, labels, present, classes })
    }

    /// Number of records of each class in `present`.
    pub(crate) fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.present.len()];
        self.labels.iter().for_each(|&place| counts[place as usize] += 1);
        counts
    }

    /// Probabilities `[n, present]` as vectors over all classes `[n, classes]`: zero for a class that is not present, uniform
    /// where none is.
    pub(crate) fn spread(shares: ArrayView2<'_, f64>, present: &[u32], classes: usize) -> Array2<f64> {
        if present.is_empty() {
            return Array2::from_elem((shares.nrows(), classes), 1.0 / classes as f64);
        }
        let mut vectors = Array2::zeros((shares.nrows(), classes));
        for (&class, column) in present.iter().zip(shares.columns()) {
            vectors.column_mut(class as usize).assign(&column);
        }
        vectors
    }
}

/// The rows in the order told above: what is drawn over them is drawn over records, wherever these stand.
///
/// # Errors
/// As [`TrainingSet::new`].
pub(crate) fn canonical_rows(
    records: ArrayView2<'_, f32>,
    labels: &[u32],
    rows: &[usize],
    classes: usize,
) -> Result<Vec<usize>, LearnerError> {
    if labels.len() != records.nrows() {
        return Err(LearnerError::Lengths { records: records.nrows(), labels: labels.len() });
    }
    if classes == 0 {
        return Err(LearnerError::Classes);
    }
    if u32::try_from(classes).is_err() {
        return Err(LearnerError::TooMany { what: "classes", got: classes });
    }
    for &row in rows {
        let &label = labels.get(row).ok_or(LearnerError::Row { row, records: labels.len() })?;
        if label as usize >= classes {
            return Err(LearnerError::Label { row, label, classes });
        }
    }
    // The label and the first value decide most pairs, without a look at the records.
    let key = |row: usize| {
        let first = records.row(row).first().map_or(0, |&value| ascending(value));
        (u64::from(labels[row]) << 32) | u64::from(first)
    };
    let mut keyed: Vec<(u64, usize)> = rows.iter().map(|&row| (key(row), row)).collect();
    keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(records.row(a.1), records.row(b.1))));
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

/// A number that is larger for the larger of two values, and the same for both zeros.
fn ascending(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

/// Feature by feature; both zeros are one value.
fn compare(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> Ordering {
    /// Values that are looked at together.
    const CHUNK: usize = 16;
    let order = |(a, b): (&f32, &f32)| ascending(*a).cmp(&ascending(*b));
    let (Some(a), Some(b)) = (a.as_slice(), b.as_slice()) else {
        return a.iter().zip(b).map(order).find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
    };
    let same = |(a, b): (&[f32], &[f32])| a.iter().zip(b).fold(true, |same, (a, b)| same & (a == b));
    let chunks = a.chunks(CHUNK).zip(b.chunks(CHUNK));
    let differing = chunks.into_iter().find(|&chunks| !same(chunks));
    let in_chunk = |(a, b): (&[f32], &[f32])| a.iter().zip(b).map(order).find(|order| order.is_ne());
    differing.and_then(in_chunk).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_order_is_that_of_labels_and_values() {
        let records = array![[1.0, 2.0], [-0.0, 5.0], [0.0, 4.0], [7.0, 7.0], [0.0, 4.0]];
        let labels = [3, 1, 1, 0, 1];
        let set = TrainingSet::new(records.view(), &labels, &[0, 4, 1, 2, 1], 5).unwrap();
        assert_eq!(set.records, array![[0.0, 4.0], [0.0, 4.0], [0.0, 5.0], [0.0, 5.0], [1.0, 2.0]]);
        assert!(set.records.iter().all(|value| value.is_sign_positive()));
        assert_eq!((set.labels.clone(), set.present.clone()), (vec![0, 0, 0, 0, 1], vec![1, 3]));
        assert_eq!(set.counts(), [4, 1]);
        assert_eq!(TrainingSet::new(records.view(), &labels, &[1, 2, 1, 4, 0], 5).unwrap(), set);
    }

    #[test]
    fn wide_records_are_compared_to_the_last_value() {
        for width in [1, 15, 16, 17, 40] {
            for place in 0..width {
                let mut records = Array2::<f32>::zeros((4, width));
                records[(0, place)] = 2.5;
                records[(1, place)] = -3.0;
                records[(2, place)] = -3.5;
                records[(3, place)] = -0.0;
                let order = canonical_rows(records.view(), &[0; 4], &[0, 1, 2, 3], 1).unwrap();
                assert_eq!(order, [2, 1, 3, 0]);
                let turned = records.t().as_standard_layout().into_owned();
                let order = canonical_rows(turned.t(), &[0; 4], &[3, 2, 1, 0], 1).unwrap();
                assert_eq!(order, [2, 1, 3, 0]);
            }
        }
    }

    #[test]
    fn answers_are_spread_over_all_classes() {
        assert_eq!(
            TrainingSet::spread(array![[0.25, 0.75]].view(), &[1, 3], 4),
            array![[0.0, 0.25, 0.0, 0.75]]
        );
        assert_eq!(
            TrainingSet::spread(Array2::zeros((1, 0)).view(), &[], 4),
            array![[0.25, 0.25, 0.25, 0.25]]
        );
    }

    #[test]
    fn what_cannot_be_trained_on_is_refused() {
        let records = array![[1.0], [2.0]];
        let new = |labels: &[u32], rows: &[usize], classes| {
            TrainingSet::new(records.view(), labels, rows, classes).unwrap_err()
        };
        assert!(matches!(new(&[0], &[0], 2), LearnerError::Lengths { records: 2, labels: 1 }));
        assert!(matches!(new(&[0, 0], &[0], 0), LearnerError::Classes));
        assert!(matches!(new(&[0, 0], &[2], 1), LearnerError::Row { row: 2, records: 2 }));
        assert!(matches!(new(&[0, 2], &[1], 2), LearnerError::Label { row: 1, label: 2, classes: 2 }));
    }
}
