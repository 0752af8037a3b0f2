//! Attacks on membership: was the record in the training data?

pub(crate) mod confidence;
pub(crate) mod gap;
pub(crate) mod shadow;
pub(crate) mod shadow_model;
pub(crate) mod sight;
