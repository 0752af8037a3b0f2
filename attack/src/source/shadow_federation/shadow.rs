//! One shadow federation of two parties, trained on records of the adversary's own.
//!
//! For each shadow party a class distribution q is drawn from the uniform distribution on the simplex, over the classes
//! that the adversary holds; of n records, about q_c * n / 3 of class c are given to it, without replacement. A third of
//! each class, rounded up, is kept back, so every class that the adversary holds leaves probes; where the two parties
//! want more than the rest, both get proportionally less. Records that are in neither shard are the probes: training data of
//! neither party, as the adversary's own records are in the real federation.
//!
//! Two parties are enough for any number of candidates, since owners are told apart by strengths that treat all alike,
//! and they get larger shards than more parties would.
//!
//! Guarantee: a shadow federation depends on the records, the learner and its seed alone.

use rand::seq::SliceRandom;
use rand_distr::{Distribution, Exp1};
use turncoat_learn::PreparedRecords;
use turncoat_learn::seed::Stream;
use turncoat_learn::{Learner, LearnerError, PredictionVectors, Samples, Seed};

use crate::source::shadow_federation::owner::{Comparison, Evidence, evidence};
use crate::source::shadow_federation::shares::{ClassTraits, Confusion, ShareModel};

/// The adversary's records, made ready for many fits.
pub(super) struct Stage<'a> {
    pub(super) samples: Samples<'a>,
    pub(super) learner: &'a Learner,
    pub(super) prepared: PreparedRecords<'a>,
    /// Rows by class, in row order.
    pub(super) by_class: Vec<Vec<usize>>,
}

/// What the adversary learns from one shadow federation.
pub(super) struct Shadow {
    /// Of each shadow party.
    parties: [ShadowParty; 2],
    /// Of each training record: its label, its owner (0 or 1), and what both parties' answers say.
    records: Vec<(u32, usize, [Evidence; 2])>,
}

struct ShadowParty {
    traits: Vec<ClassTraits>,
    counts: Vec<usize>,
}

/// Rows given to two parties, and rows kept back.
struct Shards {
    shards: [Vec<usize>; 2],
    probes: Vec<usize>,
}

impl<'a> Stage<'a> {
    /// Sorts and prepares the records.
    ///
    /// # Errors
    /// [`LearnerError`] of the records or their labels.
    pub(super) fn new(samples: Samples<'a>, learner: &'a Learner) -> Result<Self, LearnerError> {
        let mut by_class = vec![Vec::new(); samples.classes];
        for (row, &label) in samples.labels.iter().enumerate() {
            let classes = samples.classes;
            by_class.get_mut(label as usize).ok_or(LearnerError::Label { row, label, classes })?.push(row);
        }
        Ok(Self { samples, learner, prepared: learner.prepare(samples.records)?, by_class })
    }

    /// Draws, trains and asks one shadow federation.
    ///
    /// # Errors
    /// [`LearnerError`] of a shadow model.
    pub(super) fn train(&self, seed: Seed) -> Result<Shadow, LearnerError> {
        let Samples { labels, classes, .. } = self.samples;
        let all: Vec<usize> = (0..labels.len()).collect();
        let Shards { shards, probes } = self.draw(&mut seed.stream("deal"));
        let answer = |party: usize| -> Result<PredictionVectors, LearnerError> {
            let seed = seed.child("party", party as u64 + 1);
            let rows = &shards[party];
            self.learner
                .fit_rows(&self.prepared, labels, rows, classes, seed)?
                .predict_rows(&self.prepared, &all)
        };
        let answers = [answer(0)?, answer(1)?];
        let party = |party: usize| {
            let mut confusion = Confusion::new(classes);
            for &row in &probes {
                confusion.add(labels[row] as usize, answers[party].row(row));
            }
            let mut counts = vec![0; classes];
            for &row in &shards[party] {
                counts[labels[row] as usize] += 1;
            }
            ShadowParty { traits: confusion.traits(), counts }
        };
        let training =
            shards.iter().enumerate().flat_map(|(owner, rows)| rows.iter().map(move |&row| (owner, row)));
        let records = training
            .map(|(owner, row)| {
                let label = labels[row];
                (label, owner, [0, 1].map(|party| evidence(answers[party].row(row), label)))
            })
            .collect();
        Ok(Shadow { parties: [party(0), party(1)], records })
    }

