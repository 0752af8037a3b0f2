//! Attacks on membership: was the record in the training data?

mod attack_model;
mod confidence;
mod entropy;
mod gap;
mod shadow_model;

pub use confidence::Confidence;
pub use entropy::Entropy;
pub use gap::{Gap, Ties};
pub use shadow_model::ShadowModel;
