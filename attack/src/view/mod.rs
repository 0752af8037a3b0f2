//! What one adversary has and sees: its knowledge, its targets, the answers that its place in the federation gets, and the shadows
//! that it trains.

mod adversary_view;
mod answered;

pub use adversary_view::{AdversaryView, Knowledge, Oracle, OwnShard, Probes, Targets, Vantage};
pub use answered::Answered;
