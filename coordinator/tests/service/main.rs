//! The coordinator over real channels, with parties that behave as each test needs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fake;
mod faults;
mod limits;
mod membership;
mod metrics;
mod open_metrics;
mod permissions;
mod quorum;
mod rejoin;
mod retries;
mod slow_peers;
