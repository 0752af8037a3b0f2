//! What the coordinator takes on at its public edge, and how many parties must answer.

use turncoat_proto::limits::{LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES};
use turncoat_proto::{Limits, Quorum};

use crate::scenario::reader::{At, Reader};

const KEYS: [&str; 8] = [
    "queries_per_client",
    "queries_in_all",
    "records_per_call",
    "message_bytes",
    "concurrent_calls",
    "keep_alive_ms",
    "request_ms",
    "stalled_ms",
];
/// Beyond what any experiment asks.
const MAX_QUERIES: u64 = 1_000_000_000_000;
/// A day.
const MAX_MS: u64 = 86_400_000;

/// Reads the limits; what is not said keeps its default, and null bounds nothing where nothing can be.
pub(super) fn limits(reader: &mut Reader<'_>, at: &At<'_>) -> Option<Limits> {
    let fields = reader.fields(at, &KEYS)?;
    let unless_told = Limits::default();
    let mut budget = |key, unless_told| match fields.get(key) {
        Some(at) if at.is_null() => Some(None),
        Some(at) => reader.whole(&at, 0..=MAX_QUERIES).map(Some),
        None => Some(unless_told),
    };
    let queries_per_client = budget("queries_per_client", unless_told.queries_per_client);
    let queries_in_all = budget("queries_in_all", unless_told.queries_in_all);
    let records_per_call = match fields.given("records_per_call") {
        Some(at) => reader.whole_u32(&at, 1..=u32::MAX).map(Some),
        None => Some(unless_told.records_per_call),
    };
    let message_bytes = match fields.get("message_bytes") {
        Some(at) => reader.whole(&at, LEAST_MESSAGE_BYTES..=MOST_MESSAGE_BYTES),
        None => Some(unless_told.message_bytes),
    };
    let concurrent_calls = match fields.get("concurrent_calls") {
        Some(at) => reader.whole_u32(&at, 1..=u32::MAX),
        None => Some(unless_told.concurrent_calls),
    };
    let mut time = |key, unless_told| match fields.get(key) {
        Some(at) => reader.whole(&at, 1..=MAX_MS),
        None => Some(unless_told),
    };
    let keep_alive_ms = time("keep_alive_ms", unless_told.keep_alive_ms);
    let request_ms = time("request_ms", unless_told.request_ms);
    let stalled_ms = time("stalled_ms", unless_told.stalled_ms);
    Some(Limits {
        queries_per_client: queries_per_client?,
        queries_in_all: queries_in_all?,
        records_per_call: records_per_call?,
        message_bytes: message_bytes?,
        concurrent_calls: concurrent_calls?,
        keep_alive_ms: keep_alive_ms?,
        request_ms: request_ms?,
        stalled_ms: stalled_ms?,
    })
}

/// `all`, or `{at_least: n}`, held against `parties` where that is known.
pub(super) fn quorum(reader: &mut Reader<'_>, at: &At<'_>, parties: Option<u32>) -> Option<Quorum> {
    let (tag, body) = reader.tagged(at, &["all", "at_least"])?;
    if tag == "all" {
        reader.fields(&body, &[])?;
        return Some(Quorum::All);
    }
    let asked = reader.whole_u32(&body, 0..=u32::MAX)?;
    let quorum = Quorum::AtLeast(asked);
    if let Err(error) = quorum.check(parties.unwrap_or(u32::MAX)) {
        reader.refuse(&body, format!("{error} (federation.parties)"));
        return None;
    }
    Some(quorum)
}
