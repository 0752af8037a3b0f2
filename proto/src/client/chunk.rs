//! How many records travel in one message: as many as keep both the question and its answer near 1 MiB.

use std::ops::Range;

/// Size to aim at, in bytes.
const CHUNK_BYTES: usize = 1 << 20;

/// Chunks under way at a time.
pub(crate) const IN_FLIGHT: usize = 8;

/// Rows a chunk: of `features` f32 each, answered by `answers` f64 each. At least one, however wide.
pub(crate) fn rows(features: usize, answers: usize) -> usize {
    let bytes = (features.saturating_mul(4)).max(answers.saturating_mul(8)).max(1);
    (CHUNK_BYTES / bytes).max(1)
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
    }

    #[test]
    fn chunks_cover_all_rows_once() {
        assert_eq!(ranges(7, 3).collect::<Vec<_>>(), [0..3, 3..6, 6..7]);
        assert!(ranges(0, 3).eq(std::iter::once(0..0)));
    }
}
