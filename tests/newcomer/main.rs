//! turncoat as a newcomer meets it: a first scenario, those that come along, the manual, and mistakes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod draft;
mod manual;
mod mistakes;
mod shipped;
#[path = "../support/mod.rs"]
mod support;