    fn draw(&self, stream: &mut Stream) -> Shards {
        let third = self.samples.labels.len() as f64 / 3.0;
        let skews = [self.skew(stream), self.skew(stream)];
        let mut shards = Shards { shards: [Vec::new(), Vec::new()], probes: Vec::new() };
        for (class, rows) in self.by_class.iter().enumerate() {
            let mut rows = rows.clone();
            rows.shuffle(stream);
            let most = rows.len() - rows.len().div_ceil(3);
            let wanted = [skews[0][class] * third, skews[1][class] * third];
            let scale = (most as f64 / (wanted[0] + wanted[1])).min(1.0);
            let first = ((wanted[0] * scale).round() as usize).min(most);
            let second = ((wanted[1] * scale).round() as usize).min(most - first);
            shards.shards[0].extend_from_slice(&rows[..first]);
            shards.shards[1].extend_from_slice(&rows[first..first + second]);
            shards.probes.extend_from_slice(&rows[first + second..]);
        }
        shards
    }

    /// A uniform draw from the simplex of the classes held: exponential draws over their sum. Zero elsewhere.
    fn skew(&self, stream: &mut Stream) -> Vec<f64> {
        let draws: Vec<f64> = self
            .by_class
            .iter()
            .map(|rows| {
                let draw: f64 = Exp1.sample(stream);
                if rows.is_empty() { 0.0 } else { draw }
            })
            .collect();
        let sum: f64 = draws.iter().sum();
        draws.into_iter().map(|draw| if sum > 0.0 { draw / sum } else { 0.0 }).collect()
    }
}

impl Shadow {
    /// What the shadow parties' probes showed, and their true class counts.
    pub(super) fn parties(&self) -> impl Iterator<Item = (&[ClassTraits], &[usize])> {
        self.parties.iter().map(|party| (&party.traits[..], &party.counts[..]))
    }

    /// The log shares of the shadow parties as the model estimates them from their probes, `[parties][classes]`.
    pub(super) fn log_shares(&self, shares: &ShareModel) -> Vec<Vec<f64>> {
        self.parties.iter().map(|party| shares.log_shares(&party.traits)).collect()
    }

    /// The training records as comparisons of owner and other, with the shares as estimated, `[parties][classes]`.
    pub(super) fn comparisons(&self, log_shares: &[Vec<f64>]) -> Vec<Comparison> {
        self.records
            .iter()
            .map(|&(label, owner, evidence)| {
                let (class, other) = (label as usize, 1 - owner);
                Comparison {
                    log_share_ratio: log_shares[owner][class] - log_shares[other][class],
                    evidence: [0, 1].map(|part| evidence[owner][part] - evidence[other][part]),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use turncoat_learn::tree::TreeParams;

    #[test]
    fn shards_and_probes_are_disjoint_and_every_class_keeps_a_third_back() {
        let records = Array2::from_shape_fn((90, 1), |(row, _)| row as f32);
        let labels: Vec<u32> = (0..90).map(|row| if row < 60 { 0 } else { 1 + row % 2 }).collect();
        let learner = Learner::DecisionTree(TreeParams::default());
        let samples = Samples { records: records.view(), labels: &labels, classes: 4 };
        let stage = Stage::new(samples, &learner).unwrap();
        for repeat in 0..50 {
            let Shards { shards, probes } =
                stage.draw(&mut Seed::root(1).child("repeat", repeat).stream("deal"));
            let mut rows = [&shards[0][..], &shards[1][..], &probes[..]].concat();
            rows.sort_unstable();
            assert_eq!(rows, (0..90).collect::<Vec<_>>());
            for (class, least) in [(0, 20), (1, 5), (2, 5), (3, 0)] {
                assert!(probes.iter().filter(|&&row| labels[row] == class).count() >= least);
            }
            assert!(shards.iter().all(|rows| rows.len() <= 32));
        }
    }
}
