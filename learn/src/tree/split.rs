//! The exact search: the best split of a node over all features and all thresholds.
//!
//! Candidates are met feature by feature, thresholds ascending, and only a strictly better one takes over, so among equals the
//! lowest feature wins, then the lowest threshold.

use super::grow::{NodeRows, Search, Split};
use super::impurity::{Impurity, Sides};
use super::params::RawTreeParams;
use super::prepared::{Codes, Prepared};
use crate::learner::LearnerError;

/// A split and how good it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) split: Split,
    pub(super) sides: Sides,
}

/// The exact engine.
pub(super) struct ExactSearch<'a, I> {
    prepared: &'a Prepared,
    impurity: &'a I,
    params: &'a RawTreeParams,
    /// Records of the whole fit, the unit of `min_impurity_decrease`.
    total: usize,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    /// (code, run) of the node's rows.
    keys: Vec<u64>,
    /// Records on the left, by run.
    left: Vec<u32>,
}

impl<'a, I: Impurity> ExactSearch<'a, I> {
    pub(super) fn new(
        prepared: &'a Prepared,
        impurity: &'a I,
        params: &'a RawTreeParams,
        total: usize,
    ) -> Self {
        Self { prepared, impurity, params, total, scratch: Scratch::default() }
    }
}

impl<I: Impurity> Search for ExactSearch<'_, I> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        let sum: u64 = node.runs.iter().map(|run| self.impurity.term(run.records)).sum();
        let mut best: Option<Candidate> = None;
        for (place, &feature) in features.iter().enumerate() {
            let before = best;
            if self.scan(node, sum, feature, &mut best) {
                varying.push(feature);
            }
            if best.is_some_and(|best| before.is_none() && self.impurity.perfect(&best.sides))
                || best.zip(before).is_some_and(|(best, before)| {
                    best.split != before.split && self.impurity.perfect(&best.sides)
                })
            {
                // Nothing can be strictly better, and the children are leaves.
                varying.extend_from_slice(&features[place + 1..]);
                break;
            }
        }
        Ok(best
            .filter(|best| {
                let decrease = self.impurity.decrease(node.rows.len() as u32, sum, &best.sides);
                // The same allowance for rounding as scikit-learn's.
                decrease / self.total as f64 + f64::EPSILON >= self.params.min_impurity_decrease
            })
            .map(|best| best.split))
    }
}

impl<I: Impurity> ExactSearch<'_, I> {
    /// Looks at every threshold of one feature; whether it varies at all.
    fn scan(&mut self, node: NodeRows<'_>, sum: u64, feature: u32, best: &mut Option<Candidate>) -> bool {
        let column = self.prepared.column(feature);
        let keys = &mut self.scratch.keys;
        keys.clear();
        match &column.codes {
            Codes::Bytes(codes) => collect(node, |row| u64::from(codes[row as usize]), keys),
            Codes::Shorts(codes) => collect(node, |row| u64::from(codes[row as usize]), keys),
            Codes::Words(codes) => collect(node, |row| u64::from(codes[row as usize]), keys),
        }
        keys.sort_unstable();
        if keys[0] >> 32 == keys[keys.len() - 1] >> 32 {
            return false;
        }
        let left = &mut self.scratch.left;
        left.clear();
        left.resize(node.runs.len(), 0);
        let records = node.rows.len() as u32;
        let mut sides = Sides { left_records: 0, right_records: records, left_sum: 0, right_sum: sum };
        for pair in 0..keys.len() - 1 {
            let run = keys[pair] as u32 as usize;
            self.impurity.shift(&mut sides, left[run], node.runs[run].records - left[run], 1);
            left[run] += 1;
            let (lower, upper) = ((keys[pair] >> 32) as u32, (keys[pair + 1] >> 32) as u32);
            if lower == upper
                || sides.left_records < self.params.min_samples_leaf
                || sides.right_records < self.params.min_samples_leaf
            {
                continue;
            }
            if best.is_none_or(|best| self.impurity.better(&sides, &best.sides)) {
                *best = Some(Candidate { split: Split { feature, lower, upper }, sides });
            }
        }
        true
    }
}

fn collect(node: NodeRows<'_>, code: impl Fn(u32) -> u64, keys: &mut Vec<u64>) {
    let mut rows = node.rows;
    for (place, run) in node.runs.iter().enumerate() {
        let (these, rest) = rows.split_at(run.records as usize);
        rows = rest;
        keys.extend(these.iter().map(|&row| code(row) << 32 | place as u64));
    }
}
