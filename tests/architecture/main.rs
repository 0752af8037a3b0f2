//! The plan of the code, held against the code: which crate may depend on which, and no circles between folders.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crates;
mod modules;
