//! Defences in the order in which they are applied.

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::Defence;
use crate::equal_records::fingerprint;
use crate::learner::{CheckedRecords, LearnerError};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Defences that are applied one after the other, each to what the one before left.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::defence::{Defence, Defences, Round, TopK};
/// use turncoat_learn::{PredictionVectors, Seed};
///
/// let defences = Defences::new(vec![Defence::TopK(TopK { k: 1 }), Defence::Round(Round { digits: 1 })], Seed::root(1));
/// let answers = PredictionVectors::new(array![[0.62, 0.3, 0.08]])?;
/// let reported = defences.of(array![[5.0]].view(), answers)?;
/// assert_eq!(reported.row(0).to_vec(), [0.6, 0.2, 0.2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Defences {
    list: Vec<Defence>,
    seed: Seed,
}

impl Defences {
    /// Those of a list; `seed` is the key of their random draws.
    #[must_use]
    pub fn new(list: Vec<Defence>, seed: Seed) -> Self {
        Self { list, seed }
    }

    /// Whether there is none, so that answers stay as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn list(&self) -> &[Defence] {
        &self.list
    }

    pub(super) fn seed(&self) -> Seed {
        self.seed
    }

    /// The answers to records `[n, d]` as they are told.
    ///
    /// # Errors
    /// [`LearnerError::Lengths`] when there is not one answer a record.
    pub fn of(
        &self,
        records: ArrayView2<'_, f32>,
        answers: PredictionVectors,
    ) -> Result<PredictionVectors, LearnerError> {
        if records.nrows() != answers.len() {
            let (records, labels) = (records.nrows(), answers.len());
            return Err(LearnerError::Lengths { records, labels });
        }
        Ok(self.apply(answers, |place| fingerprint(records.row(place), 0)))
    }

    /// The answers to checked records as they are told.
    pub(super) fn of_checked(
        &self,
        records: &CheckedRecords<'_>,
        answers: PredictionVectors,
    ) -> PredictionVectors {
        self.apply(answers, |place| fingerprint(records.record(place), 0))
    }

    fn apply(&self, answers: PredictionVectors, record: impl Fn(usize) -> u64 + Sync) -> PredictionVectors {
        if self.is_empty() {
            return answers;
        }
        let mut vectors = answers.view().to_owned();
        vectors.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(place, mut vector)| {
            for (number, defence) in self.list.iter().enumerate() {
                let draw = || self.seed.child(defence.name(), number as u64).child("record", record(place));
                defence.params().apply(vector.view_mut(), &draw);
            }
        });
        PredictionVectors::of_distributions(vectors)
    }
}
