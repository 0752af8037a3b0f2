//! The shape of a scenario, described for people and editors: every map, key, default, bound, unit and source.
//!
//! What reads a scenario is [`check`](super::check), by hand and with messages of its own; nothing here takes part in it. These
//! types are never built. `scenarios/scenario.schema.json` (JSON Schema, draft 7) and the reference page of the guide are
//! made from them, and tests hold every map, word, bound and default of them against the reader, so that neither can drift:
//! they are compiled into tests alone.
//!
//! Conventions: a key is required unless it has a `default`, or an `x-default` where that depends on something else; `Option`
//! is what may be null; `x-choice` marks a map of exactly one of its keys, which can also be written as a bare word where
//! nothing has to stand below it; `x-unit` and `x-source` are what they say, and what names no source is turncoat's own.

#![allow(dead_code, clippy::large_enum_variant, reason = "types that describe are never built")]

mod adversaries;
mod data;
mod faults;
mod federation;
mod learner;
mod reference;
mod run;
mod schema;
mod single_target;
mod study;
mod tests;
mod wording;
