//! The search node by node: the best split of a node over features and thresholds.
//!
//! Records may have weights, which are whole numbers, and nodes may draw the features that they look at. Candidates are met feature
//! by feature, thresholds ascending, and only a strictly better one takes over, so among equals the feature that comes first wins,
//! then the lowest threshold. At large nodes the features are shared out among rayon's threads in blocks, whose winners are compared in
//! order: the same winner on any number of threads. Limits on records count records.

use rayon::prelude::*;

use super::draws::Draws;
use super::impurity::Impurity;
use super::node::{Best, Candidate, Node, NodeRows, Split, by_run};
use super::thresholds::{Scratch, Weighed};
use crate::columns::Prepared;
use crate::tree::params::RawTreeParams;
use crate::tree::weights::Weigh;

/// What is the same for all nodes of a fit.
#[derive(Debug)]
pub(crate) struct Setting<'a, I> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) impurity: &'a I,
    pub(crate) params: &'a RawTreeParams,
    /// What all records of the fit weigh, the unit of `min_impurity_decrease`.
    pub(crate) total: u64,
}

impl<'a, I: Impurity> Setting<'a, I> {
    /// A node whose runs weigh so much each.
    pub(crate) fn node<'n>(&self, of: NodeRows<'n>, weights: impl Iterator<Item = u32>) -> Node<'n, I>
    where
        'a: 'n,
    {
        let sum = weights.map(|weight| self.impurity.term(weight)).sum();
        Node { impurity: self.impurity, of, sum, min_samples_leaf: self.params.min_samples_leaf }
    }

    /// Whether the split of a node of that weight and that sum over classes brings enough.
    pub(crate) fn is_allowed(&self, best: &Candidate<I::Score>, weight: u32, sum: u64) -> bool {
        let decrease = self.impurity.decrease(weight, sum, &best.sides);
        // The same allowance for rounding as scikit-learn's.
        decrease / self.total as f64 + f64::EPSILON >= self.params.min_impurity_decrease
    }
}

/// The search of one fit, with space that is used again and again.
pub(crate) struct NodeSearch<'a, I, W> {
    pub(crate) setting: &'a Setting<'a, I>,
    weights: W,
    /// Draws of features, unless every node looks at all of them.
    draws: Option<Draws>,
    scratch: Scratch,
    run_weights: Vec<u32>,
    run_of: Vec<u32>,
}

/// Values a node must have for its features to be shared out among threads: half a millisecond of work. Smaller fits never
/// touch the thread pool, which would have to be started.
pub(super) const LARGE: usize = 1 << 18;

/// Features a thread takes at a time.
const BLOCK: usize = 16;

impl<'a, I: Impurity, W: Weigh> NodeSearch<'a, I, W> {
    pub(crate) fn new(setting: &'a Setting<'a, I>, weights: W, draws: Option<Draws>) -> Self {
        let (scratch, run_weights, run_of) = (Scratch::default(), Vec::new(), Vec::new());
        Self { setting, weights, draws, scratch, run_weights, run_of }
    }

    /// Whether every record weighs the same and every node looks at all features.
    pub(crate) fn is_plain(&self) -> bool {
        W::EQUAL && self.draws.is_none()
    }

    /// The best split of the node, `None` when there is none that the parameters allow. `features` are those that may still vary
    /// here, without those of two values; `varying` gets those that do, or more.
    pub(crate) fn best(
        &mut self,
        of: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Option<Split> {
        self.weigh(of);
        let (prepared, scratch) = (self.setting.prepared, &mut self.scratch);
        let weighed = Weighed {
            node: self.setting.node(of, self.run_weights.iter().copied()),
            prepared,
            weights: self.weights,
            run_weights: &self.run_weights,
            run_of: &self.run_of,
            weight: self.run_weights.iter().sum(),
        };
        let best = match &mut self.draws {
            Some(draws) => best_drawn(&weighed, draws, features, scratch, varying),
            None => {
                let ranked = best_of(&weighed, features, scratch, varying);
                let pair = if W::EQUAL {
                    self.setting.best_pair(&weighed.node)
                } else {
                    best_of(&weighed, &prepared.pairs, scratch, &mut Vec::new())
                };
                weighed.node.better_of(ranked, pair)
            }
        };
        best.filter(|best| self.setting.is_allowed(best, weighed.weight, weighed.node.sum))
            .map(|best| best.split)
    }

    /// What the runs of the node weigh, and which run each of its records is in.
    fn weigh(&mut self, of: NodeRows<'_>) {
        self.run_weights.clear();
        self.run_of.clear();
        for (place, rows) in by_run(of.rows, of.runs).enumerate() {
            self.run_weights.push(rows.iter().map(|&row| self.weights.of(row)).sum());
            self.run_of.extend(std::iter::repeat_n(place as u32, rows.len()));
        }
    }
}

/// The best of some features, ascending; those that vary are appended to `varying`.
fn best_of<I: Impurity, W: Weigh>(
    weighed: &Weighed<'_, I, W>,
    features: &[u32],
    scratch: &mut Scratch,
    varying: &mut Vec<u32>,
) -> Best<I::Score> {
    let scan =
        |features: &[u32], scratch: &mut Scratch, varying: &mut Vec<u32>| {
            let mut best = None;
            varying.extend(features.iter().filter(|&&feature| {
                weighed.node.look(&mut best, |best| weighed.scan(feature, scratch, best))
            }));
            best
        };
    if features.len() < 2 || features.len() * weighed.node.of.rows.len() < LARGE {
        return scan(features, scratch, varying);
    }
    let blocks: Vec<(Best<I::Score>, Vec<u32>)> = features
        .par_chunks(BLOCK.min(features.len().div_ceil(2)))
        .map_init(Scratch::default, |scratch, features| {
            let mut varying = Vec::new();
            (scan(features, scratch, &mut varying), varying)
        })
        .collect();
    blocks.into_iter().fold(None, |best, (next, some)| {
        varying.extend(some);
        weighed.node.better_of(best, next)
    })
}

/// The best of the features that the node draws. Of `ranked`, those that may still vary without those of two values, it
/// leaves in `varying` all but those that it found constant.
fn best_drawn<I: Impurity, W: Weigh>(
    weighed: &Weighed<'_, I, W>,
    draws: &mut Draws,
    ranked: &[u32],
    scratch: &mut Scratch,
    varying: &mut Vec<u32>,
) -> Best<I::Score> {
    let is_pair = |feature: &u32| weighed.prepared.pairs.binary_search(feature).is_ok();
    let may_vary = |feature: &u32| is_pair(feature) || ranked.binary_search(feature).is_ok();
    draws.begin();
    let mut features: Vec<u32> = (0..draws.count).map_while(|_| draws.draw()).filter(may_vary).collect();
    features.sort_unstable();
    let mut vary = Vec::with_capacity(features.len());
    let mut best = best_of(weighed, &features, scratch, &mut vary);
    let mut constant: Vec<u32> =
        features.into_iter().filter(|feature| vary.binary_search(feature).is_err()).collect();
    while vary.is_empty() {
        let Some(feature) = draws.draw() else { break };
        if may_vary(&feature) && weighed.scan(feature, scratch, &mut best) {
            vary.push(feature);
        } else {
            constant.push(feature);
        }
    }
    constant.sort_unstable();
    varying.extend(ranked.iter().filter(|feature| constant.binary_search(feature).is_err()));
    best
}
