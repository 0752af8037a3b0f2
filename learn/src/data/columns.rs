//! What the formats without a header share: names for their columns, and how many classes a set may have.

use crate::dataset::{Feature, FeatureKind};

/// Classes a set may have. Far above any public set, and low enough that a stray number is an error and not a long list.
pub(super) const MAX_CLASSES: usize = 100_000;

/// Numeric columns called `f0`, `f1`, ...
pub(super) fn numeric_features(width: usize) -> Vec<Feature> {
    (0..width).map(|column| Feature { name: format!("f{column}"), kind: FeatureKind::Numeric }).collect()
}
