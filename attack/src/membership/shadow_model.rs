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
use crate::shadow::Shadows;

/// Parameters of `shadow_model`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShadowModel {
    /// Shadow federations to train, at least 1.
    pub shadows: u32,
    /// What shadow parties train, the generation model of Truex et al., section 3.2; `None` for what the parties do.
    pub generation: Option<Learner>,
    /// What learns to tell in from out (Truex et al., section 3.3); `None` for a decision tree of bounded depth.
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

    fn threshold(&self) -> Threshold {
        Threshold::Fixed(0.5)
    }

    fn scorer(&self, shadows: Option<&Shadows<'_>>, seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        let shadows = shadows.ok_or(AttackError::NoShadows { attack: "shadow_model" })?;
        let model = AttackModel::fit(shadows, self.attack_learner.as_ref(), self.features, seed)?;
        Ok(Box::new(model))
    }
}
