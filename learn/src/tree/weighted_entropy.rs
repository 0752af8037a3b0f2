//! Entropy of weights: the sums of [`Entropy`](super::impurity::Entropy) where weights are too many for a table.

use super::impurity::{Impurity, Sides};

/// Shannon entropy in bits; n*log2(n) in fixed point, computed each time.
#[derive(Clone, Debug)]
pub(super) struct WeightedEntropy {
    scale: f64,
}

impl WeightedEntropy {
    /// For nodes that weigh at most so much.
    pub(super) fn new(weight: u64) -> Self {
        let largest = (weight.max(2) as f64) * (weight.max(2) as f64).log2();
        // The sums of both sides stay below 2^61, so no comparison can overflow.
        Self { scale: 2f64.powi(60 - largest.log2().ceil() as i32) }
    }
}

impl Impurity for WeightedEntropy {
    type Score = i64;
    const SQUARES: bool = false;

    #[inline]
    fn term(&self, weight: u32) -> u64 {
        if weight < 2 {
            return 0;
        }
        let weight = f64::from(weight);
        (weight * weight.log2() * self.scale).round() as u64
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

    fn decrease(&self, node_weight: u32, node_sum: u64, sides: &Sides) -> f64 {
        let before = node_sum as i64 - self.term(node_weight) as i64;
        (self.score(sides) - before) as f64 / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::impurity::Entropy;

    #[test]
    fn the_sums_are_those_of_the_table() {
        let (table, weights) = (Entropy::new(1000), WeightedEntropy::new(1000));
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
