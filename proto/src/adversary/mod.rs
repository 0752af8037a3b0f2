//! The challenge: what the challenger asks an adversary, what it answers, and the service between them.

mod challenge;
mod service;

pub use challenge::{AttackAnswer, ChallengeRequest, Claims, Question, Unanswered};
pub use service::{AdversaryConfig, ChallengeHandler, serve};
