//! The exact search: the best split of a node over all features and all thresholds.
//!
//! Candidates are met feature by feature, thresholds ascending, and only a strictly better one takes over, so among equals the
//! lowest feature wins, then the lowest threshold. Where ties are random, the best of each feature is compared with the best so
//! far and may take over as an equal. A split into two pure sides cannot be bettered, so the search ends with the first, unless
//! an equal one could still take over. At large nodes the features are dealt to rayon's threads in blocks, whose winners are compared in order: the
//! same winner on any number of threads.

use rayon::prelude::*;

use super::grow::{NodeRows, Search, Split};
use super::impurity::{Impurity, STRIP};
use super::model::DecisionTree;
use super::pairs::search_strip;
use super::params::RawTreeParams;
use super::scan::{Best, Candidate, Scratch, Task};
use super::subtree::{Top, grow_subtree};
use crate::columns::Prepared;
use crate::learner::LearnerError;

/// The exact engine.
pub(super) struct ExactSearch<'a, I> {
    pub(super) prepared: &'a Prepared,
    pub(super) impurity: &'a I,
    pub(super) params: &'a RawTreeParams,
    /// Records of the whole fit, the unit of `min_impurity_decrease`.
    total: usize,
    scratch: Scratch,
}

/// Values a node must have for its features to be dealt to threads: half a millisecond of work. Smaller fits never
/// touch the thread pool, which would have to be started.
const LARGE: usize = 1 << 19;

/// Features a thread takes at a time.
const BLOCK: usize = 16;

impl<'a, I: Impurity> ExactSearch<'a, I> {
    pub(super) fn new(
        prepared: &'a Prepared,
        impurity: &'a I,
        params: &'a RawTreeParams,
        total: usize,
    ) -> Self {
        Self { prepared, impurity, params, total, scratch: Scratch::default() }
    }

    /// The best over features of two values.
    pub(super) fn best_pair(&self, task: &Task<'_, I>) -> Best<I::Score> {
        let pairs = self.prepared.pairs.len();
        let strip = |first: usize, best: &mut Best<I::Score>| search_strip(task, self.prepared, first, best);
        if pairs > STRIP && pairs * task.node.rows.len() >= LARGE {
            let strips: Vec<Best<I::Score>> = (0..pairs.div_ceil(STRIP))
                .into_par_iter()
                .map(|place| {
                    let mut best = None;
                    strip(place * STRIP, &mut best);
                    best
                })
                .collect();
            return strips.into_iter().fold(None, |best, next| task.lead(best, next));
        }
        let mut best: Best<I::Score> = None;
        for first in (0..pairs).step_by(STRIP) {
            strip(first, &mut best);
            if task.is_settled(&best) {
                break;
            }
        }
        best
    }

    /// The best over the other features, of which `varying` are not constant here.
    fn best_ranked(
        &mut self,
        task: &Task<'_, I>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Best<I::Score> {
        if features.len() > 1 && features.len() * task.node.rows.len() >= LARGE {
            let blocks: Vec<(Best<I::Score>, Vec<u32>)> = features
                .par_chunks(BLOCK.min(features.len().div_ceil(2)))
                .map_init(Scratch::default, |scratch, features| {
                    let mut varying = Vec::new();
                    (self.scan_features(task, features, scratch, &mut varying), varying)
                })
                .collect();
            return blocks.into_iter().fold(None, |best, (next, some)| {
                varying.extend(some);
                task.lead(best, next)
            });
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let best = self.scan_features(task, features, &mut scratch, varying);
        self.scratch = scratch;
        best
    }

    fn scan_features(
        &self,
        task: &Task<'_, I>,
        features: &[u32],
        scratch: &mut Scratch,
        varying: &mut Vec<u32>,
    ) -> Best<I::Score> {
        let mut best: Best<I::Score> = None;
        for (place, &feature) in features.iter().enumerate() {
            let column = self.prepared.column(feature);
            let varies = task.weigh(&mut best, |best| task.scan(feature, column, scratch, best));
            if varies {
                varying.push(feature);
                if task.is_settled(&best) {
                    // The children are pure: nobody will ask what varies there.
                    varying.extend_from_slice(&features[place + 1..]);
                    break;
                }
            }
        }
        best
    }
}

impl<I: Impurity> ExactSearch<'_, I> {
    /// The node as it is searched.
    pub(super) fn task<'n>(&self, node: NodeRows<'n>) -> Task<'n, I>
    where
        Self: 'n,
    {
        Task {
            impurity: self.impurity,
            node,
            sum: node.runs.iter().map(|run| self.impurity.term(run.records)).sum(),
            min_samples_leaf: self.params.min_samples_leaf,
        }
    }

    /// Whether the split of a node of that many records and that sum over classes brings enough.
    pub(super) fn is_allowed(&self, best: &Candidate<I::Score>, records: u32, sum: u64) -> bool {
        let decrease = self.impurity.decrease(records, sum, &best.sides);
        // The same allowance for rounding as scikit-learn's.
        decrease / self.total as f64 + f64::EPSILON >= self.params.min_impurity_decrease
    }
}

impl<I: Impurity> Search for ExactSearch<'_, I> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        let task = self.task(node);
        let pair = self.best_pair(&task);
        let ranked = match pair.filter(|_| task.is_settled(&pair)) {
            Some(perfect) => {
                // Only a lower feature can still take its place.
                let lower = features.partition_point(|&feature| feature < perfect.split.feature);
                self.best_ranked(&task, &features[..lower], varying)
            }
            None => self.best_ranked(&task, features, varying),
        };
        Ok(task
            .lead(pair, ranked)
            .filter(|best| self.is_allowed(best, node.rows.len() as u32, task.sum))
            .map(|best| best.split))
    }

    fn subtree(&mut self, top: &Top<'_>, tree: &mut DecisionTree) -> bool {
        let small = top.is_small();
        if small {
            grow_subtree(self, top, tree);
        }
        small
    }
}
