//! `shadow_model`: an attack model learned on shadows.
//!
//! Shadow data -> shadows -> attack model (Shokri et al., 2017; Truex et al., section 3). Shadow parties train what the parties do, or
//! another generation model. What learns the attack is a decision tree of bounded depth and leaf size, or any learner; it takes one
//! row of [`Features`] a record.
//!
//! Score: the attack model's probability of in; in iff it is at least one half.
//!
//! Of several candidates those that answered count, so features of a record are of as many vectors as there are. Without any
//! answer on a record there is no claim on it.

use turncoat_learn::{Learner, Seed};

use super::attack_model::AttackModel;
use crate::error::AttackError;
use crate::evidence::Features;
use crate::inference::{MembershipAttack, Scorer, Threshold};
use crate::shadow::{MOST_SHADOWS, Shadows};

/// Parameters of `shadow_model`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "shadow_model")]
#[serde(deny_unknown_fields, default)]
pub struct ShadowModel {
    /// How many shadow models are trained; of a single target, `generation` says how many unless this attack has one of its own.
    #[schemars(range(min = 1, max = MOST_SHADOWS), extend("x-unit" = "models"))]
    pub shadows: u32,
    /// What each shadow model is; null for what the parties train.
    ///
    /// This is the generation model of Truex et al., section 3.2.
    pub generation: Option<Learner>,
    /// What learns the attack; null for a decision tree of bounded depth, of a single target for each of `attack.learners` in turn.
    pub attack_learner: Option<Learner>,
    /// What the attack model is shown.
    #[serde(skip)]
    pub features: Features,
}

impl Default for ShadowModel {
    fn default() -> Self {
        Self { shadows: 10, generation: None, attack_learner: None, features: Features::default() }
    }
}

impl MembershipAttack for ShadowModel {
    fn name(&self) -> &'static str {
        "shadow_model"
    }

    fn shadows(&self) -> Option<u32> {
        Some(self.shadows)
    }

    fn generation(&self) -> Option<&Learner> {
        self.generation.as_ref()
    }

    fn attack_learner(&self) -> Option<&Learner> {
        self.attack_learner.as_ref()
    }

    fn takes_learner(&self) -> bool {
        true
    }

    fn adopt(&mut self, learner: Option<&Learner>, features: Features) {
        self.attack_learner = self.attack_learner.take().or_else(|| learner.cloned());
        self.features = features;
    }

    fn threshold(&self) -> Threshold {
        Threshold::Fixed(0.5)
    }

    fn scorer(&self, shadows: Option<&Shadows<'_>>, seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        let shadows = shadows.ok_or(AttackError::NoShadows { attack: "shadow_model" })?;
        let model = AttackModel::fit(shadows, self.attack_learner.as_ref(), self.features, seed)?;
        Ok(Box::new(model))
    }
}
