//! k-nearest neighbours (Cover and Hart, 1967): a record's probabilities are the class shares of the k training records next
//! to it in Euclidean distance.
//!
//! The guarantee: neighbours are those of the exact distances, squared differences added in f64 from the first feature to
//! the last. A matrix product in f32 with a proven bound on its error, which on sparse records leaves out the products with
//! 0, only says which records need not be looked at, so
//! neither blocks nor threads nor the processor's kernels change a bit of an answer. Records at one distance are one to
//! another: the places that are left when all nearer ones are seated are shared evenly among all that tie for them, so a
//! probability is the expectation over a fair draw, and the order of the training records says nothing. A record that was
//! trained on finds itself, at distance 0, when it is asked about: nothing is ever left out of the answer.

mod file;
mod filter;
#[cfg(test)]
mod invariance;
mod model;
mod nearest;
mod params;
mod search;
mod sparse;
#[cfg(test)]
mod tests;

pub use model::KnnModel;
pub use params::{KnnParams, RawKnnParams, Weights};
