//! Shadow federations: the adversary's own imitation of the target, in which it knows who was in.
//!
//! The adversary's records (its own shard, then the auxiliary ones) are split class by class into two halves of equal
//! number, in and out, so that nothing but membership tells them apart. The in-records are dealt to as many shadow
//! parties as the adversary sees the combined or single answers of; for each class, the parties' weights are drawn from
//! a symmetric Dirichlet distribution, so shards come out skewed. Each shadow party trains the federation's own
//! learner, unless another is asked for (Shokri et al., 2017, section V-C, with one model a party). Where parties are many and records few, shadow
//! shards are small and some are empty: a poor imitation, which is all that such an adversary has.
//!
//! Guarantee: a shadow federation depends on the adversary's records, the learner and its seed alone; it is the same
//! on any number of threads.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, Gamma};
use turncoat_learn::PreparedRecords;
use turncoat_learn::{Answers, Learner, LearnerError, PredictionVectors, Samples, Seed};

use crate::error::AttackError;
use crate::inference::{Setting, Training};
use crate::membership::sight::Sight;
use crate::view::AdversaryView;

/// Fewest records a shadow federation can be trained and judged on: two in and two out.
const FEWEST: usize = 4;

/// The shape of the federation that shadows imitate, and the records to do it with.
pub(crate) struct Workshop<'a> {
    /// The adversary's own and auxiliary records.
    samples: Samples<'a>,
    learner: &'a Learner,
    /// What all shadow models share of their training.
    prepared: PreparedRecords<'a>,
    parties: usize,
    per_party: bool,
}

/// What one shadow federation trains: a party for each that is imitated, on half of what the adversary holds.
pub(crate) fn shadow_federation(setting: &Setting) -> Training {
    Training { models: setting.candidates, records: setting.held / 2 }
}

/// One trained shadow federation, asked about records whose membership the adversary set itself.
pub(crate) struct Shadow {
    /// Labels of the records, members first.
    pub(crate) labels: Vec<u32>,
    /// How many of them, from the front, are members; as many are not.
    pub(crate) members: usize,
    /// One batch for each shadow party, or their mean, as the vantage has it.
    answers: Vec<Answers>,
    per_party: bool,
}

impl<'a> Workshop<'a> {
    /// What this adversary can train shadows with. They train `generation`, or what the parties do.
    ///
    /// # Errors
    /// [`AttackError::TooFewRecords`].
    pub(crate) fn new(
        attack: &'static str,
        view: &'a AdversaryView<'_>,
        generation: Option<&'a Learner>,
    ) -> Result<Self, AttackError> {
        let all = view.knowledge.parties as usize;
        let (parties, per_party) = match Sight::of(view.observation()?, &view.targets.candidates) {
            Sight::PerParty(answers) => (answers.len(), true),
            Sight::Aggregate(_) => (all.saturating_sub(1).max(1), false),
            Sight::Mean(_) => (all.max(1), false),
        };
        let too_few = |has: usize| AttackError::TooFewRecords {
            attack,
            needs: format!("at least {FEWEST} records in pairs of a class, to train shadow parties on"),
            has: if has == 0 { "none".into() } else { has.to_string() },
        };
        let probes = view.probes()?.ok_or_else(|| too_few(0))?;
        let samples = Samples {
            records: probes.records.view(),
            labels: &probes.labels,
            classes: view.knowledge.classes,
        };
        let pairs: usize = class_rows(&samples).iter().map(|rows| rows.len() / 2).sum();
        if pairs * 2 < FEWEST {
            return Err(too_few(probes.labels.len()));
        }
        let learner = generation.unwrap_or(&view.knowledge.learner);
        Ok(Self { samples, learner, prepared: learner.prepare(samples.records)?, parties, per_party })
    }

