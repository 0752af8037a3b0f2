//! turncoat.
pub mod scenario;
