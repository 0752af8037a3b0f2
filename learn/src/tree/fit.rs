//! From prepared columns, labels and rows to a tree: input checks, the order of the rows, what they weigh, the choice of engine.

use super::candidates::Draws;
use super::entropy::Entropy;
use super::grow::{Search, grow};
use super::impurity::{Gini, Impurity};
use super::linfa_adapter::LinfaSearch;
use super::model::DecisionTree;
use super::params::{Criterion, Engine, TreeParams};
use super::split::ExactSearch;
use super::ties::TieOrder;
use super::weighted::WeightedSearch;
use super::weights::{self, ByRow, Ones, Weigh};
use crate::columns::Prepared;
use crate::learner::LearnerError;
use crate::seed::Seed;

impl DecisionTree {
    /// Grows a tree on some rows of prepared records. Labels are those of the prepared records, in their order; a row
    /// that is given twice counts twice. The tree is the one that [`fit`](Self::fit) makes of those rows alone.
    ///
    /// # Errors
    /// [`LearnerError::Lengths`] when there are not as many labels as prepared records, [`LearnerError::Row`] for a row
    /// outside them, [`LearnerError::Label`] for a given row whose label is not below `classes`,
    /// [`LearnerError::Classes`] without a class, [`LearnerError::TooMany`] beyond 2^32 - 1 rows or classes.
    pub fn fit_rows(
        params: &TreeParams,
        prepared: &Prepared,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, LearnerError> {
        Self::fit_on(params, prepared, labels, None, rows, classes, seed)
    }

    /// Grows a tree on rows that have weights, given for all prepared records in their order; those of the rows are finite
    /// and above 0. Impurities and the shares of leaves use weights, limits on records count records. Weights are rounded to
    /// parts of 2^31 of their sum; whole numbers keep their ratios, and give the tree of rows repeated as often where no
    /// limit on records is in the way.
    ///
    /// # Errors
    /// As [`fit_rows`](Self::fit_rows); [`LearnerError::Weights`] when there are not as many weights as prepared records,
    /// [`LearnerError::Weight`] for a row whose weight is out of bounds, [`LearnerError::Parameter`] for an engine that
    /// knows no weights.
    pub fn fit_weighted(
        params: &TreeParams,
        prepared: &Prepared,
        labels: &[u32],
        weights: &[f64],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, LearnerError> {
        if params.get().engine == Engine::Linfa {
            let rule = "cart where records have weights";
            return Err(LearnerError::Parameter { parameter: "engine", value: "linfa".into(), rule });
        }
        Self::fit_on(params, prepared, labels, Some(weights), rows, classes, seed)
    }

    fn fit_on(
        params: &TreeParams,
        prepared: &Prepared,
        labels: &[u32],
        weights: Option<&[f64]>,
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<Self, LearnerError> {
        let rows = checked_rows(prepared, labels, rows, classes)?;
        let raw = params.get();
        let weights = weights::of_rows(raw.class_weight.as_ref(), labels, &rows, weights, classes)?;
        let features = prepared.features();
        let draws = raw
            .max_features
            .map(|choice| choice.of(features))
            .filter(|&count| count < features)
            .map(|count| Draws::new(features, count, seed));
        let fit = Fit { params, prepared, labels, classes, ties: TieOrder::root(raw.ties, seed) };
        let tree = match (weights, draws) {
            (None, None) => fit.plain(rows)?,
            (None, draws) => {
                let entropy = || Entropy::new(rows.len());
                fit.weighed(rows.clone(), Ones, rows.len() as u64, entropy, draws)?
            }
            (Some(weights), draws) => {
                let total = rows.iter().map(|&row| u64::from(weights[row as usize])).sum();
                let entropy = || Entropy::of_weights(total);
                let mut tree = fit.weighed(rows.clone(), ByRow(&weights), total, entropy, draws)?;
                tree.weigh(prepared, labels, &rows, &weights);
                tree
            }
        };
        Ok(tree.prune(raw.ccp_alpha, raw.criterion))
    }
}

/// What every engine is given.
struct Fit<'a> {
    params: &'a TreeParams,
    prepared: &'a Prepared,
    labels: &'a [u32],
    classes: usize,
    ties: TieOrder,
}

impl Fit<'_> {
    /// Records that all weigh the same, all features at every node.
    fn plain(&self, rows: Vec<u32>) -> Result<DecisionTree, LearnerError> {
        let (total, raw) = (rows.len(), self.params.get());
        match (raw.engine, raw.criterion) {
            (Engine::Cart, Criterion::Gini) => {
                self.grow(rows, &mut ExactSearch::new(self.prepared, &Gini, raw, total))
            }
            (Engine::Cart, Criterion::Entropy) => {
                self.grow(rows, &mut ExactSearch::new(self.prepared, &Entropy::new(total), raw, total))
            }
            (Engine::Linfa, Criterion::Gini) => {
                self.grow(rows, &mut LinfaSearch::new(self.prepared, &Gini, raw, total))
            }
            (Engine::Linfa, Criterion::Entropy) => {
                self.grow(rows, &mut LinfaSearch::new(self.prepared, &Entropy::new(total), raw, total))
            }
        }
    }

    /// Records with weights, or some features at every node.
    fn weighed<E: Impurity>(
        &self,
        rows: Vec<u32>,
        weights: impl Weigh,
        total: u64,
        entropy: impl FnOnce() -> E,
        draws: Option<Draws>,
    ) -> Result<DecisionTree, LearnerError> {
        let raw = self.params.get();
        match raw.criterion {
            Criterion::Gini => {
                self.grow(rows, &mut WeightedSearch::new(self.prepared, &Gini, raw, weights, total, draws))
            }
            Criterion::Entropy => {
                let entropy = entropy();
                self.grow(rows, &mut WeightedSearch::new(self.prepared, &entropy, raw, weights, total, draws))
            }
        }
    }

    fn grow(&self, rows: Vec<u32>, search: &mut impl Search) -> Result<DecisionTree, LearnerError> {
        grow(self.params, self.prepared, self.labels, rows, self.classes, self.ties, search)
    }
}

/// The rows, class by class and ascending within each, whatever order they came in.
pub(super) fn checked_rows(
    prepared: &Prepared,
    labels: &[u32],
    rows: &[usize],
    classes: usize,
) -> Result<Vec<u32>, LearnerError> {
    if labels.len() != prepared.len() {
        return Err(LearnerError::Lengths { records: prepared.len(), labels: labels.len() });
    }
    if classes == 0 {
        return Err(LearnerError::Classes);
    }
    for (what, got) in [("rows", rows.len()), ("classes", classes)] {
        // A tree has fewer than twice as many nodes as rows, and nodes are counted in 32 bits.
        if got > (u32::MAX / 2) as usize {
            return Err(LearnerError::TooMany { what, got });
        }
    }
    let mut sorted = Vec::with_capacity(rows.len());
    for &row in rows {
        let &label = labels.get(row).ok_or(LearnerError::Row { row, records: labels.len() })?;
        if label as usize >= classes {
            return Err(LearnerError::Label { row, label, classes });
        }
        sorted.push(u64::from(label) << 32 | row as u64);
    }
    sorted.sort_unstable();
    Ok(sorted.into_iter().map(|key| key as u32).collect())
}
