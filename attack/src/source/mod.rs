//! Attacks on the source: given that the record was in somebody's training data, whose was it?

pub(crate) mod least_loss;
pub(crate) mod prior_aware;
pub(crate) mod shadow_federation;
