//! How many records travel in one message: as many as keep both the question and its answer near 1 MiB.

use std::ops::Range;

/// Size to aim at, in bytes.
const CHUNK_BYTES: usize = 1 << 20;

/// Chunks under way at a time.
pub(crate) const IN_FLIGHT: usize = 8;

/// What a message holds beside its records, with room to spare.
const ENVELOPE_BYTES: usize = 256;

/// Rows a chunk: of `features` f32 each, answered by `answers` f64 each. At least one, however wide.
pub(crate) fn rows(features: usize, answers: usize) -> usize {
    let bytes = (features.saturating_mul(4)).max(answers.saturating_mul(8)).max(1);
    (CHUNK_BYTES / bytes).max(1)
}

/// The same for a peer that takes so many records and so many bytes at most.
pub(crate) fn rows_within(
    features: usize,
    answers: usize,
    records_per_call: Option<u32>,
    message_bytes: Option<u64>,
) -> usize {
    let message = message_bytes.map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    let fit = message.saturating_sub(ENVELOPE_BYTES) / features.saturating_mul(4).max(1);
    let most = records_per_call.map_or(usize::MAX, |most| most as usize);
    rows(features, answers).min(fit).min(most).max(1)
}

/// The rows of each chunk, in order. One empty chunk for no row, so that even that is asked.
pub(crate) fn ranges(total: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..total.max(1)).step_by(step).map(move |from| from..(from + step).min(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_as_large_as_the_larger_direction_allows() {
        assert_eq!(rows(32, 10), 8_192);
        assert_eq!(rows(1, 200 * 100), 6);
        assert_eq!(rows(1 << 24, 1), 1);
        assert_eq!(rows(0, 0), CHUNK_BYTES);
        assert_eq!(rows_within(32, 10, None, None), 8_192);
        assert_eq!(rows_within(32, 10, Some(100), None), 100);
        assert_eq!(rows_within(32, 10, Some(100), Some(1_024)), 6);
        assert_eq!(rows_within(4_000, 10, None, Some(1_024)), 1);
    }

    #[test]
    fn chunks_cover_all_rows_once() {
        assert_eq!(ranges(7, 3).collect::<Vec<_>>(), [0..3, 3..6, 6..7]);
        assert!(ranges(0, 3).eq(std::iter::once(0..0)));
    }
}
