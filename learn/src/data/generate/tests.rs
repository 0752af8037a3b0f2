//! The generated sets are learnable, and not trivial: what a full tree on one half finds in the other.

use super::{RawCensusParams, RawGaussianClustersParams, RawPurchasesParams};
use crate::data::{DataFolders, DataSource, Synthetic};
use crate::tree::TreeParams;
use crate::{Learner, Samples, Seed};

/// Accuracy on the second half of a full tree on the first.
fn tree_accuracy(source: &DataSource) -> f64 {
    let set = source.load(&DataFolders::default(), Seed::root(2)).unwrap();
    let rows: Vec<usize> = (0..set.len()).collect();
    let (train, test) = rows.split_at(set.len() / 2);
    let (records, labels) = set.take(train);
    let samples = Samples { records: records.view(), labels: &labels, classes: set.classes() };
    let model = Learner::DecisionTree(TreeParams::default()).fit(samples, Seed::root(0)).unwrap();
    let (records, labels) = set.take(test);
    let accuracy = model.predict_proba(records.view()).unwrap().accuracy(&labels).unwrap();
    println!("{}: {accuracy}", set.name());
    accuracy
}

#[test]
fn census_is_as_noisy_as_adult() {
    let raw = RawCensusParams { records: 12_000, ..Default::default() };
    let accuracy = tree_accuracy(&DataSource::Synthetic(Synthetic::Census(raw.check().unwrap())));
    assert!((0.65..0.85).contains(&accuracy), "{accuracy}");
}

#[test]
fn gaussian_clusters_are_neither_trivial_nor_hopeless() {
    let raw = RawGaussianClustersParams::default();
    let accuracy = tree_accuracy(&DataSource::Synthetic(Synthetic::GaussianClusters(raw.check().unwrap())));
    assert!((0.6..0.8).contains(&accuracy), "{accuracy}");
}

#[test]
fn purchases_are_hard_for_a_tree() {
    let raw = RawPurchasesParams { records: 4_000, classes: 20, ..Default::default() };
    let accuracy = tree_accuracy(&DataSource::Synthetic(Synthetic::Purchases(raw.check().unwrap())));
    assert!((0.2..0.9).contains(&accuracy), "{accuracy}");
}

#[test]
fn labels_of_pure_noise_cannot_be_learned() {
    let raw = RawGaussianClustersParams { records: 4_000, label_noise: 1.0, ..Default::default() };
    let accuracy = tree_accuracy(&DataSource::Synthetic(Synthetic::GaussianClusters(raw.check().unwrap())));
    // Ten classes, 2,000 records: five standard deviations are 0.034.
    assert!((accuracy - 0.1).abs() < 0.034, "{accuracy}");
}
