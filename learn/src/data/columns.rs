//! What sources without a header share: names for their columns, and how many classes a set may have.

use std::collections::BTreeSet;

use super::error::DataError;
use crate::dataset::{Feature, FeatureKind};

/// Classes a set may have. Far above any public set, and low enough that a stray number is an error and not a long list.
pub(in crate::data) const MAX_CLASSES: usize = 100_000;

/// Numeric columns called `f0`, `f1`, ...
pub(super) fn numeric_features(width: usize) -> Vec<Feature> {
    (0..width).map(|column| Feature { name: format!("f{column}"), kind: FeatureKind::Numeric }).collect()
}

/// A number of classes that somebody asks for: at least two, and small enough to be a label.
pub(super) fn check_classes(classes: usize) -> Result<(), DataError> {
    if (2..=MAX_CLASSES).contains(&classes) {
        return Ok(());
    }
    Err(DataError::Parameter { parameter: "classes", value: classes.to_string(), rule: "from 2 to 100000" })
}

/// Labels and names of the classes that occur among these numbers, in the order of the numbers. A number between them that no
/// record has is no class: nobody could be given a record of it.
pub(super) fn occurring(numbers: &[u32]) -> (Vec<u32>, Vec<String>) {
    let classes: BTreeSet<u32> = numbers.iter().copied().collect();
    let classes: Vec<u32> = classes.into_iter().collect();
    let labels = numbers.iter().map(|class| classes.partition_point(|other| other < class) as u32).collect();
    (labels, classes.iter().map(u32::to_string).collect())
}
