//! What the federation answered to one adversary so far, by record, so that no record is asked about twice.
//!
//! Two records are the same if all their features are equal: a model answers both alike. They are told apart by 128 bits,
//! which others share by chance of 2^-128.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2};
use turncoat_learn::{Answers, PredictionVectors, PredictionViolation, record_key};

use super::Oracle;
use crate::error::AttackError;
use crate::evidence::Observation;

type Key = (u64, u64);

/// The answers that an adversary has. It holds for one federation: where that is trained again, they are another's.
///
/// ```
/// use std::sync::Mutex;
/// use ndarray::{Array2, ArrayView2, array};
/// use turncoat_attack::{Answered, AttackError, Observation, Oracle};
/// use turncoat_learn::PredictionVectors;
///
/// /// Knows nothing, and counts what it is asked.
/// #[derive(Default)]
/// struct Counting(Mutex<Vec<usize>>);
///
/// impl Oracle for Counting {
///     fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
///         self.0.lock().unwrap().push(records.nrows());
///         Ok(Observation::Averaged { mean: PredictionVectors::new(Array2::from_elem((records.nrows(), 2), 0.5))? })
///     }
/// }
///
/// let (federation, mut answered) = (Counting::default(), Answered::default());
/// answered.observe(&federation, array![[1.0], [2.0], [1.0]].view())?;
/// let seen = answered.observe(&federation, array![[2.0], [3.0]].view())?;
/// // What is known already costs nothing.
/// answered.ask(&federation, &[array![[1.0]].view(), array![[3.0]].view()])?;
/// assert_eq!((seen.mean().len(), federation.0.into_inner().unwrap()), (2, vec![2, 1]));
/// # Ok::<(), AttackError>(())
/// ```
#[derive(Debug, Default)]
pub struct Answered {
    /// Of each record, its batch and its row there.
    places: BTreeMap<Key, (usize, usize)>,
    batches: Vec<Arc<Observation>>,
}

impl Answered {
    /// Asks about all those records that have no answer yet, in one question, so that it is answered whole or not at all.
    ///
    /// # Errors
    /// [`AttackError`] of the oracle; what was answered before stays.
    pub fn ask(&mut self, oracle: &dyn Oracle, batches: &[ArrayView2<'_, f32>]) -> Result<(), AttackError> {
        let keys = batches.iter().flat_map(|records| keys(*records)).collect::<Vec<_>>();
        self.ask_keyed(oracle, batches, &keys)
    }

    /// The same of records whose keys are known.
    fn ask_keyed(
        &mut self,
        oracle: &dyn Oracle,
        batches: &[ArrayView2<'_, f32>],
        keys: &[Key],
    ) -> Result<(), AttackError> {
        let mut new: Vec<(Key, ArrayView1<'_, f32>)> = Vec::new();
        let mut among_them = BTreeSet::new();
        for (&key, record) in keys.iter().zip(batches.iter().flat_map(|records| records.rows())) {
            if !self.places.contains_key(&key) && among_them.insert(key) {
                new.push((key, record));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let observation = match batches {
            [all] if all.nrows() == new.len() => oracle.observe(all.view())?,
            _ => {
                let mut records = Array2::zeros((0, new[0].1.len()));
                for (_, record) in &new {
                    records.push_row(*record).map_err(|error| {
                        AttackError::Targets(format!("they differ in width from other records: {error}"))
                    })?;
                }
                oracle.observe(records.view())?
            }
        };
        let batch = self.batches.len();
        self.batches.push(Arc::new(observation));
        self.places.extend(new.into_iter().enumerate().map(|(row, (key, _))| (key, (batch, row))));
        Ok(())
    }

    /// The answers to these records, in their order; those that have none yet are asked about.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn observe(
        &mut self,
        oracle: &dyn Oracle,
        records: ArrayView2<'_, f32>,
    ) -> Result<Arc<Observation>, AttackError> {
        if records.nrows() == 0 {
            return oracle.observe(records).map(Arc::new);
        }
        let keys = keys(records);
        self.ask_keyed(oracle, &[records], &keys)?;
        let places: Vec<(usize, usize)> = keys.iter().map(|key| self.places[key]).collect();
        let batch = &self.batches[places[0].0];
        let whole = batch.mean().len() == places.len();
        if whole && places.iter().enumerate().all(|(row, &place)| place == (places[0].0, row)) {
            return Ok(Arc::clone(batch));
        }
        Ok(Arc::new(self.gather(&places)?))
    }

    fn gather(&self, places: &[(usize, usize)]) -> Result<Observation, AttackError> {
        let used: BTreeSet<usize> = places.iter().map(|&(batch, _)| batch).collect();
        let parts: Vec<&Observation> = used.iter().map(|&batch| &*self.batches[batch]).collect();
        let mut before = BTreeMap::new();
        let mut rows = 0;
        for &batch in &used {
            before.insert(batch, rows);
            rows += self.batches[batch].mean().len();
        }
        let rows: Vec<usize> = places.iter().map(|(batch, row)| before[batch] + row).collect();
        Ok(Observation::gathered(&parts, &rows)?)
    }
}

impl Observation {
    /// Rows of several observations of one vantage, counted through all of them.
    fn gathered(parts: &[&Self], rows: &[usize]) -> Result<Self, PredictionViolation> {
        let mean = vectors(parts, rows, |part| Some(part.mean()))?;
        let of = |answers: Vec<&Answers>| Ok(Answers::joined(&answers)?.select(rows));
        match parts.first() {
            Some(Self::PerParty { parties, .. }) => {
                let of_party = |&party| {
                    let answers = parts.iter().filter_map(|part| match part {
                        Self::PerParty { parties, .. } => parties.get(&party),
                        _ => None,
                    });
                    Ok((party, of(answers.collect())?))
                };
                let parties = parties.keys().map(of_party).collect::<Result<_, PredictionViolation>>()?;
                Ok(Self::PerParty { mean, parties })
            }
            Some(Self::Residual { .. }) => {
                let own = vectors(parts, rows, |part| match part {
                    Self::Residual { own, .. } => Some(own),
                    _ => None,
                })?;
                let others = parts.iter().filter_map(|part| match part {
                    Self::Residual { others, .. } => Some(others),
                    _ => None,
                });
                Ok(Self::Residual { mean, own, others: of(others.collect())? })
            }
            _ => Ok(Self::Averaged { mean }),
        }
    }
}

fn vectors<'a>(
    parts: &[&'a Observation],
    rows: &[usize],
    of: impl Fn(&'a Observation) -> Option<&'a PredictionVectors>,
) -> Result<PredictionVectors, PredictionViolation> {
    let all: Vec<Answers> = parts.iter().filter_map(|part| of(part).cloned().map(Answers::from)).collect();
    let picked = Answers::joined(&all.iter().collect::<Vec<_>>())?.select(rows);
    picked.complete().cloned().ok_or(PredictionViolation::Shape {
        rows: rows.len(),
        classes: picked.classes(),
        got_rows: 0,
        got_classes: picked.classes(),
    })
}

fn keys(records: ArrayView2<'_, f32>) -> Vec<Key> {
    records.rows().into_iter().map(record_key).collect()
}
