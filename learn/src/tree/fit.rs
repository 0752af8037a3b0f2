//! From prepared columns, labels and rows to a tree: input checks, the order of the rows, what they weigh, the choice of engine.

use super::grow::{Search, grow};
use super::linfa_adapter::LinfaSearch;
use super::model::DecisionTree;
use super::params::{Criterion, Engine, RawTreeParams, TreeParams};
use super::split::draws::Draws;
use super::split::entropy::Entropy;
use super::split::impurity::{Gini, Impurity};
use super::split::search::{NodeSearch, Setting};
use super::split::ties::TieOrder;
use super::weights::{self, ByRow, Ones};
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
        let ties = TieOrder::root(raw.ties, seed);
        let total = match &weights {
            Some(weights) => rows.iter().map(|&row| u64::from(weights[row as usize])).sum(),
            None => rows.len() as u64,
        };
        let fit = Fit {
            prepared,
            params: raw,
            labels,
            classes,
            ties,
            total,
            rows: &rows,
            weights: weights.as_deref(),
            draws,
        };
        let mut tree = match (raw.criterion, &weights) {
            (Criterion::Gini, _) => fit.grow(&Gini),
            (Criterion::Entropy, None) => fit.grow(&Entropy::new(total as u32)),
            (Criterion::Entropy, Some(_)) => fit.grow(&Entropy::of_weights(total)),
        }?;
        if let Some(weights) = &weights {
            tree.weigh(prepared, labels, &rows, weights);
        }
        Ok(tree.prune(raw.ccp_alpha, raw.criterion))
    }
}

/// What is known before a tree grows.
struct Fit<'a> {
    prepared: &'a Prepared,
    params: &'a RawTreeParams,
    labels: &'a [u32],
    classes: usize,
    ties: TieOrder,
    /// What all rows weigh.
    total: u64,
    rows: &'a [u32],
    /// What the prepared records weigh, unless each weighs 1.
    weights: Option<&'a [u32]>,
    draws: Option<Draws>,
}

impl Fit<'_> {
    fn grow<I: Impurity>(self, impurity: &I) -> Result<DecisionTree, LearnerError> {
        let Self { prepared, params, labels, classes, ties, total, rows, weights, draws } = self;
        let setting = &Setting { prepared, impurity, params, total };
        let grow =
            |search: &mut dyn Search| grow(prepared, params, labels, rows.to_vec(), classes, ties, search);
        match (params.engine, weights) {
            (Engine::Linfa, _) => grow(&mut LinfaSearch::new(setting)),
            (Engine::Cart, None) => grow(&mut NodeSearch::new(setting, Ones, draws)),
            (Engine::Cart, Some(weights)) => grow(&mut NodeSearch::new(setting, ByRow(weights), draws)),
        }
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
