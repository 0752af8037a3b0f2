//! Figures for whoever operates a coordinator, as Prometheus asks for them (OpenMetrics, text): what was called, by whom, how that
//! ended and how long it took; what became of the queries; and how the parties are. Counts alone: no vector, record or label of
//! one, and no number of a series depends on what callers choose to say.
//!
//! Counts of queries are those of the ledger, read when they are asked for, so the two cannot disagree.

mod calls;
mod http;
mod names;
mod state;

pub(crate) use calls::Calls;
pub(crate) use http::answer_scrapes;
pub(crate) use state::State;
