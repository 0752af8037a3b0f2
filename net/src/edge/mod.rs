//! The public edge of a service: calls at a time, the time that a request may take to arrive and a response to be taken, and the
//! size of a message. It stands behind the check of who calls, so that each refusal has a name in the account.

mod body;
mod contract;
mod observer;
mod permits;
mod service;

pub use contract::{Caller, Contract, EdgeLimit, EdgeLimits, authenticator};
pub use observer::{CallObserver, FinishedCall, Unobserved};
pub(crate) use service::Edge;
pub use service::arrival;
