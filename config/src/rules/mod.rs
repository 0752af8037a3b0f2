//! From a tree to a [`Study`](super::Study): read by the schema, then held against the rules between keys.

mod adversaries;
mod faults;
mod federation;
mod held;
mod lists;
mod single_target;
mod study;

pub(super) use study::{part, study};
