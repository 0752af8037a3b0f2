//! Pauses between attempts: each twice as long as the one before, up to the longest, less a random part of at most half, so that
//! calls that failed together do not come back together. The draw reaches no figure; it has an address like every other.

use std::time::Duration;

use rand::RngExt;
use turncoat_learn::{PartyId, Seed};
use turncoat_proto::Retry;

/// The pause before attempt `attempt` (from 1) of the call that begins with that query.
pub(crate) fn pause(retry: &Retry, party: PartyId, first_query: u64, attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(63);
    let full = retry.first_pause_ms.saturating_mul(1 << doublings).min(retry.longest_pause_ms);
    let place = Seed::root(0).child("party", u64::from(party.get())).child("query", first_query);
    let part: f64 = place.child("attempt", u64::from(attempt)).stream("pause").random();
    Duration::from_millis(full).mul_f64(0.5 + part / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_lie_in_their_upper_half() {
        let retry = Retry { first_pause_ms: 100, longest_pause_ms: 1_000, ..Retry::default() };
        let party = PartyId::first(1).next().unwrap();
        for (attempt, full) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (80, 1_000)] {
            for query in 1..50 {
                let pause = pause(&retry, party, query, attempt);
                let (least, most) = (Duration::from_millis(full / 2), Duration::from_millis(full));
                assert!((least..=most).contains(&pause), "{attempt}: {pause:?}");
            }
        }
        let (one, other) = (pause(&retry, party, 1, 1), pause(&retry, party, 2, 1));
        assert_ne!(one, other);
        assert_eq!(one, pause(&retry, party, 1, 1));
    }
}
