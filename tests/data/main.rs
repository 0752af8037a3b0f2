//! `turncoat data`: what parties would get records from, what is there of it, and getting it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod describe;
mod fetch;
mod list;
#[cfg(target_os = "linux")]
mod memory;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod tables;
