//! Decision trees: an exact CART of our own, and the same tree grown with `linfa-trees` node by node.
//!
//! The guarantee of the exact engine: a tree depends on the records and labels as a multiset and on the parameters, on
//! nothing else, where `ties` is random also on the seed. Counts are integers, splits of equal quality are decided by feature and threshold, so the order of
//! the records, the number of threads and the way the columns were prepared never change a bit of it.

mod attach;
mod candidates;
mod entropy;
mod file;
mod fit;
mod grow;
mod impurity;
#[cfg(test)]
mod invariance;
mod leaf_report;
mod leaf_weights;
mod linfa_adapter;
mod lists;
mod model;
mod options;
mod pairs;
mod params;
mod predict;
mod present;
mod prune;
#[cfg(test)]
mod prune_tests;
#[cfg(test)]
mod random;
#[cfg(test)]
mod reference;
mod scan;
mod split;
mod split_criterion;
mod split_scan;
mod subtree;
#[cfg(test)]
mod tests;
mod ties;
mod weighted;
mod weighted_scan;
#[cfg(test)]
mod weighted_tests;
mod weights;

pub use leaf_report::LeafReport;
pub use model::{DecisionTree, Node};
pub use options::{ClassWeight, MaxFeatures};
pub use params::{Criterion, Engine, RawTreeParams, TreeParams};
#[cfg(test)]
pub(crate) use random::random;
pub use ties::Ties;
