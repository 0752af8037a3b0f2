//! What is seen of a federation: its answers to records, what these show of the candidates, and the features that are made of that.

mod candidate_vectors;
mod features;
mod observation;
mod records;

pub use candidate_vectors::{CandidateVectors, Imitated};
pub(crate) use features::FeatureTable;
pub use features::{Features, Models, Sees};
pub use observation::{Averaged, Observation};
pub use records::Evidence;
