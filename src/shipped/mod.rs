//! The scenarios that come with turncoat, inside the executable: what they are called and about, and finding one by name.
//!
//! Wherever a scenario file can be given, the name of one of these can. A file of that name goes first.

mod about;
mod entry;
mod files;
mod find;

pub(crate) use about::{About, about};
pub(crate) use entry::all;
#[cfg(test)]
pub(crate) use find::named;
pub(crate) use find::{ScenarioText, find, text_of};
