//! How many records travel in one message: as many as keep both the question and its answer near 1 MiB, and what all parties
//! of a federation are asked at once near 32 MiB.
//!
//! Every chunk costs a call at every party. Were the answers of all parties together to stay near 1 MiB, too, a federation of
//! twice the parties would be asked about twice the records in four times the chunks, which makes eight times the calls. So
//! such an answer may grow to what a message holds before a chunk falls below [`FEWEST_ROWS`].

use std::ops::Range;

use turncoat_net::MAX_MESSAGE_BYTES;

/// Size to aim at, in bytes.
const CHUNK_BYTES: usize = 1 << 20;

/// Chunks under way at a time, at most.
pub(crate) const IN_FLIGHT: usize = 8;

/// Rows of a chunk whose answer would be larger than [`CHUNK_BYTES`] with more.
const FEWEST_ROWS: usize = 512;

/// What may be under way between a coordinator and all its parties, in bytes.
const FEDERATION_BYTES: usize = 32 << 20;

/// What a message holds beside its records, with room to spare.
const ENVELOPE_BYTES: usize = 256;

/// Rows a chunk: of `features` f32 each, answered by `answers` f64 each. At least one, however wide.
pub(crate) fn rows(features: usize, answers: usize) -> usize {
    let bytes = (features.saturating_mul(4)).max(answers.saturating_mul(8)).max(1);
    (CHUNK_BYTES / bytes).max(1)
}

/// What each row of a question to a federation is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its features, f32 each.
    pub(crate) features: usize,
    /// The classes that each party gives a probability, f64 each.
    pub(crate) classes: usize,
    /// Parties that are asked.
    pub(crate) parties: usize,
    /// Vectors of the answer: the mean, or that and each party's.
    pub(crate) vectors: usize,
}

impl Row {
    /// Bytes of the answer.
    fn answer(&self) -> usize {
        self.classes.saturating_mul(self.vectors).saturating_mul(8).max(1)
    }

    /// Bytes of question and answer between the coordinator and all parties.
    fn federation(&self) -> usize {
        let party = self.features.saturating_mul(4).saturating_add(self.classes.saturating_mul(8));
        party.saturating_mul(self.parties).max(1)
    }

    /// Rows a chunk, for a coordinator that takes so many records and so many bytes at most.
    pub(crate) fn chunk(&self, records_per_call: Option<u32>, message_bytes: Option<u64>) -> usize {
        let message = message_bytes.map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        let fit = message.saturating_sub(ENVELOPE_BYTES) / self.features.saturating_mul(4).max(1);
        let most = records_per_call.map_or(usize::MAX, |most| most as usize);
        // Half of a message at most: an envelope of many parties takes room, too.
        let fewest = FEWEST_ROWS.min(MAX_MESSAGE_BYTES / 2 / self.answer());
        let answered = (CHUNK_BYTES / self.answer()).max(fewest);
        let together = FEDERATION_BYTES / self.federation();
        rows(self.features, 0).min(answered).min(together).min(fit).min(most).max(1)
    }

    /// How many chunks of so many rows may be under way at a time.
    pub(crate) fn in_flight(&self, rows: usize) -> usize {
        let chunk = self.federation().saturating_add(self.answer()).saturating_mul(rows.max(1));
        (FEDERATION_BYTES / chunk).clamp(1, IN_FLIGHT)
    }
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
        let averaged = |features| Row { features, classes: 10, parties: 3, vectors: 1 };
        assert_eq!(averaged(32).chunk(None, None), 8_192);
        assert_eq!(averaged(32).chunk(Some(100), None), 100);
        assert_eq!(averaged(32).chunk(Some(100), Some(1_024)), 6);
        assert_eq!(averaged(4_000).chunk(None, Some(1_024)), 1);
    }

    #[test]
    fn calls_to_all_parties_grow_with_questions_and_parties_and_no_faster() {
        let shared = |parties: usize| Row { features: 12, classes: 2, parties, vectors: parties + 1 };
        // 1 MiB of answers, as long as these are enough rows: 16 bytes for each of 4, 64 vectors.
        assert_eq!((shared(3).chunk(None, None), shared(63).chunk(None, None)), (16_384, 1_024));
        assert_eq!((shared(3).in_flight(16_384), shared(63).in_flight(1_024)), (8, 6));
        for parties in [250, 500, 1_000] {
            let rows = shared(parties).chunk(None, None);
            assert_eq!(rows, FEWEST_ROWS, "{parties}");
            assert!(rows * shared(parties).answer() < MAX_MESSAGE_BYTES);
            assert!(rows * shared(parties).federation() <= FEDERATION_BYTES);
        }
        // What does not fit is not sent: 8 MiB of 10,001 vectors of 16 bytes; 32 MiB to 1,000 parties, 12 KiB a row.
        assert_eq!(shared(10_000).chunk(None, None), 52);
        assert_eq!(shared(10_000).in_flight(52), 1);
        let wide = Row { features: 3_072, classes: 10, parties: 1_000, vectors: 1 };
        assert_eq!(wide.chunk(None, None), 2);
    }

    #[test]
    fn chunks_cover_all_rows_once() {
        assert_eq!(ranges(7, 3).collect::<Vec<_>>(), [0..3, 3..6, 6..7]);
        assert!(ranges(0, 3).eq(std::iter::once(0..0)));
    }
}
