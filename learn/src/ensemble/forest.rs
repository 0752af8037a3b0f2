//! Random forests (Breiman, 2001): trees on bootstrap samples whose nodes draw the features they look at; the answer is the mean
//! of the class shares of the leaves, summed in the order of the trees.
//!
//! A record that a sample holds twice counts twice, also in limits on records.

use ndarray::Array2;
use rayon::prelude::*;

use super::bagging::bootstrap;
use super::params::ForestParams;
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, SavedModel, Train, TrainingRows, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;
use crate::tree::{DecisionTree, Engine};

/// A fitted forest of at least one tree, all of the same features and classes.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::ForestModel;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::RandomForest(Default::default());
/// let model = learner.fit(samples, Seed::root(1))?;
/// assert_eq!(model.downcast_ref::<ForestModel>().unwrap().trees().len(), 100);
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ForestModel {
    pub(super) trees: Vec<DecisionTree>,
}

/// Records that a thread judges at a time: enough to be worth reading all trees for.
const CHUNK: usize = 2048;

impl ForestModel {
    /// The trees, in the order in which their answers are added.
    #[must_use]
    pub fn trees(&self) -> &[DecisionTree] {
        &self.trees
    }
}

impl Model for ForestModel {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        let classes = self.classes();
        let mut vectors = Array2::<f64>::zeros((requested.len(), classes));
        let sums = vectors.as_slice_mut().expect("a fresh array is contiguous");
        let trees = self.trees.len() as f64;
        sums.par_chunks_mut(CHUNK * classes).enumerate().for_each(|(chunk, sums)| {
            let first = chunk * CHUNK;
            let requested = requested.part(first..first + sums.len() / classes);
            self.trees.iter().for_each(|tree| tree.add_shares(&requested, sums));
            // Dividing can leave 1 + 1e-16 where all trees are certain; a probability stays a probability.
            sums.iter_mut().for_each(|sum| *sum = (*sum / trees).min(1.0));
        });
        PredictionVectors::of_distributions(vectors)
    }

    fn features(&self) -> usize {
        self.trees[0].features()
    }

    fn classes(&self) -> usize {
        self.trees[0].classes()
    }

    fn heap_bytes(&self) -> usize {
        self.trees.iter().map(|tree| size_of::<DecisionTree>() + tree.heap_bytes()).sum()
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }
}

impl Train for ForestParams {
    /// Grows the trees, all from the same prepared columns.
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let (columns, rows, params) = (data.prepared.columns()?, data.in_order()?, self.get());
        let tree = params.tree.clone().check().expect("checked with the forest");
        let grow = |place: u64| {
            let seed = seed.child("tree", place);
            let sample = if params.bootstrap { &bootstrap(&rows, seed) } else { &rows };
            DecisionTree::fit_rows(&tree, columns, data.labels, sample, data.classes, seed)
        };
        let trees: Vec<_> = (0..u64::from(params.trees)).into_par_iter().map(grow).collect();
        Ok(ForestModel { trees: trees.into_iter().collect::<Result<_, _>>()? }.into_local())
    }

    fn ranks_columns(&self) -> bool {
        true
    }

    fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.get().tree.check_classes(classes)
    }

    fn reproducible(&self, classes: usize) -> bool {
        self.get().tree.engine == Engine::Cart || classes <= 2
    }

    fn nesting(&self) -> u32 {
        1
    }

    fn members(&self) -> u64 {
        u64::from(self.get().trees)
    }
}
