//! What somebody answered to a batch of records: a prediction vector a record, or none.
//!
//! Guarantee: a record that was not answered has no vector, so no value can stand for what was not said.

use ndarray::{Array2, ArrayView1, Axis, concatenate};

use crate::prediction::{PredictionVectors, PredictionViolation};

/// Answers to a batch of records, some of which may be missing.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::{Answers, PredictionVectors};
///
/// let answered = PredictionVectors::new(array![[0.2, 0.8], [1.0, 0.0]])?;
/// // Three records, of which the second was not answered.
/// let answers = Answers::of_rows(answered, &[Some(0), None, Some(1)])?;
/// assert_eq!(answers.row(2).map(|vector| vector.to_vec()), Some(vec![1.0, 0.0]));
/// assert_eq!((answers.row(1), answers.predicted_class(1)), (None, None));
/// // Accuracy is over what was answered.
/// assert_eq!(answers.accuracy(&[1, 1, 1]), Some(0.5));
/// // Two records more, of which neither was answered.
/// let joined = Answers::joined(&[&answers, &Answers::none(2, 2)])?;
/// assert_eq!((joined.len(), joined.row(3)), (5, None));
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The vectors there are, in the order of their records.
    answered: PredictionVectors,
    /// Of each record, the row of its vector; `None` where every record has one.
    rows: Option<Vec<Option<usize>>>,
}

impl From<PredictionVectors> for Answers {
    fn from(answered: PredictionVectors) -> Self {
        Self { answered, rows: None }
    }
}

impl Answers {
    /// For each record, the row of `vectors` that answers it, or that none does.
    ///
    /// # Errors
    /// [`PredictionViolation::Shape`] when a row is named that `vectors` does not have.
    pub fn of_rows(vectors: PredictionVectors, rows: &[Option<usize>]) -> Result<Self, PredictionViolation> {
        let named: Vec<usize> = rows.iter().copied().flatten().collect();
        if let Some(&beyond) = named.iter().find(|&&row| row >= vectors.len()) {
            let (got_rows, classes) = vectors.view().dim();
            return Err(PredictionViolation::Shape {
                rows: beyond + 1,
                classes,
                got_rows,
                got_classes: classes,
            });
        }
        Ok(Self::picked(&vectors, rows, &named))
    }

    /// No answer to any of that many records.
    #[must_use]
    pub fn none(records: usize, classes: usize) -> Self {
        let answered = PredictionVectors::of_distributions(Array2::zeros((0, classes)));
        Self { answered, rows: (records > 0).then(|| vec![None; records]) }
    }

    /// Batches one after the other.
    ///
    /// # Errors
    /// [`PredictionViolation::Shape`] when they differ in classes, or there is none.
    pub fn joined(batches: &[&Self]) -> Result<Self, PredictionViolation> {
        let classes = batches.first().map_or(0, |first| first.classes());
        let views: Vec<_> = batches.iter().map(|batch| batch.answered.view()).collect();
        let all = concatenate(Axis(0), &views).map_err(|_| {
            let other = batches.iter().find(|batch| batch.classes() != classes);
            let (got_rows, got_classes) = other.map_or((0, 0), |other| other.answered.view().dim());
            PredictionViolation::Shape { rows: got_rows, classes, got_rows, got_classes }
        })?;
        let mut rows = Vec::new();
        let mut before = 0;
        for batch in batches {
            rows.extend((0..batch.len()).map(|record| batch.place(record).map(|row| before + row)));
            before += batch.answered.len();
        }
        let rows = rows.iter().any(Option::is_none).then_some(rows);
        Ok(Self { answered: PredictionVectors::of_distributions(all), rows })
    }

    /// The answers to some of the records, in the order given.
    ///
    /// # Panics
    /// When there is no such record.
    #[must_use]
    pub fn select(&self, records: &[usize]) -> Self {
        let rows: Vec<Option<usize>> = records.iter().map(|&record| self.place(record)).collect();
        let named: Vec<usize> = rows.iter().copied().flatten().collect();
        Self::picked(&self.answered, &rows, &named)
    }

