//! Attacks on membership: was the record in the training data?

pub(crate) mod confidence;
pub(crate) mod gap;
pub(crate) mod shadow;
mod shadow_model;
pub(crate) mod sight;

pub use confidence::Confidence;
pub use gap::{Gap, Ties};
pub use shadow_model::ShadowModel;
