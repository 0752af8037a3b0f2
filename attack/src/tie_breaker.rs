//! Fair coins for ties, addressed by the record itself.
//!
//! Guarantee: the coin of a record depends on the attack's seed, the record's features and its label. It does not
//! depend on the record's place in a batch, so a claim stays the same whatever else is asked, and it is never the index
//! of a party that decides. Equal records have equal coins: asked as members of either of two identical parties, a
//! record gets one right answer and one wrong.

use ndarray::ArrayView1;
use rand::RngExt;
use turncoat_learn::{Seed, fingerprint};

/// The coins of one attack of one adversary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TieBreaker(Seed);

impl TieBreaker {
    /// The coins of the attack of that name.
    pub(crate) fn new(seed: Seed, attack: &str) -> Self {
        Self(seed.child(attack, 0))
    }

    /// One of the tied places, each as likely as the other. Nothing is drawn when there is only one; `None` when there is
    /// none.
    pub(crate) fn pick(&self, record: ArrayView1<'_, f32>, label: u32, tied: &[usize]) -> Option<usize> {
        match tied {
            [] => None,
            [only] => Some(*only),
            _ => {
                let mut stream = self.0.child("record", fingerprint(record, label)).stream("coin");
                Some(tied[stream.random_range(0..tied.len())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn the_coin_is_the_records_own() {
        let ties = TieBreaker::new(Seed::root(1), "least_loss");
        let (record, negative_zero) = (array![0.5, 0.0], array![0.5, -0.0]);
        let side = ties.pick(record.view(), 1, &[0, 1]);
        assert_eq!(side, ties.pick(record.view(), 1, &[0, 1]));
        assert_eq!(side, ties.pick(negative_zero.view(), 1, &[0, 1]));
        assert_eq!(ties.pick(record.view(), 1, &[7]), Some(7));
        assert_eq!(ties.pick(record.view(), 1, &[]), None);
        assert_ne!(fingerprint(record.view(), 1), fingerprint(record.view(), 0));
        assert_ne!(fingerprint(record.view(), 1), fingerprint(array![0.0, 0.5].view(), 1));
    }

    #[test]
    fn the_coin_is_fair() {
        let ties = TieBreaker::new(Seed::root(2), "least_loss");
        let records = Array2::from_shape_fn((9_000, 1), |(row, _)| row as f32);
        let mut counts = [0_u32; 3];
        for record in records.rows() {
            counts[ties.pick(record, 0, &[0, 1, 2]).unwrap()] += 1;
        }
        // Four standard deviations of a binomial (9,000, 1/3): 4 * sqrt(2,000) = 179.
        assert!(counts.iter().all(|&count| count.abs_diff(3_000) < 179), "{counts:?}");
    }
}
