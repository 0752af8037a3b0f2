//! The guide is true: what its pages show is run here, and every link of the repository's texts leads somewhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod links;
mod pages;
#[path = "../support/mod.rs"]
mod support;
