//! Learners behind one small interface: a [`Learner`] is a checked recipe, a [`LocalModel`] is what it makes of records.
//!
//! What holds for every learner: the same records, labels and seed give the same model, whatever the order of the
//! records and the number of threads; a class that training never showed gets probability 0; a model that saw no
//! record answers the uniform vector; every answer is a point of the simplex.

mod asked;
mod bytes;
mod checked;
mod digest;
mod error;
mod file;
mod kind;
mod model;
#[cfg(test)]
mod predict_rows;
mod prepared;
mod training;

pub(crate) use asked::Asked;
pub(crate) use bytes::{Reader, Writer};
pub(crate) use checked::checked;
pub use digest::ModelDigest;
pub use error::LearnerError;
pub(crate) use file::{decode_tree, encode_tree};
pub use kind::Learner;
pub use model::LocalModel;
pub use prepared::PreparedRecords;
pub(crate) use training::{TrainingSet, canonical_rows};
