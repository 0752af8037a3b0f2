//! What an unfinished run has found so far, in its output folder: nothing that was computed is lost when a run is killed.
//!
//! ```text
//! DIR/checkpoint/origin             where the scenario's files and the data sets were looked for
//! DIR/checkpoint/data               the data that the run is made on, as its hash
//! DIR/checkpoint/repeat-001         all that a finished repeat contributes
//! DIR/checkpoint/vectors-001        its vectors, where they are exported: not read before the files are put together
//! DIR/checkpoint/repeat-002-fold-03 the same of a fold, until its repeat is finished
//! ```
//!
//! Guarantees: a file is there whole or not at all; it says which run it is of (scenario, exports, data, programs, version) and carries a hash
//! over all of itself, so that a checkpoint that was changed, cut short or made by another run is an error and never a
//! figure; what is read back is what was written, to the last bit. The folder is removed once the report is there.

mod error;
mod file;
mod folder;
mod origin;

pub(crate) use folder::{Checkpoints, Part, kept, record_workspace, remove};
pub(crate) use origin::Origin;
