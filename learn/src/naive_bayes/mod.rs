//! Naive Bayes: features independent given the class, Gaussian or Bernoulli.
//!
//! The guarantee: log p(class) + sum of log p(value | class), in f64, turned into probabilities relative to the largest, so that
//! every answer sums to one however far a record lies from all that training showed. Counts are integers and sums of floats run
//! in canonical order, so neither the order of the rows nor the number of threads changes a bit.

mod bernoulli;
mod file;
mod gaussian;
mod model;
mod params;
mod posterior;
#[cfg(test)]
mod tests;

pub use model::NaiveBayes;
pub use params::{Distribution, NaiveBayesParams, RawNaiveBayesParams};
