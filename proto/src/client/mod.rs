//! Typed clients. Each call carries the caller's token and has a deadline; batches of any size travel in chunks, several
//! under way at a time, and come back in order; every answer is checked before it is handed on.

mod adversary;
mod answers;
mod call;
mod coordinator;
mod party;

pub use adversary::AdversaryClient;
pub use coordinator::{CoordinatorClient, JoinedFederation};
pub use party::{EncodedRecords, PartyClient};
