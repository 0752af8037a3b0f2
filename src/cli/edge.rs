//! What a coordinator takes on and whom it waits for, as flags.

use clap::Args;
use turncoat_proto::{Limits, Quorum, Retry};

/// Quorum, limits and deadlines of a coordinator.
#[derive(Clone, Debug, Args)]
pub struct EdgeArgs {
    /// How many parties must answer: all, or at_least:N
    #[arg(long, default_value = "all", value_name = "QUORUM")]
    pub require: Quorum,
    /// Queries that each client but the operator may ask; a query is one record
    #[arg(long, value_name = "N")]
    pub queries_per_client: Option<u64>,
    /// Queries that all clients but the operator may ask together
    #[arg(long, value_name = "N")]
    pub queries_in_all: Option<u64>,
    /// Most records in one call
    #[arg(long, value_name = "N")]
    pub records_per_call: Option<u32>,
    /// Largest message that is accepted, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().message_bytes)]
    pub message_bytes: u64,
    /// Most calls at a time
    #[arg(long, value_name = "N", default_value_t = Limits::default().concurrent_calls)]
    pub concurrent_calls: u32,
    /// After what silence a connection is asked for a sign of life, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Limits::default().keep_alive_ms)]
    pub keep_alive_ms: u64,
    /// Longest time that a call may take, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Limits::default().request_ms)]
    pub request_ms: u64,
    /// How long an answer may be left untaken before the connection is cut, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Limits::default().stalled_ms)]
    pub stalled_ms: u64,
    /// Tell counts and latencies to Prometheus here (GET /metrics), in plain HTTP to whoever asks: never records, labels or
    /// vectors
    #[arg(long, value_name = "HOST:PORT")]
    pub metrics: Option<String>,
    /// How long a party that cannot be reached is waited for, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Retry::default().rejoin_ms)]
    pub rejoin_ms: u64,
}

impl EdgeArgs {
    /// The limits among them, not checked.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            queries_per_client: self.queries_per_client,
            queries_in_all: self.queries_in_all,
            records_per_call: self.records_per_call,
            message_bytes: self.message_bytes,
            concurrent_calls: self.concurrent_calls,
            keep_alive_ms: self.keep_alive_ms,
            request_ms: self.request_ms,
            stalled_ms: self.stalled_ms,
        }
    }

    /// Whom it waits for.
    #[must_use]
    pub fn retry(&self) -> Retry {
        Retry { rejoin_ms: self.rejoin_ms, ..Retry::default() }
    }
}
