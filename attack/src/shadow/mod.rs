//! Shadow models: imitations of the target in which the adversary knows who was in (Shokri et al., 2017; Truex et al., section 3.2).
//!
//! A [`ShadowDesign`] says how the adversary's records are divided, what is trained on them and whose answers are imitated; a
//! [`ShadowRun`] is what came of it: for each shadow, which records it was trained on and what it answered. A run is made once for
//! each distinct design and serves every attack that asks for it.

/// Most shadow models or federations of one attack.
pub(crate) const MOST_SHADOWS: u32 = 10_000;

mod design;
mod generation;
mod partitions;
mod run;
mod two_fold;

pub use design::{ShadowDesign, Split};
pub use generation::Generation;
pub use run::{Shadow, ShadowRun, Shadows};
pub(crate) use two_fold::too_few;