    /// Trains one shadow federation; `concentration` of the Dirichlet draws: small is skewed, large is even.
    ///
    /// # Errors
    /// [`AttackError`] of a model.
    pub(crate) fn train(&self, concentration: f64, seed: Seed) -> Result<Shadow, AttackError> {
        let mut stream = seed.stream("deal");
        let mut shards = vec![Vec::new(); self.parties];
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for mut rows in class_rows(&self.samples) {
            rows.shuffle(&mut stream);
            let half = rows.len() / 2;
            let weights = dirichlet(concentration, self.parties, &mut stream);
            for &row in &rows[..half] {
                shards[draw(&weights, &mut stream)].push(row);
            }
            inside.extend_from_slice(&rows[..half]);
            outside.extend_from_slice(&rows[half..2 * half]);
        }
        let members = inside.len();
        let asked = [inside, outside].concat();
        let answers = shards
            .iter()
            .enumerate()
            .map(|(party, rows)| {
                let Samples { labels, classes, .. } = self.samples;
                let seed = seed.child("party", party as u64 + 1);
                self.learner
                    .fit_rows(&self.prepared, labels, rows, classes, seed)?
                    .predict_rows(&self.prepared, &asked)
            })
            .collect::<Result<Vec<_>, LearnerError>>()?;
        let answers = if self.per_party {
            answers.into_iter().map(Answers::from).collect()
        } else {
            vec![PredictionVectors::mean(&answers.iter().collect::<Vec<_>>())?.into()]
        };
        let labels = asked.iter().map(|&row| self.samples.labels[row]).collect();
        Ok(Shadow { labels, members, answers, per_party: self.per_party })
    }
}

impl Shadow {
    /// The answers, as the vantage would see them.
    pub(crate) fn sight(&self) -> Sight<'_> {
        match self.answers.as_slice() {
            [aggregate] if !self.per_party => Sight::Aggregate(aggregate),
            answers => Sight::PerParty(answers.iter().collect()),
        }
    }
}

/// The rows of each class, in class and row order.
fn class_rows(samples: &Samples<'_>) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); samples.classes];
    for (row, &label) in samples.labels.iter().enumerate() {
        if let Some(class) = rows.get_mut(label as usize) {
            class.push(row);
        }
    }
    rows
}

/// A draw from the symmetric Dirichlet distribution: Gamma draws over their sum; even where all underflow.
fn dirichlet(concentration: f64, parties: usize, stream: &mut impl rand::Rng) -> Vec<f64> {
    let even = vec![1.0 / parties as f64; parties];
    let Ok(gamma) = Gamma::new(concentration, 1.0) else { return even };
    let draws: Vec<f64> = (0..parties).map(|_| gamma.sample(stream)).collect();
    let sum: f64 = draws.iter().sum();
    if sum > 0.0 { draws.into_iter().map(|draw| draw / sum).collect() } else { even }
}

/// A place drawn by its weight.
fn draw(weights: &[f64], stream: &mut impl rand::Rng) -> usize {
    let mut left = stream.random::<f64>();
    for (place, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return place;
        }
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_a_distribution_and_are_drawn_by() {
        let mut stream = Seed::root(3).stream("test");
        let weights = dirichlet(1.0, 4, &mut stream);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut counts = [0_u32; 3];
        for _ in 0..4_000 {
            counts[draw(&[0.5, 0.25, 0.25], &mut stream)] += 1;
        }
        // Four standard deviations: 4 * sqrt(4,000 / 4) = 126.
        assert!(counts[0].abs_diff(2_000) < 127 && counts[1].abs_diff(1_000) < 127, "{counts:?}");
        assert_eq!(draw(&[0.5, 0.0], &mut stream) / 2, 0);
    }

    #[test]
    fn concentration_sets_the_skew() {
        let mut stream = Seed::root(4).stream("test");
        let mut largest = |concentration| -> f64 {
            (0..200)
                .map(|_| dirichlet(concentration, 3, &mut stream).into_iter().fold(0.0, f64::max))
                .sum::<f64>()
                / 200.0
        };
        assert!(largest(0.1) > 0.8);
        assert!(largest(1_000.0) < 0.4);
    }
}
