//! A fitted tree as flat arrays, root first, every left child right behind its parent.
//!
//! A node sends a record left when its value is at most the threshold. Leaves keep the class counts of the training
//! records that reached them, and what these weigh; the probabilities of a leaf are its class shares, and those of a tree that saw no record are
//! uniform.

use ndarray::{Array2, ArrayView2};

use super::predict;
use super::split::node::{Run, Split};
use super::{Engine, TreeParams};
use crate::columns::Prepared;
use crate::dataset::Samples;
use crate::learner::{CheckedRecords, LearnerError, LocalModel, Model, Train, TrainingRows, Writer};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;

/// A fitted tree.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::tree::{DecisionTree, TreeParams};
/// use turncoat_learn::{Model, Prepared, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let tree = DecisionTree::fit(&TreeParams::default(), samples, Seed::root(1))?;
/// assert_eq!(tree.predict_proba(array![[5.4], [5.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// // One split, so two leaves.
/// assert_eq!(tree.reach(array![[0.0], [10.0]].view())?, [0, 1]);
///
/// // The same on some rows of records that are ranked once, without weights and with the same for all.
/// let ranked = Prepared::new(x.view())?;
/// let (params, labels, rows) = (TreeParams::default(), [0, 0, 1, 1], [0, 1, 2]);
/// let three = DecisionTree::fit_rows(&params, &ranked, &labels, &rows, 2, Seed::root(1))?;
/// let weights = [2.0; 4];
/// let weighed = DecisionTree::fit_weighted(&params, &ranked, &labels, &weights, &rows, 2, Seed::root(1))?;
/// assert_eq!(three.predict_proba(x.view())?, weighed.predict_proba(x.view())?);
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionTree {
    pub(super) features: usize,
    pub(super) classes: usize,
    pub(super) nodes: Vec<FlatNode>,
    /// The counts of leaf i are `counts[ends[i - 1]..ends[i]]`.
    pub(super) ends: Vec<usize>,
    /// (class, records), classes ascending, no zeros.
    pub(super) counts: Vec<(u32, u32)>,
    /// What each of the counts weighs, none zero, below 2^31 together; empty where every record weighs the same.
    pub(super) weights: Vec<u32>,
}

/// A node as it is walked, four in a cache line. The left child of a split is the next node; a leaf sends every finite
/// value right, to itself.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(16))]
pub(super) struct FlatNode {
    /// Feature of the split, 0 in a leaf.
    pub(super) feature: u32,
    /// Threshold of the split, minus infinity in a leaf.
    pub(super) threshold: f32,
    /// Right child of a split, the leaf's own place.
    pub(super) right: u32,
    /// Number of the leaf, [`NO_LEAF`] for a split.
    pub(super) leaf: u32,
}

/// Mark of a node that splits.
pub(super) const NO_LEAF: u32 = u32::MAX;

impl FlatNode {
    /// The leaf of that number and place.
    pub(super) fn of_leaf(leaf: u32, place: u32) -> Self {
        Self { feature: 0, threshold: f32::NEG_INFINITY, right: place, leaf }
    }
}

/// A node as a reader meets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node<'a> {
    /// Records with `value <= threshold` go to the node `left`, others to `right`.
    Split {
        /// The feature compared, from zero.
        feature: usize,
        /// What it is compared with.
        threshold: f32,
        /// Place of the left child.
        left: usize,
        /// Place of the right child.
        right: usize,
    },
    /// The end of a path.
    Leaf {
        /// Training records here, as (class, records); classes ascending, none with zero.
        counts: &'a [(u32, u32)],
    },
}

impl DecisionTree {
    /// Grows a tree on the given records.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds, or the lengths differ.
    pub fn fit(params: &TreeParams, samples: Samples<'_>, seed: Seed) -> Result<Self, LearnerError> {
        let prepared = Prepared::new(samples.records)?;
        let rows: Vec<usize> = (0..samples.labels.len().min(prepared.len())).collect();
        Self::fit_rows(params, &prepared, samples.labels, &rows, samples.classes, seed)
    }

    /// A tree without a node yet.
    pub(super) fn empty(features: usize, classes: usize) -> Self {
        let (nodes, ends, counts, weights) = Default::default();
        Self { features, classes, nodes, ends, counts, weights }
    }

    /// A split; its left child is the next node, its right child is not known yet.
    pub(super) fn push_split(&mut self, prepared: &Prepared, split: &Split) {
        let threshold = prepared.column(split.feature).threshold(split.lower, split.upper);
        self.nodes.push(FlatNode { feature: split.feature, threshold, right: NO_LEAF, leaf: NO_LEAF });
    }

    /// A leaf of the records of these runs.
    pub(super) fn push_leaf(&mut self, runs: &[Run]) {
        self.push_counts(runs.iter().map(|run| (run.class, run.records)));
    }

    /// A leaf with these records by class.
    pub(super) fn push_counts(&mut self, counts: impl Iterator<Item = (u32, u32)>) {
        self.nodes.push(FlatNode::of_leaf(self.ends.len() as u32, self.nodes.len() as u32));
        self.counts.extend(counts);
        self.ends.push(self.counts.len());
    }

