//! The adversary and its challenger.
//!
//! This crate depends on `turncoat-learn` alone: it cannot reach a socket, a party or the coordinator, so an attack
//! sees what its [`AdversaryView`] holds and nothing else.

#![forbid(unsafe_code)]

mod attack;
pub mod challenge;
pub mod claim;
pub mod correlation;
pub mod error;
mod evidence;
mod inference;
mod membership;
mod shadow;
pub mod single_target;
mod source;
pub mod summary;
mod tie_breaker;
mod view;

pub use attack::{Attack, NamedAttack};
pub use challenge::{
    ChallengeError, Figures, MembershipChallenge, NonMembers, PartyFigures, PriorOnly, SourceChallenge,
};
pub use claim::{Claims, MembershipClaim, Question, SourceClaim};
pub use correlation::{Coefficient, Correlation};
pub use error::AttackError;
pub use evidence::{Averaged, CandidateVectors, Evidence, Features, Imitated, Models, Observation, Sees};
pub use inference::{FittedAttack, Held, MembershipAttack, Needs, Scorer, Setting, Threshold, Training};
pub use membership::*;
pub use shadow::{Generation, Shadow, ShadowDesign, ShadowRun, Shadows, Split};
pub use source::*;
pub use summary::Summary;
pub use view::{AdversaryView, Answered, Knowledge, Oracle, OwnShard, Probes, Targets, Vantage};
