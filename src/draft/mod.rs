//! A scenario to start from: what is asked about it, what goes without saying, and the commented file that it becomes.

mod answers;
mod ask;
mod choices;
mod federation;
mod single_target;
mod text;

pub(crate) use answers::{Draft, Fault, Given, Source};
pub(crate) use ask::{Interview, ask};
pub(crate) use choices::{Disclosure, Kind, Skew, Who};
pub(crate) use text::text;
