//! Limits and the quorum, written out. Both are left out where they are what they are unless told, so that the hash is that of
//! the experiment without.

use turncoat_proto::{Limits, Quorum};

use super::Out;

pub(super) fn limits(limits: &Limits) -> Option<(&'static str, Out)> {
    let Limits {
        queries_per_client,
        queries_in_all,
        records_per_call,
        message_bytes,
        concurrent_calls,
        keep_alive_ms,
        request_ms,
        stalled_ms,
    } = limits;
    let all = [
        ("queries_per_client", Out::optional(*queries_per_client)),
        ("queries_in_all", Out::optional(*queries_in_all)),
        ("records_per_call", Out::optional(*records_per_call)),
        ("message_bytes", Out::plain(message_bytes)),
        ("concurrent_calls", Out::plain(concurrent_calls)),
        ("keep_alive_ms", Out::plain(keep_alive_ms)),
        ("request_ms", Out::plain(request_ms)),
        ("stalled_ms", Out::plain(stalled_ms)),
    ];
    (*limits != Limits::default()).then(|| ("limits", Out::map(all)))
}

pub(super) fn quorum(quorum: Quorum) -> Option<(&'static str, Out)> {
    match quorum {
        Quorum::All => None,
        Quorum::AtLeast(parties) => Some(("require", Out::map([("at_least", Out::plain(parties))]))),
    }
}
