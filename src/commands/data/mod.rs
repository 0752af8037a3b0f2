//! `turncoat data`: one file for each of its commands.

mod choose;
mod describe;
mod fetch;
mod list;
mod table;
mod verify;

pub(super) use choose::data;
