//! Decision trees: an exact CART of our own, and the same tree grown with `linfa-trees` node by node.
//!
//! The guarantee of the exact engine: a tree depends on the records and labels as a multiset and on the parameters, on
//! nothing else, where `ties` is random also on the seed. Counts are integers, splits of equal quality are decided by feature and threshold, so the order of
//! the records, the number of threads and the way the columns were prepared never change a bit of it.
//!
//! In the order in which a tree is made: `columns` ranks the values of each feature once for all fits. `params` are what
//! a user says, and `weights` what the records weigh. `fit` checks its input and chooses the engine. `grow` divides node by
//! node, and `subtree` takes over where the records are few enough to be kept sorted. Both ask `split` for the best split of
//! a node; `linfa_adapter` asks linfa-trees. `prune` cuts what is not worth its leaves. The tree is in `model` with its `leaves`;
//! `predict` sends records through it, and `file` writes it down.

mod file;
mod fit;
mod grow;
mod leaves;
mod linfa_adapter;
mod model;
mod params;
mod predict;
mod prune;
mod split;
mod subtree;
#[cfg(test)]
mod tests;
mod weights;

pub use leaves::LeafReport;
pub use model::{DecisionTree, Node};
pub use params::{ClassWeight, Criterion, Engine, MaxFeatures, RawTreeParams, Ties, TreeParams};
#[cfg(test)]
pub(crate) use tests::random::random;
