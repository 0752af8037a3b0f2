//! The best split of one node, found exactly, in one of two ways: node by node, or over lists that are kept sorted.
//!
//! First [`node`], what is searched and what a candidate is; [`impurity`] and [`entropy`], how good one is; [`ties`], which of
//! equals is taken. Node by node: [`search`] over the features, those that are drawn by [`draws`], [`thresholds`] over the values of
//! one, [`pairs`] over many features of two values at once. Over lists: [`lists`] holds a node's records in the order of each
//! feature, [`list_scan`] meets the thresholds there, [`comparison`] tells the better of two.

pub(crate) mod comparison;
pub(crate) mod draws;
pub(crate) mod entropy;
pub(crate) mod impurity;
pub(crate) mod list_scan;
pub(crate) mod lists;
pub(crate) mod node;
pub(crate) mod pairs;
pub(crate) mod search;
pub(crate) mod thresholds;
pub(crate) mod ties;
