//! One data owner of a turncoat federation: its shard, its model, its gRPC service.
//!
//! [`serve()`] joins the federation and answers the coordinator until it is told to stop. This is honest code: it knows
//! no attack, and its records leave it only as what its model makes of them.

#![forbid(unsafe_code)]

mod fault_injector;
mod join;
mod serve;
mod service;
mod state;

pub use fault_injector::{FaultInjector, PredictCall};
pub use serve::{PartyConfig, ServeError, serve};
