//! Entropy in integers: the terms of the criterion by a table or, where weights are too many for one, computed each time.
//!
//! The term of n records is n * log2(n) in fixed point, the same either way.

use super::impurity::{Impurity, Sides};

/// Where the terms come from.
pub(super) trait Terms: Clone + std::fmt::Debug + Send + Sync {
    fn term(&self, count: u32) -> u64;
}

/// Shannon entropy in bits.
#[derive(Clone, Debug)]
pub(super) struct Entropy<T> {
    terms: T,
    scale: f64,
}

/// The terms of all counts that can occur.
#[derive(Clone, Debug)]
pub(super) struct Table(Vec<u64>);

/// Each term when it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Computed {
    scale: f64,
}

impl Entropy<Table> {
    /// For nodes of at most `records` records.
    pub(super) fn new(records: usize) -> Self {
        let Entropy { terms, scale } = Entropy::of_weights(records as u64);
        Self { terms: Table((0..=records as u32).map(|count| terms.term(count)).collect()), scale }
    }
}

impl Entropy<Computed> {
    /// For nodes that weigh at most so much.
    pub(super) fn of_weights(weight: u64) -> Self {
        let largest = (weight.max(2) as f64) * (weight.max(2) as f64).log2();
        // The sums of both sides stay below 2^61, so no comparison can overflow.
        let scale = 2f64.powi(60 - largest.log2().ceil() as i32);
        Self { terms: Computed { scale }, scale }
    }
}

impl Terms for Table {
    #[inline]
    fn term(&self, count: u32) -> u64 {
        self.0[count as usize]
    }
}

impl Terms for Computed {
    #[inline]
    fn term(&self, count: u32) -> u64 {
        if count < 2 {
            return 0;
        }
        let count = f64::from(count);
        (count * count.log2() * self.scale).round() as u64
    }
}

impl<T: Terms> Impurity for Entropy<T> {
    type Score = i64;
    const SQUARES: bool = false;

    #[inline]
    fn term(&self, count: u32) -> u64 {
        self.terms.term(count)
    }

    #[inline]
    fn score(&self, sides: &Sides) -> i64 {
        sides.left_sum as i64 + sides.right_sum as i64
            - self.term(sides.left_records) as i64
            - self.term(sides.right_records) as i64
    }

    #[inline]
    fn may_beat(&self, a: i64, b: i64) -> bool {
        a > b
    }

    #[inline]
    fn better(&self, a: &Sides, b: &Sides) -> bool {
        self.score(a) > self.score(b)
    }

    #[inline]
    fn perfect(&self, sides: &Sides) -> bool {
        self.score(sides) == 0
    }

    fn decrease(&self, node_records: u32, node_sum: u64, sides: &Sides) -> f64 {
        let before = node_sum as i64 - self.term(node_records) as i64;
        (self.score(sides) - before) as f64 / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::impurity::sides;

    #[test]
    fn entropy_by_hand() {
        let entropy = Entropy::new(100);
        // (2, 2) has 1 bit a record; a pure pair of sides none.
        let (nothing, all) = (sides(&[1, 1], &[1, 1], &entropy), sides(&[2, 0], &[0, 2], &entropy));
        let node_sum = 2 * entropy.term(2);
        assert!((entropy.decrease(4, node_sum, &all) - 4.0).abs() < 1e-12);
        assert!(entropy.decrease(4, node_sum, &nothing).abs() < 1e-12);
        assert!(entropy.better(&all, &nothing) && entropy.perfect(&all) && !entropy.perfect(&nothing));
        assert_eq!(entropy.term(8) as f64 / entropy.scale, 24.0);
    }

    #[test]
    fn the_sums_are_those_of_the_table() {
        let (table, weights) = (Entropy::new(1000), Entropy::of_weights(1000));
        for count in [0, 1, 2, 3, 17, 999, 1000] {
            assert_eq!(table.term(count), weights.term(count));
        }
        let sides = Sides {
            left_records: 5,
            right_records: 6,
            left_sum: table.term(5),
            right_sum: table.term(2) + table.term(4),
        };
        assert_eq!(table.score(&sides), weights.score(&sides));
        let node = table.term(7) + table.term(4);
        assert_eq!(table.decrease(11, node, &sides), weights.decrease(11, node, &sides));
    }
}
