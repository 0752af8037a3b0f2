//! Growing a tree from the root down, whichever engine looks for the splits.
//!
//! The rows of a node are a stretch of one array, grouped by class; a split divides the stretch in place and keeps the
//! order within each side, so the classes stay grouped and rows stay ascending. Open nodes wait on a list, so
//! the depth of a tree is bounded by memory and not by the call stack.

use super::model::DecisionTree;
use super::params::RawTreeParams;
use super::split::impurity::Impurity;
use super::split::node::{NodeRows, Run, Split};
use super::split::search::NodeSearch;
use super::split::ties::TieOrder;
use super::subtree::{Top, grow_subtree};
use super::weights::Weigh;
use crate::columns::{Codes, Prepared};
use crate::learner::LearnerError;

/// An engine: what looks for the best split of a node.
pub(super) trait Search {
    /// The best split of the node, `None` when there is none that the parameters allow. `features` are those that may
    /// still vary here, without those of two values; the search leaves in `varying` those that do, or more.
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError>;

    /// Grows all that is below a node and appends it to the tree, if the engine has a way to do so that is quicker than node
    /// by node; whether it did.
    fn subtree(&mut self, _top: &Top<'_>, _tree: &mut DecisionTree) -> bool {
        false
    }
}

impl<I: Impurity, W: Weigh> Search for NodeSearch<'_, I, W> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        Ok(self.best(node, features, varying))
    }

    fn subtree(&mut self, top: &Top<'_>, tree: &mut DecisionTree) -> bool {
        let by_lists = self.is_plain() && top.is_small();
        if by_lists {
            grow_subtree(self.setting, top, tree);
        }
        by_lists
    }
}

/// A node that is still to be looked at.
struct Open {
    start: usize,
    end: usize,
    depth: u32,
    ties: TieOrder,
    /// Whose right child it is, if anyone's.
    right_of: Option<u32>,
    /// Its features: a stretch of the list of features.
    features: (usize, usize),
}

/// Grows a tree on the rows, which are given class by class, ascending within each: `rows[..]` and `labels[row]`.
pub(super) fn grow(
    prepared: &Prepared,
    params: &RawTreeParams,
    labels: &[u32],
    mut rows: Vec<u32>,
    classes: usize,
    ties: TieOrder,
    search: &mut dyn Search,
) -> Result<DecisionTree, LearnerError> {
    let mut tree = DecisionTree::empty(prepared.features(), classes);
    // Lists of features that still vary, one for each node on the way down.
    let mut features = prepared.ranked.clone();
    let mut varying = Vec::new();
    let mut runs = Vec::new();
    let mut aside = Vec::new();
    let (end, last) = (rows.len(), features.len());
    let mut open = vec![Open { start: 0, end, depth: 0, ties, right_of: None, features: (0, last) }];
    while let Some(Open { start, end, depth, ties, right_of, features: (first, last) }) = open.pop() {
        let place = tree.nodes.len() as u32;
        if let Some(parent) = right_of {
            tree.nodes[parent as usize].right = place;
        }
        let top = Top { rows: &rows[start..end], labels, depth, ties, features: &features[first..last] };
        if search.subtree(&top, &mut tree) {
            continue;
        }
        runs_of(&rows[start..end], |row| labels[row as usize], &mut runs);
        let split = if may_split(params, end - start, &runs, depth) {
            // Lists behind this node's belong to subtrees that are done.
            features.truncate(last);
            varying.clear();
            let node = NodeRows { rows: &rows[start..end], runs: &runs, ties };
            search.best(node, &features[first..last], &mut varying)?
        } else {
            None
        };
        let Some(split) = split else {
            tree.push_leaf(&runs);
            continue;
        };
        let middle = start + divide(&mut rows[start..end], |row| row, prepared, &split, &mut aside);
        let list = if varying.len() < last - first {
            features.extend_from_slice(&varying);
            (last, features.len())
        } else {
            (first, last)
        };
        tree.push_split(prepared, &split);
        let depth = depth + 1;
        let [to_left, to_right] = [false, true].map(|is_right| ties.child(is_right));
        open.push(Open { start: middle, end, depth, ties: to_right, right_of: Some(place), features: list });
        open.push(Open { start, end: middle, depth, ties: to_left, right_of: None, features: list });
    }
    Ok(tree)
}

/// Whether the parameters allow a split of a node of that depth, whatever its features.
pub(super) fn may_split(params: &RawTreeParams, records: usize, runs: &[Run], depth: u32) -> bool {
    let records = records as u64;
    runs.len() > 1
        && params.max_depth.is_none_or(|deepest| depth < deepest)
        && records >= u64::from(params.min_samples_split)
        && records >= 2 * u64::from(params.min_samples_leaf)
}

/// The classes of records that are grouped by class.
pub(super) fn runs_of(records: &[u32], label: impl Fn(u32) -> u32, runs: &mut Vec<Run>) {
    runs.clear();
    for &record in records {
        let class = label(record);
        match runs.last_mut() {
            Some(run) if run.class == class => run.records += 1,
            _ => runs.push(Run { class, records: 1 }),
        }
    }
}

/// Moves the records that the split sends left to the front, keeping the order on both sides; how many they are. `row`
/// tells which row of the prepared records a record is.
pub(super) fn divide(
    records: &mut [u32],
    row: impl Fn(u32) -> u32,
    prepared: &Prepared,
    split: &Split,
    aside: &mut Vec<u32>,
) -> usize {
    let lower = split.lower;
    match &prepared.column(split.feature).codes {
        Codes::Pair(place) => {
            let (width, place) = (prepared.pairs.len(), *place as usize);
            let code = |record| prepared.pair_codes[row(record) as usize * width + place];
            divide_by(records, |record| code(record) == 0, aside)
        }
        Codes::Bytes(codes) => {
            divide_by(records, |record| u32::from(codes[row(record) as usize]) <= lower, aside)
        }
        Codes::Shorts(codes) => {
            divide_by(records, |record| u32::from(codes[row(record) as usize]) <= lower, aside)
        }
        Codes::Words(codes) => divide_by(records, |record| codes[row(record) as usize] <= lower, aside),
    }
}

fn divide_by(rows: &mut [u32], goes_left: impl Fn(u32) -> bool, aside: &mut Vec<u32>) -> usize {
    aside.clear();
    aside.resize(rows.len(), 0);
    let (mut left, mut right) = (0, 0);
    for at in 0..rows.len() {
        let row = rows[at];
        let is_left = goes_left(row);
        // Both stores, one kept: no branch to mispredict. `left <= at`, so nothing unread is overwritten.
        rows[left] = row;
        aside[right] = row;
        left += usize::from(is_left);
        right += usize::from(!is_left);
    }
    rows[left..].copy_from_slice(&aside[..right]);
    left
}
