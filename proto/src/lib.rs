//! The wire contract of turncoat: gRPC services, checked conversion, roles and who may prove them, typed clients.
//!
//! What comes off the wire is turned into domain types in [`convert`] and nowhere else, and what a service refuses
//! becomes a gRPC status in [`status`] and nowhere else. Clients in [`client`] give domain types or an [`RpcError`].

#![forbid(unsafe_code)]

pub mod absence;
pub mod account;
pub mod adversary;
pub mod auth;
pub mod challenge;
mod chunk;
pub mod client;
pub mod convert;
pub mod credentials;
pub mod deadlines;
pub mod federation;
pub mod identity;
pub mod limits;
pub mod quorum;
pub mod role;
pub mod rpc_error;
pub mod status;
pub mod subject;
pub mod violation;
pub mod wire;

pub use absence::{Absence, AbsenceReason};
pub use account::{Account, InvalidAnswer};
pub use credentials::{Credentials, CredentialsError};
pub use deadlines::{Deadlines, Retry, RetryError};
pub use federation::{FederationStatus, PartyFit, PartyStatus, Prediction, SharedPrediction};
pub use identity::Identity;
pub use limits::{Limit, Limits, LimitsError};
pub use quorum::{Quorum, QuorumError};
pub use role::{Disclosure, Role};
pub use rpc_error::{Peer, RpcError, RpcFailure};
pub use status::Refusal;
pub use subject::{Subject, SubjectError};
pub use violation::Violation;
