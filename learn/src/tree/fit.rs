//! From prepared columns, labels and rows to a tree: input checks, the order of the rows, the choice of engine.

use super::grow::grow;
use super::impurity::{Entropy, Gini};
use super::model::DecisionTree;
use super::params::{Criterion, Engine, TreeParams};
use super::prepared::Prepared;
use super::split::ExactSearch;
use super::stitched::StitchedSearch;
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
        _seed: Seed,
    ) -> Result<Self, LearnerError> {
        let rows = checked_rows(prepared, labels, rows, classes)?;
        let total = rows.len();
        let raw = params.get();
        if raw.ccp_alpha != 0.0 || raw.max_features.is_some() || raw.class_weight.is_some() {
            let rule = "pruning, drawn features and class weights are not offered yet";
            return Err(LearnerError::Parameter {
                parameter: "decision_tree",
                value: "options".into(),
                rule,
            });
        }
        match (raw.engine, raw.criterion) {
            (Engine::Cart, Criterion::Gini) => {
                let mut search = ExactSearch::new(prepared, &Gini, raw, total);
                grow(params, prepared, labels, rows, classes, &mut search)
            }
            (Engine::Cart, Criterion::Entropy) => {
                let entropy = Entropy::new(total);
                let mut search = ExactSearch::new(prepared, &entropy, raw, total);
                grow(params, prepared, labels, rows, classes, &mut search)
            }
            (Engine::Linfa, Criterion::Gini) => {
                let mut search = StitchedSearch::new(prepared, &Gini, raw, total);
                grow(params, prepared, labels, rows, classes, &mut search)
            }
            (Engine::Linfa, Criterion::Entropy) => {
                let entropy = Entropy::new(total);
                let mut search = StitchedSearch::new(prepared, &entropy, raw, total);
                grow(params, prepared, labels, rows, classes, &mut search)
            }
        }
    }
}

/// The rows, class by class and ascending within each, whatever order they came in.
fn checked_rows(
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
