//! Traces: one query, followed from whoever asked it through the coordinator to every party, across processes. A collector that is
//! away changes nothing, and neither does one that is there; a build without traces says that it has none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "otel")]
mod collector;
#[cfg(feature = "otel")]
mod followed;
#[cfg(not(feature = "otel"))]
mod without;
