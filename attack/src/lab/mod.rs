//! The laboratory: the general formulation of membership inference on a single target (Truex et al., section 3).
//!
//! Shadow data -> shadow models -> attack set D* -> attack model -> claims. Nothing here knows who was in: the adversary
//! reaches the target through a [`TargetApi`] that counts its queries, and whatever it learns from comes out of its
//! knowledge.

mod attack_model;
mod attack_set;
mod generation;
mod knowledge;
mod noise;
mod shadow_data;
mod target;
mod threshold;
mod violation;

pub use attack_model::{AttackModel, AttackView, Seen, Sees};
pub use attack_set::AttackSet;
pub use generation::Generation;
pub use knowledge::{Knowledge, RawKnowledge};
pub use noise::with_noise;
pub use shadow_data::{
    ActiveLearning, Dependence, Developed, Query, RawShadowPlan, Region, Search, ShadowData, ShadowPlan,
    Statistics, Step,
};
pub use target::{Interface, TargetApi};
pub use threshold::{confidence, gap};
pub use violation::LabViolation;
pub(crate) use violation::sentences;
