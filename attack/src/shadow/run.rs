//! What came of a shadow design.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use turncoat_learn::{Answers, Seed};

use crate::evidence::{CandidateVectors, Evidence};

/// Trained shadows, by what they were trained on and what they answered. Records are known by their rows among those that the
/// adversary holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowRun {
    labels: Vec<u32>,
    classes: usize,
    per_party: bool,
    shadows: Vec<Shadow>,
}

/// One shadow model or federation.
#[derive(Clone, Debug, PartialEq)]
pub struct Shadow {
    rows: Vec<usize>,
    members: usize,
    included: Vec<bool>,
    answers: Vec<Answers>,
}

impl Shadow {
    pub(crate) fn new(rows: Vec<usize>, members: usize, included: Vec<bool>, answers: Vec<Answers>) -> Self {
        Self { rows, members, included, answers }
    }

    /// The rows that it was asked about, those that it was trained on first.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// How many of these, from the front, it was trained on; as many of each class are not.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members
    }

    /// What each of its parties answered to these rows, or, where their mean is imitated, that alone.
    #[must_use]
    pub fn answers(&self) -> &[Answers] {
        &self.answers
    }
}

impl ShadowRun {
    pub(crate) fn new(labels: Vec<u32>, classes: usize, per_party: bool, shadows: Vec<Shadow>) -> Self {
        Self { labels, classes, per_party, shadows }
    }

    /// The shadows, in the order of learners and, within a learner, of splits.
    #[must_use]
    pub fn shadows(&self) -> &[Shadow] {
        &self.shadows
    }

    /// The classes of all records, shape `[n]`.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Whether each shadow was trained on each record, shape `[records, shadows]`.
    #[must_use]
    pub fn inclusion(&self) -> Array2<bool> {
        Array2::from_shape_fn((self.labels.len(), self.shadows.len()), |(row, shadow)| {
            self.shadows[shadow].included[row]
        })
    }
}

/// A run beside the records that it was made of.
///
/// ```
/// use std::sync::Arc;
/// use ndarray::Array2;
/// use turncoat_attack::{Generation, Shadows};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let records = Array2::from_shape_fn((40, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..40).map(|row| row % 2).collect();
/// let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
/// let generation = Generation::new(vec![Learner::DecisionTree(Default::default())], 3).unwrap();
/// let run = generation.design().run("shadow_model", samples, Seed::root(1))?;
/// let shadows = Shadows::new(Arc::new(run), records.view());
/// // Three shadows, each asked about ten records that it was trained on and ten others.
/// let requested: Vec<(usize, usize)> = shadows.evidence().map(|(evidence, members)| (evidence.len(), members)).collect();
/// assert_eq!(requested, [(20, 10); 3]);
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Shadows<'a> {
    run: Arc<ShadowRun>,
    records: ArrayView2<'a, f32>,
}

impl<'a> Shadows<'a> {
    /// Of the records `[n, d]` that the run was made of.
    #[must_use]
    pub fn new(run: Arc<ShadowRun>, records: ArrayView2<'a, f32>) -> Self {
        Self { run, records }
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> &ShadowRun {
        &self.run
    }

    /// What each shadow answered as the adversary would see it, and how many records from the front the shadow was trained on.
    pub fn evidence<'s>(&'s self) -> impl ExactSizeIterator<Item = (Evidence<'s>, usize)> + use<'s, 'a> {
        let run = &*self.run;
        run.shadows.iter().map(|shadow| {
            let vectors = match shadow.answers.as_slice() {
                [aggregate] if !run.per_party => CandidateVectors::Aggregate(aggregate),
                answers => CandidateVectors::PerParty(answers.iter().collect()),
            };
            let evidence =
                Evidence::new(self.records.view(), &run.labels, Some(&shadow.rows), vectors, Seed::root(0));
            (evidence, shadow.members)
        })
    }
}
