//! The wire contract of turncoat: gRPC services, checked conversion, identities and transport.
//!
//! What comes off the wire is turned into domain types in [`convert`] and nowhere else, and what a service refuses
//! becomes a gRPC status in [`status`] and nowhere else. Clients in [`client`] give domain types or an [`RpcError`].

#![forbid(unsafe_code)]

pub mod absence;
pub mod account;
pub mod address;
pub mod adversary;
pub mod auth;
pub mod client;
pub mod codec;
pub mod convert;
pub mod credentials;
pub mod deadlines;
pub mod edge;
pub mod federation;
pub mod hosting;
pub mod identity;
pub mod limits;
pub mod quorum;
pub mod retry;
pub mod role;
pub mod rpc_error;
pub mod server;
pub mod status;
pub mod token;
pub mod trace_context;
pub mod transport;
pub mod version;
pub mod violation;
pub mod wire;

pub use absence::{Absence, AbsenceReason};
pub use account::{Account, InvalidAnswer};
pub use address::{Address, AddressParseError};
pub use credentials::{Credentials, CredentialsError};
pub use deadlines::Deadlines;
pub use federation::{FederationStatus, PartyFit, PartyStatus, Prediction, SharedPrediction};
pub use identity::{Authority, Certificate, Identity, Proof, Subject, Validity};
pub use limits::{Limit, Limits, LimitsError};
pub use quorum::{Quorum, QuorumError};
pub use retry::{Retry, RetryError};
pub use role::{Disclosure, Role};
pub use rpc_error::{Peer, RpcError, RpcFailure};
pub use server::ServeError;
pub use status::Refusal;
pub use token::Token;
pub use transport::{Dialer, Listener, MemoryNetwork, Network, Pipe, TransportError};
pub use violation::Violation;
