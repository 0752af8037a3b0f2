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
use crate::evidence::{Features, Models, Sees};
use crate::inference::{MembershipAttack, Needs, Scorer, Threshold};
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
    /// What the attack model sees of an answer; left out for `summary`, of a single target for what `attack` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-default" = "summary"))]
    pub sees: Option<Sees>,
    /// Whether it also sees the record's class; left out for no, of a single target for what `attack` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-default" = "false"))]
    pub label: Option<bool>,
    /// How many attack models there are; left out for one, of a single target for what `attack` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-default" = "one", "x-source" = "Shokri et al., 2017 (one for each class)"))]
    pub models: Option<Models>,
}

impl Default for ShadowModel {
    fn default() -> Self {
        Self { shadows: 10, generation: None, attack_learner: None, sees: None, label: None, models: None }
    }
}

impl MembershipAttack for ShadowModel {
    fn name(&self) -> &'static str {
        "shadow_model"
    }

    fn needs(&self) -> Needs<'_> {
        Needs {
            shadows: Some(self.shadows),
            generation: self.generation.as_ref(),
            attack_model: true,
            attack_learner: self.attack_learner.as_ref(),
            ..Needs::default()
        }
    }

    fn adopt(&mut self, learner: Option<&Learner>, features: Features) {
        self.attack_learner = self.attack_learner.take().or_else(|| learner.cloned());
        let Features { sees, label, models } = features;
        self.sees.get_or_insert(sees);
        self.label.get_or_insert(label);
        self.models.get_or_insert(models);
    }

    fn threshold(&self) -> Threshold {
        Threshold::Fixed(0.5)
    }

    fn scorer(&self, shadows: Option<&Shadows<'_>>, seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        let shadows = shadows.ok_or(AttackError::NoShadows { attack: "shadow_model" })?;
        let features = Features {
            sees: self.sees.unwrap_or_default(),
            label: self.label.unwrap_or_default(),
            models: self.models.unwrap_or_default(),
        };
        let model = AttackModel::fit(shadows, self.attack_learner.as_ref(), features, seed)?;
        Ok(Box::new(model))
    }
}
