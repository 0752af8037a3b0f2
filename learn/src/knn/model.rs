//! A fitted k-nearest-neighbours model: the training records, equal ones of a class once with their number.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::filter::{Filter, MOST_FEATURES};
use super::search::Search;
use super::{KnnParams, Weights};
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, SavedModel, Train, TrainingRows, TrainingSet, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// Most queries in one matrix product.
const QUERIES: usize = 256;

/// A fitted model.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::knn::{KnnModel, RawKnnParams};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::Knn(RawKnnParams { k: 2, ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// assert_eq!(model.downcast_ref::<KnnModel>().unwrap().params().get().k, 2);
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KnnModel {
    pub(super) params: KnnParams,
    pub(super) classes: usize,
    /// Shape `[n, d]`, in the order of a [`TrainingSet`], no two equal ones of a class.
    pub(super) records: Array2<f32>,
    /// Class of each record.
    pub(super) labels: Vec<u32>,
    /// How many training records each stands for.
    pub(super) counts: Vec<u32>,
    pub(super) filter: Filter,
}

impl KnnModel {
    /// Keeps the records.
    ///
    /// # Errors
    /// [`LearnerError::TooMany`].
    pub(crate) fn fit(params: &KnnParams, set: TrainingSet) -> Result<Self, LearnerError> {
        let TrainingSet { records, labels, present, classes } = set;
        check_size(records.nrows(), records.ncols())?;
        let labels: Vec<u32> = labels.iter().map(|&place| present[place as usize]).collect();
        // Equal records of a class stand side by side.
        let mut firsts = Vec::new();
        let mut counts: Vec<u32> = Vec::new();
        for (row, record) in records.rows().into_iter().enumerate() {
            match counts.last_mut() {
                Some(count) if labels[row - 1] == labels[row] && records.row(row - 1) == record => {
                    *count += 1
                }
                _ => {
                    firsts.push(row);
                    counts.push(1);
                }
            }
        }
        let repeated = firsts.len() < labels.len();
        let records = if repeated { records.select(Axis(0), &firsts) } else { records };
        let records =
            if records.is_standard_layout() { records } else { records.as_standard_layout().into_owned() };
        let labels = firsts.iter().map(|&row| labels[row]).collect();
        Ok(Self::of(params.clone(), classes, records, labels, counts))
    }

    /// The model of records that are in order.
    pub(super) fn of(
        params: KnnParams,
        classes: usize,
        records: Array2<f32>,
        labels: Vec<u32>,
        counts: Vec<u32>,
    ) -> Self {
        let filter = Filter::new(records.view());
        Self { params, classes, records, labels, counts, filter }
    }

    /// Writes the answers to some queries over zeros.
    fn answer(&self, queries: ArrayView2<'_, f32>, answers: &mut [f64]) {
        let ready = self.filter.queries(queries);
        let mut searches: Vec<Search<'_>> = queries
            .outer_iter()
            .enumerate()
            .map(|(row, query)| {
                let query = query.to_slice().expect("the standard layout is contiguous");
                Search::new(self, query, self.filter.bounds(&ready, row))
            })
            .collect();
        self.filter.distances(&ready, |query, start, rounded| searches[query].show(start, rounded));
        for (search, shares) in searches.into_iter().zip(answers.chunks_exact_mut(self.classes)) {
            search.finish(shares);
        }
    }

    /// The parameters it was fitted with.
    #[must_use]
    pub fn params(&self) -> &KnnParams {
        &self.params
    }

    pub(super) fn k(&self) -> u32 {
        self.params.get().k
    }

    pub(super) fn weights(&self) -> Weights {
        self.params.get().weights
    }

    /// One kept record.
    pub(super) fn record(&self, number: usize) -> &[f32] {
        let width = self.records.ncols();
        let values = self.records.as_slice().expect("the records are contiguous");
        &values[number * width..(number + 1) * width]
    }
}

/// Class shares of the k nearest training records, as the weights tell. All training records are neighbours where there are no more
/// than k; without any the answer is uniform.
impl Model for KnnModel {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        let mut vectors = Array2::<f64>::zeros((requested.len(), self.classes));
        if self.labels.is_empty() {
            vectors.fill(1.0 / self.classes as f64);
            return PredictionVectors::of_distributions(vectors);
        }
        let queries = QUERIES.min(requested.len().div_ceil(rayon::current_num_threads())).max(1);
        let answers = vectors.as_slice_mut().expect("a fresh array is contiguous");
        answers.par_chunks_mut(queries * self.classes).enumerate().for_each(|(number, answers)| {
            let first = number * queries;
            let requested = requested.part(first..first + answers.len() / self.classes);
            self.answer(requested.records().view(), answers);
        });
        PredictionVectors::of_distributions(vectors)
    }

    fn features(&self) -> usize {
        self.records.ncols()
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn heap_bytes(&self) -> usize {
        self.records.len() * size_of::<f32>()
            + size_of_val(&self.labels[..])
            + size_of_val(&self.counts[..])
            + self.filter.heap_bytes()
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }
}

impl Train for KnnParams {
    fn fit(&self, data: TrainingRows<'_, '_>, _seed: Seed) -> Result<LocalModel, LearnerError> {
        Ok(KnnModel::fit(self, data.set()?)?.into_local())
    }
}

/// What can be numbered, and what the bound on rounding is proven for.
pub(super) fn check_size(records: usize, features: usize) -> Result<(), LearnerError> {
    if u32::try_from(records).is_err() {
        return Err(LearnerError::TooMany { what: "records", got: records });
    }
    if features > MOST_FEATURES {
        return Err(LearnerError::TooMany { what: "features", got: features });
    }
    Ok(())
}
