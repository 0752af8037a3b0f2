//! One data owner of a turncoat federation: its shard, its model, its gRPC service.
//!
//! [`serve()`] joins the federation and answers the coordinator until it is told to stop. This is honest code: it knows
//! no attack, and its records leave it only as what its model makes of them.

#![forbid(unsafe_code)]

mod disturbance;
mod join;
mod serve;
mod service;
mod state;

pub use disturbance::{Asked, Disturbance};
pub use serve::{PartyConfig, ServeError, serve};
