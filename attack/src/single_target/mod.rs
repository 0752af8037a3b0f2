//! Shadow data: what an adversary takes for records like a single target's (Truex et al., section 3.1).
//!
//! Nothing here knows who was in: the adversary reaches the target through a [`TargetApi`] that counts its queries, and whatever it
//! learns from comes out of its knowledge.

mod knowledge;
mod noise;
mod shadow_data;
mod target;
mod violation;

pub use knowledge::{Knowledge, RawKnowledge};
pub use noise::with_noise;
pub use shadow_data::{
    ActiveLearning, Dependence, Developed, Query, RawShadowPlan, Region, Search, ShadowData, ShadowPlan,
    Statistics, Step,
};
pub use target::{Interface, TargetApi};
pub use violation::ParameterViolation;
pub(crate) use violation::sentences;
