//! The adversary and its challenger.
//!
//! This crate depends on `turncoat-learn` alone: it cannot reach a socket, a party or the coordinator, so an attack
//! sees what its [`AdversaryView`] holds and nothing else.

#![forbid(unsafe_code)]

mod answered;
mod attack;
pub mod challenge;
pub mod claim;
mod coin;
pub mod correlation;
pub mod error;
mod inference;
pub mod lab;
mod membership;
pub mod observation;
mod source;
pub mod summary;
pub mod view;

pub use answered::Answered;
pub use attack::{Attack, NamedAttack};
pub use challenge::{
    ChallengeError, Figures, MembershipChallenge, NonMembers, PartyFigures, PriorOnly, SourceChallenge,
};
pub use claim::{Claims, MembershipClaim, Question, SourceClaim};
pub use correlation::{Coefficient, Correlation};
pub use error::AttackError;
pub use inference::{Setting, Training};
pub use membership::{Confidence, Gap, ShadowModel, Ties};
pub use observation::{Averaged, Observation};
pub use source::{LeastLoss, PriorAware, ShadowFederation};
pub use summary::Summary;
pub use view::{AdversaryView, Knowledge, Oracle, OwnShard, Probes, Targets, Vantage};
