//! Attacks on the source: given that the record was in somebody's training data, whose was it?

mod least_loss;
mod prior_aware;
mod shadow_federation;

pub use least_loss::LeastLoss;
pub use prior_aware::PriorAware;
pub use shadow_federation::ShadowFederation;
