//! Learners behind one small interface: a [`Learner`] is a checked recipe, a [`LocalModel`] is what it makes of records.
//!
//! What holds for every learner: the same records, labels and seed give the same model, whatever the order of the
//! records and the number of threads; a class that training never showed gets probability 0; a model that saw no
//! record answers the uniform vector; every answer is a point of the simplex.

mod bytes;
mod checked;
mod checked_records;
mod convergence;
mod digest;
mod file;
mod model;
#[cfg(test)]
mod predict_rows;
mod prepared;
mod train;
mod training;

pub use crate::error::LearnerError;
pub use crate::registry::Learner;
pub(crate) use bytes::Reader;
pub use bytes::Writer;
pub(crate) use checked::{checked, defaults_of};
pub use checked_records::CheckedRecords;
pub use convergence::Convergence;
pub use digest::ModelDigest;
pub(crate) use model::SavedModel;
pub use model::{LocalModel, Model, Parametric};
pub use prepared::PreparedRecords;
pub(crate) use train::{MOST_NESTED, Train, TrainingRows};
pub(crate) use training::{TrainingSet, canonical_rows};
