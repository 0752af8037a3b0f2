//! Records, their labels, and what is seen of the candidates' answers to them: what a membership attack scores, and, where it knows
//! who was in, what it learns from.

use std::sync::{Arc, Mutex, PoisonError};

use ndarray::{ArrayView1, ArrayView2};
use turncoat_learn::{PredictionVectors, Seed};

use super::{CandidateVectors, FeatureTable, Features};
use crate::error::AttackError;

/// Labelled records with what is seen of the answers to them.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::Evidence;
/// use turncoat_learn::{PredictionVectors, Seed};
///
/// let (records, labels) = (array![[5.0], [6.0]], [0, 1]);
/// let vectors = PredictionVectors::new(array![[0.9, 0.1], [0.5, 0.5]])?;
/// let evidence = Evidence::of_model(records.view(), &labels, &vectors, Seed::root(1)).unwrap();
/// assert_eq!((evidence.len(), evidence.label(1)), (2, 1));
/// assert!(Evidence::of_model(records.view(), &[0, 2], &vectors, Seed::root(1)).is_err(), "there are two classes");
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
#[derive(Debug)]
pub struct Evidence<'a> {
    records: ArrayView2<'a, f32>,
    labels: &'a [u32],
    /// Which of the records, in the order of the answers; `None` for all in their order.
    rows: Option<&'a [usize]>,
    vectors: CandidateVectors<'a>,
    seed: Seed,
    /// Tables of features, made once for all attack models that are shown the same.
    tables: Mutex<Vec<(Features, Arc<FeatureTable>)>>,
}

impl<'a> Evidence<'a> {
    /// Rows of records `[n, d]`, or all of them, with their labels, all below the number of classes. `seed` is that of coins.
    pub(crate) fn new(
        records: ArrayView2<'a, f32>,
        labels: &'a [u32],
        rows: Option<&'a [usize]>,
        vectors: CandidateVectors<'a>,
        seed: Seed,
    ) -> Self {
        Self { records, labels, rows, vectors, seed, tables: Mutex::default() }
    }

    /// What a single model answered to records `[n, d]`; `seed` is that of coins.
    ///
    /// # Errors
    /// [`AttackError::Targets`] when lengths differ, or a label is none of the model's classes.
    pub fn of_model(
        records: ArrayView2<'a, f32>,
        labels: &'a [u32],
        vectors: &'a PredictionVectors,
        seed: Seed,
    ) -> Result<Self, AttackError> {
        let (n, classes) = (records.nrows(), vectors.classes());
        if vectors.len() != n || labels.len() != n {
            let (vectors, labels) = (vectors.len(), labels.len());
            return Err(AttackError::Targets(format!(
                "{n} records came with {labels} labels and {vectors} vectors"
            )));
        }
        if let Some(row) = labels.iter().position(|&label| label as usize >= classes) {
            let label = labels[row];
            return Err(AttackError::Targets(format!(
                "record {row} has label {label}, but there are {classes} classes"
            )));
        }
        Ok(Self::new(records, labels, None, CandidateVectors::Mean(vectors), seed))
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.map_or(self.labels.len(), <[usize]>::len)
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at a place.
    ///
    /// # Panics
    /// When there is no such place.
    #[must_use]
    pub fn record(&self, place: usize) -> ArrayView1<'_, f32> {
        self.records.row(self.row(place))
    }

    /// Its label.
    ///
    /// # Panics
    /// When there is no such place.
    #[must_use]
    pub fn label(&self, place: usize) -> u32 {
        self.labels[self.row(place)]
    }

    /// What is seen of the answers, a row for each place.
    #[must_use]
    pub fn vectors(&self) -> &CandidateVectors<'a> {
        &self.vectors
    }

    /// The key of coins.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// What an attack model is shown of the records that were answered.
    pub(crate) fn table(&self, features: Features) -> Arc<FeatureTable> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, table)) = tables.iter().find(|(other, _)| *other == features) {
            return Arc::clone(table);
        }
        let table = Arc::new(FeatureTable::of(features, self));
        tables.push((features, Arc::clone(&table)));
        table
    }

    fn row(&self, place: usize) -> usize {
        self.rows.map_or(place, |rows| rows[place])
    }
}
