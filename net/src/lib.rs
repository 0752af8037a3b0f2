//! What a gRPC service needs whatever its messages are: addresses, connections over sockets or within a process, TLS by certificates of
//! one authority, limits at the edge, health, reflection, and an end that waits for calls under way.
//!
//! What is particular to a contract (who may call, how a refusal is written) comes in through [`edge::Contract`].

#![forbid(unsafe_code)]

pub mod address;
pub mod codec;
pub mod edge;
pub mod hosting;
pub mod identity;
mod pipe;
pub mod server;
pub mod trace_context;
pub mod transport;

pub use address::{Address, AddressParseError};
pub use identity::{Authority, Certificate, PeerName, Proof, Token, Validity};
pub use pipe::Pipe;
pub use server::ServeError;
pub use transport::{Dialer, Listener, MAX_MESSAGE_BYTES, MemoryNetwork, Network, TransportError};
