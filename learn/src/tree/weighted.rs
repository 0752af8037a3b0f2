//! The search for splits where records have weights, or nodes draw the features that they look at.
//!
//! Weights are whole numbers, so the best split is exact and depends on no order, as in [`ExactSearch`]: among equals the
//! feature that comes first wins, then the lowest threshold. Integer weights give the splits of records repeated as often. Limits on
//! records count records.
//!
//! [`ExactSearch`]: super::split::ExactSearch

use rayon::prelude::*;

use super::candidates::Draws;
use super::grow::{NodeRows, Search, Split};
use super::impurity::{Impurity, Sides};
use super::params::RawTreeParams;
use super::weighted_scan::{Found, Space, Weighed};
use super::weights::Weigh;
use crate::columns::Prepared;
use crate::learner::LearnerError;

/// The engine for weights and draws.
pub(super) struct WeightedSearch<'a, I, W> {
    prepared: &'a Prepared,
    impurity: &'a I,
    params: &'a RawTreeParams,
    weights: W,
    /// What all records of the fit weigh, the unit of `min_impurity_decrease`.
    total: u64,
    /// Draws of features, unless every node looks at all of them.
    draws: Option<Draws>,
    space: Space,
    runs: Vec<u32>,
    run_of: Vec<u32>,
}

/// Values a node must have for its features to be dealt to threads.
const LARGE: usize = 1 << 18;

/// Features a thread takes at a time.
const BLOCK: usize = 16;

impl<'a, I: Impurity, W: Weigh> WeightedSearch<'a, I, W> {
    pub(super) fn new(
        prepared: &'a Prepared,
        impurity: &'a I,
        params: &'a RawTreeParams,
        weights: W,
        total: u64,
        draws: Option<Draws>,
    ) -> Self {
        let (space, runs, run_of) = (Space::default(), Vec::new(), Vec::new());
        Self { prepared, impurity, params, weights, total, draws, space, runs, run_of }
    }

    /// What the runs of the node weigh, and which run each of its records is in.
    fn weigh(&mut self, node: NodeRows<'_>) {
        self.runs.clear();
        self.run_of.clear();
        let mut rows = node.rows;
        for (place, run) in node.runs.iter().enumerate() {
            let (these, rest) = rows.split_at(run.records as usize);
            rows = rest;
            self.runs.push(these.iter().map(|&row| self.weights.of(row)).sum());
            self.run_of.extend(std::iter::repeat_n(place as u32, these.len()));
        }
    }
}

/// The best of some features, and those that vary.
type Block<S> = (Option<Found<S>>, Vec<u32>);

/// The best of some features, ascending; those that vary are appended to `varying`.
fn best_of<I: Impurity, W: Weigh>(
    task: &Weighed<'_, I, W>,
    features: &[u32],
    space: &mut Space,
    varying: &mut Vec<u32>,
) -> Option<Found<I::Score>> {
    if features.len() < 2 || features.len() * task.node.rows.len() < LARGE {
        let mut best = None;
        varying.extend(features.iter().filter(|&&feature| look(task, feature, space, &mut best)));
        return best;
    }
    let blocks: Vec<Block<I::Score>> = features
        .par_chunks(BLOCK.min(features.len().div_ceil(2)))
        .map_init(Space::default, |space, features| {
            let mut best = None;
            let vary = features.iter().copied().filter(|&feature| look(task, feature, space, &mut best));
            let vary = vary.collect();
            (best, vary)
        })
        .collect();
    blocks.into_iter().fold(None, |best, (next, some)| {
        varying.extend(some);
        better_of(task, best, next)
    })
}

/// Looks at a feature, after those of lower number; whether it varies at all.
fn look<I: Impurity, W: Weigh>(
    task: &Weighed<'_, I, W>,
    feature: u32,
    space: &mut Space,
    best: &mut Option<Found<I::Score>>,
) -> bool {
    if !task.node.ties.is_random() {
        return task.scan(feature, space, best);
    }
    let mut own = None;
    let varies = task.scan(feature, space, &mut own);
    *best = better_of(task, *best, own);
    varies
}

/// The better of two; among equals the one whose feature comes first.
fn better_of<I: Impurity, W>(
    task: &Weighed<'_, I, W>,
    a: Option<Found<I::Score>>,
    b: Option<Found<I::Score>>,
) -> Option<Found<I::Score>> {
    let (Some(first), Some(second)) = (a, b) else { return a.or(b) };
    let a_is_first = task.node.ties.is_before(first.split.feature, second.split.feature);
    let (first, second) = if a_is_first { (first, second) } else { (second, first) };
    Some(if task.impurity.better(&second.sides, &first.sides) { second } else { first })
}

/// The best of the features that the node draws. Of `ranked`, those that may still vary without those of two values, it
/// leaves in `varying` all but those that it found constant.
fn best_drawn<I: Impurity, W: Weigh>(
    task: &Weighed<'_, I, W>,
    draws: &mut Draws,
    ranked: &[u32],
    space: &mut Space,
    varying: &mut Vec<u32>,
) -> Option<Found<I::Score>> {
    let is_pair = |feature: &u32| task.prepared.pairs.binary_search(feature).is_ok();
    let may_vary = |feature: &u32| is_pair(feature) || ranked.binary_search(feature).is_ok();
    draws.begin();
    let mut features: Vec<u32> = (0..draws.count).map_while(|_| draws.draw()).filter(may_vary).collect();
    features.sort_unstable();
    let mut vary = Vec::with_capacity(features.len());
    let mut best = best_of(task, &features, space, &mut vary);
    let mut constant: Vec<u32> =
        features.into_iter().filter(|feature| vary.binary_search(feature).is_err()).collect();
    while vary.is_empty() {
        let Some(feature) = draws.draw() else { break };
        if may_vary(&feature) && task.scan(feature, space, &mut best) {
            vary.push(feature);
        } else {
            constant.push(feature);
        }
    }
    constant.sort_unstable();
    varying.extend(ranked.iter().filter(|feature| constant.binary_search(feature).is_err()));
    best
}

impl<I: Impurity, W: Weigh> Search for WeightedSearch<'_, I, W> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        self.weigh(node);
        let weight = self.runs.iter().sum();
        let sum = self.runs.iter().map(|&weight| self.impurity.term(weight)).sum();
        let task = Weighed {
            prepared: self.prepared,
            impurity: self.impurity,
            weights: self.weights,
            node,
            runs: &self.runs,
            run_of: &self.run_of,
            whole: Sides { left_records: 0, right_records: weight, left_sum: 0, right_sum: sum },
            min_samples_leaf: self.params.min_samples_leaf,
        };
        let best = match &mut self.draws {
            Some(draws) => best_drawn(&task, draws, features, &mut self.space, varying),
            None => {
                let ranked = best_of(&task, features, &mut self.space, varying);
                let pair = best_of(&task, &self.prepared.pairs, &mut self.space, &mut Vec::new());
                better_of(&task, ranked, pair)
            }
        };
        Ok(best
            .filter(|best| {
                let decrease = self.impurity.decrease(weight, sum, &best.sides);
                // The same allowance for rounding as scikit-learn's.
                decrease / self.total as f64 + f64::EPSILON >= self.params.min_impurity_decrease
            })
            .map(|best| best.split))
    }
}
