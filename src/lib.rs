//! turncoat.