    fn picked(vectors: &PredictionVectors, rows: &[Option<usize>], named: &[usize]) -> Self {
        let answered = PredictionVectors::of_distributions(vectors.view().select(Axis(0), named));
        let mut next = 0..;
        let rows = (named.len() < rows.len()).then(|| {
            let place = |row: &Option<usize>| row.and_then(|_| next.next());
            rows.iter().map(place).collect()
        });
        Self { answered, rows }
    }

    /// The vector of a record, if it was answered.
    #[must_use]
    pub fn row(&self, record: usize) -> Option<ArrayView1<'_, f64>> {
        self.place(record).map(|row| self.answered.row(row))
    }

    /// The class that a record is predicted to have, if it was answered: as in [`PredictionVectors::predicted_class`].
    #[must_use]
    pub fn predicted_class(&self, record: usize) -> Option<usize> {
        self.place(record).map(|row| self.answered.predicted_class(row))
    }

    /// The fraction of the answered records whose predicted class is their label; `None` where none was answered.
    #[must_use]
    pub fn accuracy(&self, labels: &[u32]) -> Option<f64> {
        let answered = labels.iter().enumerate().filter(|&(record, _)| self.place(record).is_some());
        let labels: Vec<u32> = answered.map(|(_, &label)| label).collect();
        self.answered.accuracy(&labels)
    }

    /// All vectors, if every record was answered.
    #[must_use]
    pub fn complete(&self) -> Option<&PredictionVectors> {
        self.rows.is_none().then_some(&self.answered)
    }

    /// Records, answered or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(self.answered.len(), Vec::len)
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.answered.classes()
    }

    fn place(&self, record: usize) -> Option<usize> {
        match &self.rows {
            Some(rows) => rows[record],
            None => Some(record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn vectors(rows: Array2<f64>) -> PredictionVectors {
        PredictionVectors::new(rows).unwrap()
    }

    #[test]
    fn what_was_not_answered_has_no_vector() {
        let some = Answers::of_rows(vectors(array![[1.0, 0.0], [0.0, 1.0]]), &[None, Some(1)]).unwrap();
        assert_eq!((some.len(), some.classes(), some.complete()), (2, 2, None));
        assert_eq!((some.row(0), some.predicted_class(0)), (None, None));
        assert_eq!(some.row(1).unwrap(), array![0.0, 1.0]);
        // Right on the one record that it answered. The uniform vector would name class 0, and be right on both.
        assert_eq!(some.accuracy(&[0, 1]), Some(1.0));
        assert_eq!(Answers::none(2, 2).accuracy(&[0, 0]), None);
        assert!(Answers::of_rows(vectors(array![[1.0, 0.0]]), &[Some(1)]).is_err());
    }

    #[test]
    fn batches_are_joined_and_selected_with_their_gaps() {
        let whole = Answers::from(vectors(array![[1.0, 0.0], [0.25, 0.75]]));
        let joined = Answers::joined(&[&Answers::none(1, 2), &whole, &Answers::none(1, 2)]).unwrap();
        let reported = |answers: &Answers| -> Vec<Option<f64>> {
            (0..answers.len()).map(|record| answers.row(record).map(|row| row[0])).collect()
        };
        assert_eq!(reported(&joined), [None, Some(1.0), Some(0.25), None]);
        assert_eq!(reported(&joined.select(&[2, 3, 2])), [Some(0.25), None, Some(0.25)]);
        // Without a gap it is the whole that it would have been at once.
        assert_eq!(joined.select(&[1, 2]), whole);
        assert_eq!(Answers::joined(&[&whole]).unwrap(), whole);
        assert!(Answers::joined(&[&whole, &Answers::none(1, 3)]).is_err());
        assert!(Answers::joined(&[]).is_err());
    }
}
