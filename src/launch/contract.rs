//! What a scenario says of the federation, in the words of the wire contract.

use crate::scenario;

/// The same limits.
pub(crate) fn limits(limits: scenario::Limits) -> turncoat_proto::Limits {
    turncoat_proto::Limits {
        queries_per_client: limits.queries_per_client,
        queries_in_all: limits.queries_in_all,
        records_per_call: limits.records_per_call,
        message_bytes: limits.message_bytes,
        concurrent_calls: limits.concurrent_calls,
        keep_alive_ms: limits.keep_alive_ms,
        request_ms: limits.request_ms,
        stalled_ms: limits.stalled_ms,
    }
}

/// The same disclosure rule.
pub(crate) fn disclosure(disclosure: scenario::Disclosure) -> turncoat_proto::Disclosure {
    match disclosure {
        scenario::Disclosure::Open => turncoat_proto::Disclosure::Open,
        scenario::Disclosure::Aggregator => turncoat_proto::Disclosure::Aggregator,
    }
}

/// The same quorum.
pub(crate) fn quorum(quorum: scenario::Quorum) -> turncoat_proto::Quorum {
    match quorum {
        scenario::Quorum::All => turncoat_proto::Quorum::All,
        scenario::Quorum::AtLeast(parties) => turncoat_proto::Quorum::AtLeast(parties),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both stand in a description of their own, and say the same.
    #[test]
    fn limits_unless_told_and_their_bounds_are_the_contracts() {
        assert_eq!(limits(scenario::Limits::default()), turncoat_proto::Limits::default());
        let of = |message_bytes| limits(scenario::Limits { message_bytes, ..Default::default() });
        let (least, most) = (scenario::LEAST_MESSAGE_BYTES, scenario::MOST_MESSAGE_BYTES);
        assert!(of(least).check().is_ok() && of(least - 1).check().is_err());
        assert!(of(most).check().is_ok() && of(most + 1).check().is_err());
    }
}