    /// All nodes and leaves of another tree without weights, behind its own.
    pub(super) fn append(&mut self, other: &Self) {
        let (place, leaf, count) = (self.nodes.len() as u32, self.ends.len() as u32, self.counts.len());
        self.nodes.extend(other.nodes.iter().map(|node| {
            let leaf = if node.leaf == NO_LEAF { NO_LEAF } else { node.leaf + leaf };
            FlatNode { right: node.right + place, leaf, ..*node }
        }));
        self.ends.extend(other.ends.iter().map(|end| end + count));
        self.counts.extend_from_slice(&other.counts);
    }

    /// Appends the vectors of the records.
    fn append_shares(&self, asked: &CheckedRecords<'_>, vectors: &mut Vec<f64>) {
        self.show_leaves(asked, |leaves| {
            // A group's vectors are cleared and written while they are in the cache.
            let done = vectors.len();
            vectors.resize(done + leaves.len() * self.classes, 0.0);
            for (&leaf, vector) in leaves.iter().zip(vectors[done..].chunks_exact_mut(self.classes)) {
                self.for_shares(leaf as usize, |class, share| vector[class] = share);
            }
        });
    }

    fn of_shares(&self, vectors: Vec<f64>) -> PredictionVectors {
        let shape = (vectors.len() / self.classes, self.classes);
        let vectors = Array2::from_shape_vec(shape, vectors).expect("each vector has a share for each class");
        PredictionVectors::of_distributions(vectors)
    }

    /// The leaf, by its number from the left, that each of the records `[n, d]` reaches.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::NotFinite`].
    pub fn reach(&self, records: ArrayView2<'_, f32>) -> Result<Vec<u32>, LearnerError> {
        let mut leaves = Vec::with_capacity(records.nrows());
        CheckedRecords::in_turn(records, self.features, predict::together(self.features), |asked| {
            self.show_leaves(asked, |reached| leaves.extend_from_slice(reached));
        })?;
        Ok(leaves)
    }

    /// Shows the leaves that checked records reach, some at a time, in their order.
    pub(crate) fn show_leaves(&self, asked: &CheckedRecords<'_>, reached: impl FnMut(&[u32])) {
        predict::leaves(&self.nodes, self.features, asked, reached);
    }

    /// Adds the class shares of the leaf that each record reaches to its vector, `[n, classes]` in all.
    pub(crate) fn add_shares(&self, asked: &CheckedRecords<'_>, vectors: &mut [f64]) {
        let mut rows = vectors.chunks_exact_mut(self.classes);
        self.show_leaves(asked, |leaves| {
            for (&leaf, vector) in leaves.iter().zip(&mut rows) {
                self.for_shares(leaf as usize, |class, share| vector[class] += share);
            }
        });
    }

    /// Number of leaves.
    #[must_use]
    pub fn leaves(&self) -> usize {
        self.ends.len()
    }

    /// Splits on the longest path from the root to a leaf.
    #[must_use]
    pub fn depth(&self) -> usize {
        let mut depths = vec![0usize; self.nodes.len()];
        // Children stand behind their parents, so one pass meets parents first.
        for (place, node) in self.nodes.iter().enumerate() {
            if node.leaf == NO_LEAF {
                let children = [place + 1, node.right as usize];
                children.into_iter().for_each(|child| depths[child] = depths[place] + 1);
            }
        }
        depths.into_iter().max().unwrap_or(0)
    }

    /// All nodes, the root first, children behind their parents.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.nodes.iter().enumerate().map(|(place, node)| match node.leaf {
            NO_LEAF => Node::Split {
                feature: node.feature as usize,
                threshold: node.threshold,
                left: place + 1,
                right: node.right as usize,
            },
            leaf => Node::Leaf { counts: self.leaf_counts(leaf as usize) },
        })
    }
}

/// Class shares of the leaf that each record reaches.
impl Model for DecisionTree {
    fn predict(&self, records: &CheckedRecords<'_>) -> PredictionVectors {
        let mut vectors: Vec<f64> = Vec::with_capacity(records.len() * self.classes);
        self.append_shares(records, &mut vectors);
        self.of_shares(vectors)
    }

    /// Looks at a few records at a time, just before it needs them.
    fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        let mut vectors: Vec<f64> = Vec::with_capacity(records.nrows() * self.classes);
        let together = predict::together(self.features);
        CheckedRecords::in_turn(records, self.features, together, |few| {
            self.append_shares(few, &mut vectors)
        })?;
        Ok(self.of_shares(vectors))
    }

    fn features(&self) -> usize {
        self.features
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn heap_bytes(&self) -> usize {
        size_of_val(&self.nodes[..])
            + size_of_val(&self.ends[..])
            + size_of_val(&self.counts[..])
            + size_of_val(&self.weights[..])
    }

    fn encode(&self, writer: &mut Writer) {
        self.write(writer);
    }

    /// The nodes of one path, and few paths are as long as this.
    fn bytes_read(&self) -> usize {
        256 * size_of::<FlatNode>()
    }

    fn smallest_leaf(&self) -> Option<u64> {
        Some(self.leaf_report().smallest_leaf)
    }
}

impl Train for TreeParams {
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let TrainingRows { prepared, labels, rows, classes } = data;
        Ok(DecisionTree::fit_rows(self, prepared.columns()?, labels, rows, classes, seed)?.into_local())
    }

    fn ranks_columns(&self) -> bool {
        true
    }

    fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.get().check_classes(classes)
    }

    /// Only the engine on linfa-trees, with more than two classes, is not: it adds f32 shares of classes in random order.
    fn reproducible(&self, classes: usize) -> bool {
        self.get().engine == Engine::Cart || classes <= 2
    }
}
