//! party.
