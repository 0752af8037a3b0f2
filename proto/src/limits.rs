//! What a service takes on at its public edge: budgets of queries, sizes, times. A query is one record that the federation
//! is asked about; a call is one rpc with a batch of them.

use std::fmt;

use turncoat_net::MAX_MESSAGE_BYTES;
use turncoat_net::edge::{EdgeLimit, EdgeLimits};

/// Limits of a service, in reports under the same names. `None` bounds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Limits {
    /// Queries that each client may ask; the operator, who measures, may ask more.
    pub queries_per_client: Option<u64>,
    /// Queries that all clients together may ask, the operator's not counted.
    pub queries_in_all: Option<u64>,
    /// Records that one call may ask about, at least 1.
    pub records_per_call: Option<u32>,
    /// Largest message that is accepted, in bytes, from 1 KiB to 16 MiB.
    pub message_bytes: u64,
    /// Calls under way at a time, of all clients together, at least 1. A party may join beside them.
    pub concurrent_calls: u32,
    /// How often a silent connection is asked for a sign of life, and how long it may take to give one, in milliseconds.
    pub keep_alive_ms: u64,
    /// How long a call may take, the sending of its question included, in milliseconds. Fit, Join and Status have
    /// deadlines of their own: of these it bounds the sending alone.
    pub request_ms: u64,
    /// How long a peer may leave an answer untaken before its connection is cut, in milliseconds.
    pub stalled_ms: u64,
}

/// Largest message that can be configured, in bytes.
pub const MOST_MESSAGE_BYTES: u64 = MAX_MESSAGE_BYTES as u64;
/// Smallest, in bytes: what joining and training take.
pub const LEAST_MESSAGE_BYTES: u64 = 1 << 10;

impl Default for Limits {
    fn default() -> Self {
        let EdgeLimits { message_bytes, concurrent_calls, keep_alive_ms, request_ms, stalled_ms } =
            EdgeLimits::default();
        Self {
            queries_per_client: None,
            queries_in_all: None,
            records_per_call: None,
            message_bytes,
            concurrent_calls,
            keep_alive_ms,
            request_ms,
            stalled_ms,
        }
    }
}

/// A limit under which nothing could be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit} is {value}: {rule}")]
pub struct LimitsError {
    limit: Limit,
    value: u64,
    rule: &'static str,
}

impl Limits {
    /// Those that the service's edge keeps; budgets of queries and records are kept by the service itself.
    #[must_use]
    pub fn edge(&self) -> EdgeLimits {
        let Self { message_bytes, concurrent_calls, keep_alive_ms, request_ms, stalled_ms, .. } = *self;
        EdgeLimits { message_bytes, concurrent_calls, keep_alive_ms, request_ms, stalled_ms }
    }

    /// The limits, if something can be served under them.
    ///
    /// # Errors
    /// [`LimitsError`]: a bound or a time of zero, or a message size out of range.
    pub fn check(self) -> Result<Self, LimitsError> {
        let refuse = |limit, value, rule| Err(LimitsError { limit, value, rule });
        let positive = [
            (Limit::RecordsPerCall, self.records_per_call.map_or(1, u64::from)),
            (Limit::ConcurrentCalls, u64::from(self.concurrent_calls)),
            (Limit::KeepAliveMs, self.keep_alive_ms),
            (Limit::RequestMs, self.request_ms),
            (Limit::StalledMs, self.stalled_ms),
        ];
        for (limit, value) in positive {
            if value == 0 {
                return refuse(limit, 0, "at least 1");
            }
        }
        if !(LEAST_MESSAGE_BYTES..=MOST_MESSAGE_BYTES).contains(&self.message_bytes) {
            return refuse(Limit::MessageBytes, self.message_bytes, "from 1,024 to 16,777,216");
        }
        Ok(self)
    }
}

/// Names of the limits, as a scenario writes them, and the quorum beside them: what a call can be refused by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// [`Limits::queries_per_client`].
    QueriesPerClient,
    /// [`Limits::queries_in_all`].
    QueriesInAll,
    /// [`Limits::records_per_call`].
    RecordsPerCall,
    /// [`Limits::message_bytes`].
    MessageBytes,
    /// [`Limits::concurrent_calls`].
    ConcurrentCalls,
    /// [`Limits::keep_alive_ms`]: cuts connections, so no call hears of it.
    KeepAliveMs,
    /// [`Limits::request_ms`].
    RequestMs,
    /// [`Limits::stalled_ms`]: cuts connections, so no call hears of it.
    StalledMs,
    /// [`Quorum`](crate::Quorum).
    Quorum,
}

impl Limit {
    /// As a scenario writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::QueriesPerClient => "queries_per_client",
            Self::QueriesInAll => "queries_in_all",
            Self::RecordsPerCall => "records_per_call",
            Self::MessageBytes => "message_bytes",
            Self::ConcurrentCalls => "concurrent_calls",
            Self::KeepAliveMs => "keep_alive_ms",
            Self::RequestMs => "request_ms",
            Self::StalledMs => "stalled_ms",
            Self::Quorum => "quorum",
        }
    }
}

impl From<EdgeLimit> for Limit {
    fn from(limit: EdgeLimit) -> Self {
        match limit {
            EdgeLimit::MessageBytes => Self::MessageBytes,
            EdgeLimit::ConcurrentCalls => Self::ConcurrentCalls,
            EdgeLimit::RequestMs => Self::RequestMs,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_under_which_nothing_is_served_are_refused() {
        let good = Limits::default();
        assert_eq!(good.check(), Ok(good));
        for (wrong, says) in [
            (Limits { records_per_call: Some(0), ..good }, "records_per_call is 0: at least 1"),
            (Limits { concurrent_calls: 0, ..good }, "concurrent_calls is 0: at least 1"),
            (Limits { keep_alive_ms: 0, ..good }, "keep_alive_ms is 0: at least 1"),
            (Limits { request_ms: 0, ..good }, "request_ms is 0: at least 1"),
            (Limits { stalled_ms: 0, ..good }, "stalled_ms is 0: at least 1"),
            (Limits { message_bytes: 1_023, ..good }, "message_bytes is 1023: from 1,024 to 16,777,216"),
            (Limits { message_bytes: 16_777_217, ..good }, "message_bytes is 16777217: from 1,024"),
        ] {
            let error = wrong.check().unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
        // No query at all may be asked: a federation that is only trained.
        assert!(Limits { queries_in_all: Some(0), queries_per_client: Some(0), ..good }.check().is_ok());
    }
}
