//! Entropy in integers: the term of n records is n * log2(n) in fixed point.

use super::impurity::{Impurity, Sides};

/// Shannon entropy in bits; with `TABLE` the terms are looked up, which is a seventh of the time of a fit, and else computed.
#[derive(Clone, Debug)]
pub(crate) struct Entropy<const TABLE: bool> {
    /// The terms of all counts that can occur, with `TABLE`.
    terms: Vec<u64>,
    scale: f64,
}

impl Entropy<true> {
    /// For nodes of at most `records` records.
    pub(crate) fn new(records: u32) -> Self {
        let Entropy { scale, .. } = Entropy::of_weights(u64::from(records));
        Self { terms: (0..=records).map(|count| term(count, scale)).collect(), scale }
    }
}

impl Entropy<false> {
    /// For nodes that weigh at most so much.
    pub(crate) fn of_weights(weight: u64) -> Self {
        let largest = (weight.max(2) as f64) * (weight.max(2) as f64).log2();
        // The sums of both sides stay below 2^61, so no comparison can overflow.
        Self { terms: Vec::new(), scale: 2f64.powi(60 - largest.log2().ceil() as i32) }
    }
}

fn term(count: u32, scale: f64) -> u64 {
    if count < 2 {
        return 0;
    }
    let count = f64::from(count);
    (count * count.log2() * scale).round() as u64
}

impl<const TABLE: bool> Impurity for Entropy<TABLE> {
    type Score = i64;
    const SQUARES: bool = false;

    #[inline]
    fn term(&self, count: u32) -> u64 {
        if TABLE { self.terms[count as usize] } else { term(count, self.scale) }
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
    use crate::tree::split::impurity::sides;

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
        let sides = sides(&[5], &[2, 4], &table);
        assert_eq!(table.score(&sides), weights.score(&sides));
        let node = table.term(7) + table.term(4);
        assert_eq!(table.decrease(11, node, &sides), weights.decrease(11, node, &sides));
    }
}
