//! The tree that `linfa-trees` grows when it is asked for one split at a time.
//!
//! A whole fit of linfa-trees 0.8.1 compares a value with the next of the whole data set and not of the node, so it misses
//! every split whose tie group ends in another node. A fit of depth 1 on the node's own rows has no other rows, and misses
//! nothing. What it is given are the ranks of the values among the node's own, so its tolerance of 1e-5 between values and
//! its strict comparison in prediction never matter; thresholds, counts and routing are ours.
//!
//! linfa-trees adds its impurities in f32 and asks for a positive drop, so it gives up on splits that gain nothing (the root
//! of an exclusive or) or next to nothing. There the exact search decides; each node thus makes progress or is a leaf.
//! Its class counts live in a map of random order: with more than two classes, equal splits may be decided differently
//! from fit to fit.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_trees::{DecisionTree, SplitQuality};
use ndarray::{Array1, Array2};

use super::grow::Search;
use super::params::Criterion;
use super::split::impurity::Impurity;
use super::split::node::{NodeRows, Split};
use super::split::search::{NodeSearch, Setting};
use super::weights::Ones;
use crate::learner::LearnerError;

/// The smallest drop of impurity to ask for: f32 sums show none that is smaller, and zero is not allowed.
const SMALLEST_DROP: f64 = 1e-9;

/// One fit of depth 1 a node.
pub(super) struct LinfaSearch<'a, I> {
    setting: &'a Setting<'a, I>,
    exact: NodeSearch<'a, I, Ones>,
}

impl<'a, I: Impurity> LinfaSearch<'a, I> {
    pub(super) fn new(setting: &'a Setting<'a, I>) -> Self {
        Self { setting, exact: NodeSearch::new(setting, Ones, None) }
    }

    /// Where linfa-trees splits the node: the feature, and how many of its distinct values go left.
    fn stump(&self, ranks: Array2<f64>, node: NodeRows<'_>) -> Result<Option<(usize, usize)>, LearnerError> {
        let engine =
            |error: linfa::Error| LearnerError::Engine { engine: "linfa-trees", reason: error.to_string() };
        let labels: Array1<usize> = node
            .runs
            .iter()
            .enumerate()
            .flat_map(|(place, run)| std::iter::repeat_n(place, run.records as usize))
            .collect();
        let stump = DecisionTree::<f64, usize>::params()
            .split_quality(match self.setting.params.criterion {
                Criterion::Gini => SplitQuality::Gini,
                Criterion::Entropy => SplitQuality::Entropy,
            })
            .max_depth(Some(1))
            .min_weight_split(2.0)
            .min_weight_leaf(self.setting.params.min_samples_leaf as f32)
            .min_impurity_decrease(SMALLEST_DROP)
            .check()
            .map_err(engine)?
            .fit(&DatasetBase::new(ranks, labels))
            .map_err(engine)?;
        // A stump whose sides predict the same class is pruned to a leaf, but keeps its split; one that found none drops
        // the impurity by nothing.
        let (feature, between, drop) = stump.root_node().split();
        if drop <= 0.0 {
            return Ok(None);
        }
        let share = node.rows.len() as f64 / self.setting.total as f64;
        if drop * share + f64::from(f32::EPSILON) < self.setting.params.min_impurity_decrease {
            return Ok(None);
        }
        Ok(Some((feature, between as usize + 1)))
    }
}

impl<I: Impurity> Search for LinfaSearch<'_, I> {
    fn best(
        &mut self,
        node: NodeRows<'_>,
        features: &[u32],
        varying: &mut Vec<u32>,
    ) -> Result<Option<Split>, LearnerError> {
        let prepared = self.setting.prepared;
        // Distinct codes of the node, feature by feature; a feature without two says nothing.
        let mut distinct = Vec::new();
        let mut candidates = Vec::new();
        for &feature in prepared.pairs.iter().chain(features) {
            let mut codes: Vec<u32> = node.rows.iter().map(|&row| prepared.code(feature, row)).collect();
            codes.sort_unstable();
            codes.dedup();
            if codes.len() > 1 {
                candidates.push(feature);
                distinct.push(codes);
            }
        }
        varying.extend_from_slice(features);
        if candidates.is_empty() {
            return Ok(None);
        }
        let ranks = Array2::from_shape_fn((node.rows.len(), candidates.len()), |(record, place)| {
            let code = prepared.code(candidates[place], node.rows[record]);
            distinct[place].partition_point(|&other| other < code) as f64
        });
        match self.stump(ranks, node)? {
            Some((place, left)) if left < distinct.get(place).map_or(0, Vec::len) => Ok(Some(Split {
                feature: candidates[place],
                lower: distinct[place][left - 1],
                upper: distinct[place][left],
            })),
            _ => Ok(self.exact.best(node, features, &mut Vec::new())),
        }
    }
}

#[cfg(test)]
mod tests {
    use linfa::traits::Predict;
    use ndarray::array;

    use super::*;
    use crate::dataset::Samples;
    use crate::learner::Learner;
    use crate::seed::Seed;
    use crate::tree::{Engine, RawTreeParams};

    #[test]
    fn a_whole_fit_of_linfa_trees_misses_what_fits_of_one_split_find() {
        // Once feature 0 has divided the rows, feature 1 decides on each side. But in the order of feature 1 over all rows the last
        // zero, and the last one, lie on the other side of the first split.
        let records = array![
            [0.0f32, 0.0],
            [0.0, 1.0],
            [0.0, 0.0],
            [0.0, 1.0],
            [1.0, 1.0],
            [1.0, 0.0],
            [1.0, 1.0],
            [1.0, 0.0],
        ];
        let labels = [0u32, 1, 0, 1, 2, 3, 2, 3];
        let whole = DecisionTree::<f64, usize>::params()
            .fit(&DatasetBase::new(
                records.mapv(f64::from),
                Array1::from_iter(labels.map(|label| label as usize)),
            ))
            .unwrap();
        let predicted: Array1<usize> = whole.predict(&records.mapv(f64::from));
        let right = predicted.iter().zip(labels).filter(|&(&label, truth)| label == truth as usize).count();
        assert!(right < 8, "linfa-trees has learned to look at the node's own rows");
        for engine in [Engine::Linfa, Engine::Cart] {
            let learner =
                Learner::DecisionTree(RawTreeParams { engine, ..RawTreeParams::default() }.check().unwrap());
            let samples = Samples { records: records.view(), labels: &labels, classes: 4 };
            let model = learner.fit(samples, Seed::root(0)).unwrap();
            let vectors = model.predict_proba(records.view()).unwrap();
            assert_eq!(vectors.accuracy(&labels), Some(1.0), "{engine:?}");
        }
    }

    #[test]
    fn only_linfa_trees_with_many_classes_is_not_reproducible() {
        let learner = |engine| {
            Learner::DecisionTree(RawTreeParams { engine, ..RawTreeParams::default() }.check().unwrap())
        };
        assert!(learner(Engine::Cart).reproducible(100));
        assert!(learner(Engine::Linfa).reproducible(2));
        assert!(!learner(Engine::Linfa).reproducible(3));
    }
}
