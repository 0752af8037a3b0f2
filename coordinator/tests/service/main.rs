//! The coordinator over real channels, with parties that behave as each test needs.

mod fake;
mod faults;
mod membership;
mod permissions;
