//! Records made ready once for many fits on some of their rows, and for many models' answers to them: shadow models, folds,
//! parties.

use ndarray::ArrayView2;

use super::{CheckedRecords, LearnerError};
use crate::columns::Prepared;

/// Records `[n, d]`, all finite, and what one kind of learner computes of them alone.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::PreparedRecords;
///
/// let x = array![[0.0], [1.0]];
/// assert_eq!(PreparedRecords::new(x.view())?.len(), 2);
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PreparedRecords<'a> {
    records: ArrayView2<'a, f32>,
    /// Ranked columns, for learners that split them.
    columns: Option<Prepared>,
}

impl<'a> PreparedRecords<'a> {
    /// The records as they are, looked at this once: enough to ask models about them, and to train those that rank no columns.
    /// [`Learner::prepare`](super::Learner::prepare) does what its learner needs.
    ///
    /// # Errors
    /// [`LearnerError::NotFinite`] for the first value, in row order.
    pub fn new(records: ArrayView2<'a, f32>) -> Result<Self, LearnerError> {
        CheckedRecords::new(records, records.ncols())?;
        Ok(Self { records, columns: None })
    }

    /// The records and their columns, ranked.
    pub(super) fn with_columns(records: ArrayView2<'a, f32>) -> Result<Self, LearnerError> {
        Ok(Self { records, columns: Some(Prepared::new(records)?) })
    }

    /// The records themselves, shape `[n, d]`.
    #[must_use]
    pub fn records(&self) -> ArrayView2<'a, f32> {
        self.records
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.nrows()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.nrows() == 0
    }

    /// The ranked columns.
    pub(crate) fn columns(&self) -> Result<&Prepared, LearnerError> {
        self.columns.as_ref().ok_or(LearnerError::Prepared)
    }
}
