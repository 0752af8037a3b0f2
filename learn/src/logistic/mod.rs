//! Logistic regression for any number of classes, with a quadratic (L2) penalty.
//!
//! The guarantee: the model is the minimiser of 1/2 |W|^2 + C * (sum over records of -ln p(label)), intercepts unpenalised,
//! up to the tolerance that [`Convergence`] tells; scikit-learn's `LogisticRegression` minimises the same. With two classes
//! there is one weight a feature (the sigmoid of one score), with more there is one a feature and class (the softmax).
//! Sums run over fixed blocks of records in canonical order, so neither the order of the rows nor the number of threads
//! changes a bit.

mod exponential;
mod file;
mod fit;
mod line;
mod link;
mod model;
mod objective;
mod parametric;
mod params;
mod passes;
mod records;
mod scaling;
mod solve;
mod sparse;
#[cfg(test)]
mod tests;

pub use crate::learner::Convergence;
pub use model::LogisticRegression;
pub use params::{LogisticParams, RawLogisticParams};
