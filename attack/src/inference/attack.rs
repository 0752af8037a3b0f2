//! What an attack is: the records that it asks about, and a function from what it sees to claims.

use std::fmt::Debug;

use ndarray::ArrayView2;
use turncoat_learn::Learner;

use super::MembershipAttack;
use crate::claim::{Claims, Question};
use crate::error::AttackError;
use crate::evidence::Features;
use crate::view::{AdversaryView, Vantage};

/// The parameters of an attack.
pub(crate) trait Inference: Debug {
    /// The question it answers.
    fn question(&self) -> Question;

    /// Itself, if it is an attack on membership.
    fn membership(&self) -> Option<&dyn MembershipAttack> {
        None
    }

    /// Answers it on every target, in their order. Answers to the targets and to [`asks_about`](Self::asks_about) are there.
    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError>;

    /// Beside the targets, the records whose answers it learns from.
    fn asks_about<'a>(
        &self,
        _view: &'a AdversaryView<'_>,
    ) -> Result<Option<ArrayView2<'a, f32>>, AttackError> {
        Ok(None)
    }

    /// What it needs beside the answers to its targets.
    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    /// Takes what learns it, and what that is shown, where it does not say so itself.
    fn adopt(&mut self, _learner: Option<&Learner>, _features: Features) {}

    /// What it trains in that setting, where an ensemble counts as one model.
    fn training(&self, _setting: &Setting) -> Training {
        Training::default()
    }
}

/// What an attack needs beside the answers to its targets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs<'a> {
    /// Records that the adversary holds: those of its own shard, or auxiliary ones.
    pub held: Held,
    /// Shadow federations to learn from, where it is a membership attack; each design is trained once for all attacks.
    pub shadows: Option<u32>,
    /// What its shadow models train, if that is not what the parties do.
    pub generation: Option<&'a Learner>,
    /// Whether an attack model is learned for it, by a learner that others may say.
    pub attack_model: bool,
    /// What learns that model, where the scenario says what.
    pub attack_learner: Option<&'a Learner>,
}

/// Which adversaries have to hold records for an attack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// None.
    #[default]
    Never,
    /// Those who are shown single vectors.
    WithVectors,
    /// All.
    Always,
}

impl Held {
    /// Whether an adversary there, without a shard of its own, has to hold auxiliary records.
    #[must_use]
    pub fn auxiliary(self, vantage: Vantage) -> bool {
        self == Self::Always || self == Self::WithVectors && vantage == Vantage::Aggregator
    }
}

/// What decides how much an attack trains, as far as it is known before anything runs.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Parties that the adversary asks about.
    pub candidates: u64,
    /// Whether it is shown their single vectors.
    pub shown: bool,
    /// Records that it holds, its own and auxiliary ones.
    pub held: u64,
    /// Records of the candidates.
    pub targets: u64,
}

/// Models that are trained, and records that they are trained on, each as often as a model is trained on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Training {
    /// Models.
    pub models: u64,
    /// Records.
    pub records: u64,
}

impl Training {
    /// That many times as much.
    #[must_use]
    pub fn times(self, n: u64) -> Self {
        Self { models: self.models.saturating_mul(n), records: self.records.saturating_mul(n) }
    }
}
