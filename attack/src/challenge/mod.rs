//! The challenger: what adversaries are asked, and how their claims are scored. The only place that knows the truth.
//!
//! A challenge is made of the partition's ground truth; it gives out the rows of the data set that are asked about
//! ([`MembershipChallenge::rows`], [`SourceChallenge::rows`]), which a caller turns into records and labels, and keeps
//! the rest. No attack takes a challenge, and no type that an attack takes leads to one.

mod apart;
mod error;
mod figures;
mod membership;
mod ranking;
mod source;
mod two_fold;

pub use apart::apart;
pub use error::ChallengeError;
pub use figures::{Figures, PartyFigures, PriorOnly};
pub use membership::{MembershipChallenge, NonMembers};
pub use source::SourceChallenge;
pub use two_fold::Halves;
