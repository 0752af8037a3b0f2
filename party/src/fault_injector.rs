//! What may be done to a party's answers before they are sent. Honest code knows no more of it.

use std::fmt::Debug;

use futures::future::BoxFuture;
use tonic::Status;
use turncoat_proto::wire;

/// What a party was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PredictCall {
    /// Number of the first record among all queries of the federation, from 1; the others follow it.
    pub first_query: u64,
    /// Records.
    pub rows: usize,
    /// How often the party was asked this before, from 0.
    pub attempt: u32,
    /// Whether the operator asks, who measures, and whose queries are numbered apart.
    pub measuring: bool,
}

/// Somebody whom each of a party's answers passes by before it is sent.
pub trait FaultInjector: Send + Sync + Debug {
    /// What is sent instead of the model's own answer. It may be changed, come late or never, or be refused.
    ///
    /// # Errors
    /// The status that the coordinator gets.
    fn answer(
        &self,
        call: PredictCall,
        reply: wire::PredictProbaReply,
    ) -> BoxFuture<'_, Result<wire::PredictProbaReply, Status>>;
}
