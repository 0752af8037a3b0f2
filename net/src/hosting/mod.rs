//! Hosting a service: who calls is known, what is taken on is limited, and beside its own rpcs every service offers the
//! standard ones, its health and what it offers (`grpc.health.v1.Health`, `grpc.reflection.v1` and `v1alpha`).

mod host;
mod router;
mod standard;

pub use host::{Hosting, host};
