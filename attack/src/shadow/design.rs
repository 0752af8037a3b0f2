//! How shadow models are made, and their making.

use ndarray::Axis;
use rayon::prelude::*;
use turncoat_learn::defence::{Defence, Defences};
use turncoat_learn::{Answers, Learner, LearnerError, PredictionVectors, PreparedRecords, Samples, Seed};

use super::run::{Shadow, ShadowRun};
use super::{partitions, two_fold};
use crate::error::AttackError;
use crate::evidence::Imitated;

/// What shadow models are, and what they are trained on.
///
/// ```
/// use ndarray::Array2;
/// use turncoat_attack::{Imitated, ShadowDesign, Split};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// // The adversary's records: labels without rhyme, which a tree can only learn by heart.
/// let records = Array2::from_shape_fn((200, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..200).map(|row| (row * row / 7) % 2).collect();
/// let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
/// let design = ShadowDesign {
///     learners: vec![Learner::DecisionTree(Default::default())],
///     split: Split::Partitions(3),
///     imitated: Imitated::MODEL,
///     release: Vec::new(),
/// };
/// let run = design.run("shadow_model", samples, Seed::root(1))?;
/// // Each shadow was trained on a quarter of the records, and is asked about as many others.
/// let shadow = &run.shadows()[0];
/// assert_eq!((run.shadows().len(), shadow.members(), shadow.rows().len()), (3, 49, 98));
/// assert_eq!(run.inclusion().dim(), (200, 3));
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowDesign {
    /// What shadow parties train, at least one; each learner has shadows of its own.
    pub learners: Vec<Learner>,
    /// Which records shadows are trained on.
    pub split: Split,
    /// Whose answers they imitate.
    pub imitated: Imitated,
    /// Defences that their average is told behind; single vectors pass as they are.
    pub release: Vec<Defence>,
}

/// Which of the adversary's records shadows are trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Every shadow federation halves the records anew, class by class, and its parties share the one half under a skew of its own;
    /// it is asked about both. So many shadow federations.
    TwoFold(u32),
    /// The records are cut into one part more than this, class by class; each part but one trains a shadow, which is asked about its
    /// own part and about the one that trained none (Truex et al., section 3.2). Parties share a part as they do a half.
    Partitions(u32),
}

/// One shadow before it is trained.
pub(super) struct Assignment {
    /// The place of its learner.
    pub(super) learner: usize,
    /// For each of its parties, the rows that it is trained on, and the key of its training.
    pub(super) parties: Vec<(Vec<usize>, Seed)>,
    /// Of these rows, those that it is asked about.
    pub(super) inside: Vec<usize>,
    /// Rows that train none of its parties and that it is asked about, as many of each class.
    pub(super) outside: Vec<usize>,
}

impl ShadowDesign {
    /// Trains the shadows and asks them, in the name of an attack. It depends on the samples, the design and the seed alone, and is
    /// the same on any number of threads.
    ///
    /// # Errors
    /// [`AttackError::TooFewRecords`] or [`AttackError::Shadow`] when there are too few records to divide; otherwise what a model
    /// refuses.
    pub fn run(
        &self,
        attack: &'static str,
        samples: Samples<'_>,
        seed: Seed,
    ) -> Result<ShadowRun, AttackError> {
        let learners = self.learners.len();
        let assignments = match self.split {
            Split::TwoFold(shadows) => {
                two_fold::assign(attack, &samples, learners, shadows, self.imitated.parties, seed)?
            }
            Split::Partitions(parts) => {
                partitions::assign(&samples, learners, parts, self.imitated.parties, seed)?
            }
        };
        let prepared = self
            .learners
            .par_iter()
            .map(|learner| learner.prepare(samples.records))
            .collect::<Result<Vec<_>, LearnerError>>()?;
        let shadows = assignments
            .into_par_iter()
            .map(|assignment| {
                let place = assignment.learner;
                self.train(assignment, &self.learners[place], &prepared[place], &samples)
            })
            .collect::<Result<Vec<Shadow>, AttackError>>()?;
        Ok(ShadowRun::new(samples.labels.to_vec(), samples.classes, self.imitated.per_party, shadows))
    }

    fn train(
        &self,
        assignment: Assignment,
        learner: &Learner,
        prepared: &PreparedRecords<'_>,
        samples: &Samples<'_>,
    ) -> Result<Shadow, AttackError> {
        let Assignment { parties, inside, outside, .. } = assignment;
        let members = inside.len();
        let requested = [inside, outside].concat();
        let answers = parties
            .iter()
            .map(|(rows, seed)| {
                learner
                    .fit_rows(prepared, samples.labels, rows, samples.classes, *seed)?
                    .predict_rows(prepared, &requested)
            })
            .collect::<Result<Vec<_>, LearnerError>>()?;
        let answers = if self.imitated.per_party {
            answers.into_iter().map(Answers::from).collect()
        } else {
            let mean = PredictionVectors::mean(&answers.iter().collect::<Vec<_>>())?;
            let seed = parties.first().map_or(Seed::root(0), |(_, seed)| *seed);
            let release = Defences::new(self.release.clone(), seed.child("release", 0));
            let reported = match self.release.is_empty() {
                true => mean,
                false => release.of(samples.records.select(Axis(0), &requested).view(), mean)?,
            };
            vec![reported.into()]
        };
        let mut included = vec![false; samples.labels.len()];
        parties.iter().flat_map(|(rows, _)| rows).for_each(|&row| included[row] = true);
        Ok(Shadow::new(requested, members, included, answers))
    }
}

/// The rows of each class, in class and row order.
pub(super) fn class_rows(samples: &Samples<'_>) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); samples.classes];
    for (row, &label) in samples.labels.iter().enumerate() {
        if let Some(class) = rows.get_mut(label as usize) {
            class.push(row);
        }
    }
    rows
}
