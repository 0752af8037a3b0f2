//! What a membership attack is: something that learns from shadows, if it does, and then scores records; claims are made of scores by
//! a threshold.

use std::fmt::Debug;

use turncoat_learn::{Learner, Seed};

use super::{Held, Inference, Needs, Setting, Threshold, Training};
use crate::claim::{Claims, MembershipClaim, Question};
use crate::error::AttackError;
use crate::evidence::{Evidence, Features};
use crate::shadow::Shadows;
use crate::view::AdversaryView;

/// A membership attack by its parameters. The same serves federations and single models.
pub trait MembershipAttack: Debug {
    /// Its name, which its random draws are addressed by.
    fn name(&self) -> &'static str;

    /// What it needs beside the answers to its targets: nothing, unless it says so.
    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    /// Takes what learns it, and what that is shown, where it does not say so itself.
    fn adopt(&mut self, _learner: Option<&Learner>, _features: Features) {}

    /// How claims are made of its scores.
    fn threshold(&self) -> Threshold;

    /// Learns to score records; the shadows are there if it asks for any.
    ///
    /// # Errors
    /// [`AttackError`] of a model.
    fn scorer(&self, shadows: Option<&Shadows<'_>>, seed: Seed) -> Result<Box<dyn Scorer>, AttackError>;

    /// Learns to score records and to tell members by their scores.
    ///
    /// # Errors
    /// As [`scorer`](Self::scorer) and [`Scorer::scores`]; [`AttackError::NoShadows`] for a threshold that is learned on shadows
    /// where there are none.
    fn fit(&self, shadows: Option<&Shadows<'_>>, seed: Seed) -> Result<FittedAttack, AttackError> {
        let scorer = self.scorer(shadows, seed)?;
        let threshold = self.threshold().value(self.name(), &*scorer, shadows)?;
        Ok(FittedAttack { scorer, threshold })
    }
}

/// What scores records.
pub trait Scorer: Debug + Send + Sync {
    /// A finite score for each record, higher for member; none for a record of which nothing was learnt.
    ///
    /// # Errors
    /// [`AttackError`] of a model.
    fn scores(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<f64>>, AttackError>;
}

/// A membership attack that has learned what it learns, and can be tried on any number of targets.
///
/// ```
/// use std::sync::Arc;
/// use ndarray::{Array2, array};
/// use turncoat_attack::{Confidence, Evidence, Generation, MembershipAttack, Shadows};
/// use turncoat_learn::{Learner, PredictionVectors, Samples, Seed};
///
/// // The adversary's records: labels without rhyme, which a tree can only learn by heart.
/// let records = Array2::from_shape_fn((200, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..200).map(|row| (row * row / 7) % 2).collect();
/// let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
/// let generation = Generation::new(vec![Learner::DecisionTree(Default::default())], 1).unwrap();
/// let run = generation.design().run("confidence", samples, Seed::root(1))?;
/// let shadows = Shadows::new(Arc::new(run), records.view());
///
/// // Sure of the right class, and sure of the wrong one.
/// let answers = PredictionVectors::new(array![[1.0, 0.0], [0.0, 1.0]])?;
/// let targets = array![[7.0], [8.0]];
/// let evidence = Evidence::of_model(targets.view(), &[0, 0], &answers, Seed::root(2))?;
/// let claims = Confidence::default().fit(Some(&shadows), Seed::root(1))?.claims(&evidence)?;
/// assert_eq!(claims.iter().flatten().map(|claim| claim.member).collect::<Vec<_>>(), [true, false]);
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Debug)]
pub struct FittedAttack {
    scorer: Box<dyn Scorer>,
    threshold: f64,
}

impl FittedAttack {
    /// Claims in or out for every record, in their order; no claim on a record of which nothing was learnt.
    ///
    /// # Errors
    /// As [`Scorer::scores`].
    pub fn claims(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
        let claim = |score: f64| MembershipClaim { member: score >= self.threshold, score };
        Ok(self.scorer.scores(evidence)?.into_iter().map(|score| score.map(claim)).collect())
    }
}

impl<A: MembershipAttack> Inference for A {
    fn question(&self) -> Question {
        Question::Membership
    }

    fn membership(&self) -> Option<&dyn MembershipAttack> {
        Some(self)
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        if view.targets.labels.is_empty() {
            return Ok(Claims::Membership(Vec::new()));
        }
        let Needs { shadows, generation, .. } = MembershipAttack::needs(self);
        let shadows = shadows.map(|shadows| view.shadows(self.name(), generation, shadows)).transpose()?;
        let seed = view.knowledge.seed.child(self.name(), 0).child("attack_model", 0);
        self.fit(shadows.as_ref(), seed)?.claims(&view.evidence()?).map(Claims::Membership)
    }

    fn needs(&self) -> Needs<'_> {
        let needs = MembershipAttack::needs(self);
        // Shadows are trained on records that the adversary holds.
        let held = if needs.shadows.is_some() { Held::Always } else { needs.held };
        Needs { held, ..needs }
    }

    fn adopt(&mut self, learner: Option<&Learner>, features: Features) {
        MembershipAttack::adopt(self, learner, features);
    }

    fn training(&self, setting: &Setting) -> Training {
        MembershipAttack::needs(self)
            .shadows
            .map_or_else(Training::default, |n| shadow_federation(setting).times(u64::from(n)))
    }
}

/// What one shadow federation trains: a party for each that is imitated, on half of what the adversary holds.
fn shadow_federation(setting: &Setting) -> Training {
    Training { models: setting.candidates, records: setting.held / 2 }
}
