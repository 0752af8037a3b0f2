//! AdaBoost for several classes: SAMME (Zhu et al., 2009, algorithm 2), with the rules of scikit-learn's AdaBoostClassifier.
//!
//! Records start with weights 1/n. Each round grows a tree on the weighted records; e is the share of the weight that it
//! gets wrong, K the number of classes that training shows, and its vote counts a = learning_rate * (ln((1 - e)/e) + ln(K - 1)).
//! Records that it got wrong are multiplied by exp(a), and weights are divided by their sum. A tree without error is the last
//! one, with a = 1; one that is no better than chance, e >= 1 - 1/K, is not kept and ends the rounds. No weight falls below
//! 2^-52, and rounds end when weights are no longer finite.
//!
//! The answer (their equations 13 to 15): f_c = sum of a over trees that say c, less 1/(K - 1) of the sum over the others,
//! divided by the sum of all a; probabilities are the softmax of f/(K - 1) over the classes that training shows. Where no tree
//! was kept, f is 0: each of those classes is as likely.
//!
//! Weights are added in the order that the records have by themselves, and trees use them as whole numbers, so no order
//! of rows changes a bit.

use ndarray::Array2;

use super::params::AdaBoostParams;
use crate::learner::{
    CheckedRecords, LearnerError, LocalModel, Model, SavedModel, Train, TrainingRows, Writer,
};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;
use crate::tree::DecisionTree;

/// Boosted trees.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::ensemble::AdaBoostModel;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::AdaBoost(Default::default());
/// let model = learner.fit(samples, Seed::root(1))?;
/// // One tree says it all.
/// assert_eq!(model.downcast_ref::<AdaBoostModel>().unwrap().rounds().len(), 1);
/// assert_eq!(model.predict_proba(array![[0.4], [10.6]].view())?.accuracy(&[0, 1]), Some(1.0));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AdaBoostModel {
    pub(super) features: usize,
    pub(super) classes: usize,
    /// Classes that training showed, ascending.
    pub(super) present: Vec<u32>,
    /// Trees in the order of rounds, each with what its vote counts.
    pub(super) rounds: Vec<(DecisionTree, f64)>,
}

impl AdaBoostModel {
    /// Turns the votes of one record, of `all`, into probabilities.
    fn softmax(&self, votes: &mut [f64], all: f64) {
        let others = votes.len() as f64 - 1.0;
        if others < 1.0 || all == 0.0 {
            let share = 1.0 / votes.len() as f64;
            votes.fill(share);
            return;
        }
        let decision = |vote: f64| (vote - (all - vote) / others) / all / others;
        let highest = votes.iter().copied().fold(0.0, f64::max);
        votes.iter_mut().for_each(|vote| *vote = (decision(*vote) - decision(highest)).exp());
        let sum: f64 = votes.iter().sum();
        votes.iter_mut().for_each(|vote| *vote /= sum);
    }

    /// The trees in the order of rounds, each with what its vote counts.
    #[must_use]
    pub fn rounds(&self) -> &[(DecisionTree, f64)] {
        &self.rounds
    }
}

impl Model for AdaBoostModel {
    fn predict(&self, requested: &CheckedRecords<'_>) -> PredictionVectors {
        let mut votes = Array2::<f64>::zeros((requested.len(), self.classes));
        let mut all = 0.0;
        for (tree, vote) in &self.rounds {
            let answers = tree.leaf_answers();
            let mut rows = votes.rows_mut().into_iter();
            tree.show_leaves(requested, |leaves| {
                for (&leaf, mut votes) in leaves.iter().zip(&mut rows) {
                    votes[answers[leaf as usize] as usize] += vote;
                }
            });
            all += vote;
        }
        let mut shares = Vec::with_capacity(self.present.len());
        for mut votes in votes.rows_mut() {
            shares.clear();
            shares.extend(self.present.iter().map(|&class| votes[class as usize]));
            self.softmax(&mut shares, all);
            votes.fill(if shares.is_empty() { 1.0 / self.classes as f64 } else { 0.0 });
            for (&class, &share) in self.present.iter().zip(&shares) {
                votes[class as usize] = share;
            }
        }
        PredictionVectors::of_distributions(votes)
    }

    fn features(&self) -> usize {
        self.features
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn heap_bytes(&self) -> usize {
        let rounds = self.rounds.iter().map(|(tree, _)| size_of::<(DecisionTree, f64)>() + tree.heap_bytes());
        rounds.sum::<usize>() + size_of_val(&self.present[..])
    }

    fn encode(&self, writer: &mut Writer) {
        writer.byte(Self::KINDS[0]);
        self.write(writer);
    }
}

impl Train for AdaBoostParams {
    /// Grows trees until a rule above ends the rounds.
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let (columns, rows, params) = (data.prepared.columns()?, data.in_order()?, self.get());
        let TrainingRows { labels, classes, .. } = data;
        let tree = params.tree.clone().check().expect("checked with the rounds");
        let mut present: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        present.dedup();
        let mut model = AdaBoostModel { features: columns.features(), classes, present, rounds: Vec::new() };
        let kinds = model.present.len() as f64;
        if model.present.len() < 2 {
            return Ok(model.into_local());
        }
        let mut weights = vec![1.0 / rows.len() as f64; rows.len()];
        let mut of_records = vec![0.0; labels.len()];
        for round in 0..params.rounds {
            for (weight, &row) in weights.iter_mut().zip(&rows) {
                *weight = weight.max(f64::EPSILON);
                // A row that is given twice weighs the same each time: it has the same history.
                of_records[row] = *weight;
            }
            let seed = seed.child("round", u64::from(round));
            let tree = DecisionTree::fit_weighted(&tree, columns, labels, &of_records, &rows, classes, seed)?;
            let answers = tree.leaf_answers();
            let wrong: Vec<bool> = rows
                .iter()
                .map(|&row| answers[tree.reach_prepared(columns, row as u32) as usize] != labels[row])
                .collect();
            let all: f64 = weights.iter().sum();
            let missed: f64 =
                weights.iter().zip(&wrong).filter(|(_, wrong)| **wrong).map(|(weight, _)| weight).sum();
            let error = missed / all;
            if error <= 0.0 {
                model.rounds.push((tree, 1.0));
                break;
            }
            let vote = params.learning_rate * (((1.0 - error) / error).ln() + (kinds - 1.0).ln());
            // The second is the first up to rounding; a vote must count something.
            if error >= 1.0 - 1.0 / kinds || vote <= 0.0 {
                break;
            }
            model.rounds.push((tree, vote));
            let more = vote.exp();
            weights.iter_mut().zip(wrong).filter(|(_, wrong)| *wrong).for_each(|(weight, _)| *weight *= more);
            let sum: f64 = weights.iter().sum();
            if !sum.is_finite() {
                break;
            }
            weights.iter_mut().for_each(|weight| *weight /= sum);
        }
        Ok(model.into_local())
    }

    fn ranks_columns(&self) -> bool {
        true
    }

    fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        self.get().tree.check_classes(classes)
    }

    fn nesting(&self) -> u32 {
        1
    }

    fn members(&self) -> u64 {
        u64::from(self.get().rounds)
    }
}
