//! What an attack is: what it asks about, what it learns from, and how it answers; and, of attacks on membership, how scores become
//! claims.

mod attack;
mod membership;
mod threshold;

pub(crate) use attack::Inference;
pub use attack::{Held, Needs, Setting, Training};
pub use membership::{FittedAttack, MembershipAttack, Scorer};
pub use threshold::Threshold;
