//! The hub of a turncoat federation: membership, fan-out, averaging, and who may see what.
//!
//! [`serve()`] admits parties, trains them, and answers with the mean of their prediction vectors, or with each of them
//! to those who may see them. This is honest code: it knows no attack. What a malicious aggregator sees it gets by
//! asking, in the aggregator's role.

#![forbid(unsafe_code)]

mod admission;
mod asking;
mod circuit;
mod fanout;
mod federation;
mod ledger;
mod metrics;
mod permissions;
mod retry;
mod serve;
mod service;

pub use permissions::{Rpc, fewest_averaged, permits};
pub use serve::{CoordinatorConfig, ServeError, serve, serve_and_tell};
