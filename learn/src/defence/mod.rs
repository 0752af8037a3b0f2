//! Defences that stand between a model's vector and its reader.
//!
//! A defence of an answer is a pure function of the vector, the seed and the record: whoever asks twice gets the same answer twice.
//! Several are applied in order, and what comes out is a prediction vector again. [`DefendedParams`] wraps a learner in them, so that a
//! party, a single target and shadows that train what the parties train have them without knowing of it; behind an average stands the
//! same list, [`Defences`].

mod list;
mod model;
mod params;
mod registry;
mod round;
mod top_k;

pub use list::Defences;
pub use model::DefendedModel;
pub use params::{DefendedParams, RawDefendedParams};
pub use registry::Defence;
pub(crate) use registry::VectorDefence;
pub use round::Round;
pub use top_k::TopK;
