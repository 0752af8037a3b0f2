//! The adversary and its challenger.
//!
//! This crate depends on `turncoat-learn` alone: it cannot reach a socket, a party or the coordinator, so an attack
//! sees what its [`AdversaryView`] holds and nothing else.

pub mod claim;
pub mod error;
pub mod view;

pub use claim::{MembershipClaim, Question, SourceClaim};
pub use error::AttackError;
pub use view::{AdversaryView, Knowledge, Observation, Oracle, OwnShard, Probes, Targets, Vantage};
