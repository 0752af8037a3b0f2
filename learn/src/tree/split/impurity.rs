//! How good a split is, in integers.
//!
//! A criterion gives each side of a split a sum over classes that moves by integers when a record changes sides:
//! the squared counts for gini, and count * log2(count) as a fixed-point integer for entropy. Sums of integers do not
//! depend on order, so two splits that divide the classes alike score exactly alike, wherever the records stood.
//!
//! gini: the weighted impurity of the children is 1 - (L2/l + R2/r)/n with L2, R2 the sums of squared counts on each
//! side, so the best split has the largest L2/l + R2/r (Breiman et al., 1984, section 4.3). Fractions are compared exactly.
//! entropy: the best split has the largest sum of c*log2(c) over classes and sides, less l*log2(l) + r*log2(r).

use std::fmt::Debug;

/// The two sides of a split: records, and the criterion's sum over classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) left_records: u32,
    pub(crate) right_records: u32,
    pub(crate) left_sum: u64,
    pub(crate) right_sum: u64,
}

impl Sides {
    /// Left for right.
    pub(crate) fn swapped(self) -> Self {
        Self {
            left_records: self.right_records,
            right_records: self.left_records,
            left_sum: self.right_sum,
            right_sum: self.left_sum,
        }
    }
}

/// Features of two values that are counted together.
pub(crate) const STRIP: usize = 128;

/// A criterion as the search needs it.
pub(crate) trait Impurity: Clone + Debug + Sync {
    /// What is worth computing once of a split that others are compared with.
    type Score: Copy + Debug + Send + Sync;

    /// Whether the sums are those of squared counts, and splits compare by L2/l + R2/r.
    const SQUARES: bool;

    /// What a class with that many records on one side adds to the side's sum.
    fn term(&self, count: u32) -> u64;

    /// The score of a split.
    fn score(&self, sides: &Sides) -> Self::Score;

    /// False only when `a` is surely not better than `b`; quick.
    fn may_beat(&self, a: Self::Score, b: Self::Score) -> bool;

    /// Whether `a` is strictly better than `b`. Both split the same node.
    fn better(&self, a: &Sides, b: &Sides) -> bool;

    /// Whether no split of the node can be better: both sides are pure.
    fn perfect(&self, sides: &Sides) -> bool;

    /// The node's impurity less that of its children, weighted by their records, times the node's records.
    fn decrease(&self, node_records: u32, node_sum: u64, sides: &Sides) -> f64;

    /// Moves `by` records of a class from the right, which has `right` of it, to the left, which has `left`.
    #[inline]
    fn shift(&self, sides: &mut Sides, left: u32, right: u32, by: u32) {
        sides.left_sum += self.term(left + by) - self.term(left);
        sides.right_sum -= self.term(right) - self.term(right - by);
        sides.left_records += by;
        sides.right_records -= by;
    }

    /// Moves one record, as [`shift`](Self::shift) does.
    #[inline]
    fn shift_one(&self, sides: &mut Sides, left: u32, right: u32) {
        self.shift(sides, left, right, 1);
    }

    /// Adds to the sums of many splits a class of `of` records, at most 255, of which `right` are on the right side.
    #[inline]
    fn add_class(
        &self,
        of: u8,
        right: &[u8; STRIP],
        left_sums: &mut [u64; STRIP],
        right_sums: &mut [u64; STRIP],
    ) {
        for place in 0..STRIP {
            left_sums[place] += self.term(u32::from(of - right[place]));
            right_sums[place] += self.term(u32::from(right[place]));
        }
    }
}

/// Gini impurity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gini;

/// Relative width of the band in which a comparison of f64 products is not trusted: some forty units in the last place.
const BAND: f64 = 1e-14;

impl Impurity for Gini {
    /// Numerator and denominator of L2/l + R2/r, rounded.
    type Score = (f64, f64);
    const SQUARES: bool = true;

    #[inline]
    fn term(&self, count: u32) -> u64 {
        u64::from(count) * u64::from(count)
    }

    #[inline]
    fn score(&self, sides: &Sides) -> (f64, f64) {
        let (left, right) = (f64::from(sides.left_records), f64::from(sides.right_records));
        // Below 2^63: squares of counts of at most 2^31. Signed integers convert in one instruction.
        let (left_sum, right_sum) = (sides.left_sum as i64 as f64, sides.right_sum as i64 as f64);
        (left_sum * right + right_sum * left, left * right)
    }

    #[inline]
    fn may_beat(&self, (a_over, a_under): (f64, f64), (b_over, b_under): (f64, f64)) -> bool {
        a_over * b_under > b_over * a_under * (1.0 - BAND)
    }

    fn better(&self, a: &Sides, b: &Sides) -> bool {
        let ((a_over, a_under), (b_over, b_under)) = (self.score(a), self.score(b));
        let (ours, theirs) = (a_over * b_under, b_over * a_under);
        if ours > theirs * (1.0 + BAND) {
            true
        } else if ours < theirs * (1.0 - BAND) {
            false
        } else {
            exactly_better(a, b)
        }
    }

    #[inline]
    fn perfect(&self, sides: &Sides) -> bool {
        sides.left_sum == self.term(sides.left_records) && sides.right_sum == self.term(sides.right_records)
    }

    #[inline]
    fn shift_one(&self, sides: &mut Sides, left: u32, right: u32) {
        // (c + 1)^2 - c^2 = 2c + 1: no product in the innermost loop.
        sides.left_sum += 2 * u64::from(left) + 1;
        sides.right_sum -= 2 * u64::from(right) - 1;
        sides.left_records += 1;
        sides.right_records -= 1;
    }

    fn decrease(&self, node_records: u32, node_sum: u64, sides: &Sides) -> f64 {
        sides.left_sum as f64 / f64::from(sides.left_records)
            + sides.right_sum as f64 / f64::from(sides.right_records)
            - node_sum as f64 / f64::from(node_records)
    }

    #[inline]
    fn add_class(
        &self,
        of: u8,
        right: &[u8; STRIP],
        left_sums: &mut [u64; STRIP],
        right_sums: &mut [u64; STRIP],
    ) {
        for place in 0..STRIP {
            // Squares of bytes fit 16 bits, in which many are multiplied at a time.
            let (here, there) = (u16::from(right[place]), u16::from(of - right[place]));
            left_sums[place] += u64::from(there * there);
            right_sums[place] += u64::from(here * here);
        }
    }
}

/// The comparison of L2/l + R2/r in integers. A numerator is below 2^97 and a denominator below 2^64.
fn exactly_better(a: &Sides, b: &Sides) -> bool {
    let fraction = |sides: &Sides| {
        let (l, r) = (u128::from(sides.left_records), u128::from(sides.right_records));
        (u128::from(sides.left_sum) * r + u128::from(sides.right_sum) * l, l * r)
    };
    let ((a_over, a_under), (b_over, b_under)) = (fraction(a), fraction(b));
    wide_product(a_over, b_under) > wide_product(b_over, a_under)
}

/// The product as (high, low) words of 128 and 64 bits; `small` is below 2^64 and `large` below 2^127.
fn wide_product(large: u128, small: u128) -> (u128, u64) {
    let low = (large & u128::from(u64::MAX)) * small;
    let high = (large >> 64) * small + (low >> 64);
    (high, low as u64)
}

/// The sides that these counts of classes make.
#[cfg(test)]
pub(crate) fn sides(left: &[u32], right: &[u32], impurity: &impl Impurity) -> Sides {
    let sum = |counts: &[u32]| counts.iter().map(|&count| impurity.term(count)).sum();
    Sides {
        left_records: left.iter().sum(),
        right_records: right.iter().sum(),
        left_sum: sum(left),
        right_sum: sum(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::split::entropy::Entropy;

    #[test]
    fn gini_by_hand() {
        // (2, 0) | (1, 3): 4/2 + 10/4 = 4.5 against (3, 0) | (0, 3): 6 against the node's 18/6 = 3.
        let (middling, best) = (sides(&[2, 0], &[1, 3], &Gini), sides(&[3, 0], &[0, 3], &Gini));
        assert!(Gini.better(&best, &middling) && !Gini.better(&middling, &best));
        assert!(Gini.perfect(&best) && !Gini.perfect(&middling));
        assert_eq!(Gini.decrease(6, 18, &middling), 1.5);
    }

    #[test]
    fn equal_fractions_are_neither_better() {
        // 1/1 + 5/3 and 5/3 + 1/1, and large ones whose f64 products round.
        for scale in [1, 333_333_333] {
            let a = sides(&[scale, 0], &[scale, 2 * scale], &Gini);
            let b = sides(&[2 * scale, scale], &[0, scale], &Gini);
            assert!(!Gini.better(&a, &b) && !Gini.better(&b, &a));
        }
        // One record more decides, whatever f64 makes of it.
        let n = 300_000_000;
        let (a, b) = (sides(&[n, 1], &[n, n], &Gini), sides(&[n, 2], &[n, n - 1], &Gini));
        assert!(Gini.better(&a, &b) != Gini.better(&b, &a));
    }

    #[test]
    fn one_record_moves_as_any_number_does() {
        let (mut one, mut many) = (sides(&[3, 2], &[4, 5], &Gini), sides(&[3, 2], &[4, 5], &Gini));
        Gini.shift_one(&mut one, 2, 5);
        Gini.shift(&mut many, 2, 5, 1);
        assert_eq!(one, many);
        assert_eq!(one, sides(&[3, 3], &[4, 4], &Gini));
    }

    #[test]
    fn products_keep_all_their_bits() {
        assert_eq!(wide_product((1 << 96) + 5, (1 << 63) + 1), ((1 << 95) + (1 << 32) + 2, (1 << 63) + 5));
        assert_eq!(wide_product(7, 6), (0, 42));
    }

    #[test]
    fn many_splits_at_once_are_each_of_them() {
        let mut right = [0u8; STRIP];
        right.iter_mut().enumerate().for_each(|(place, count)| *count = (place * 2 % 201) as u8);
        fn check(impurity: &impl Impurity, right: &[u8; STRIP]) {
            let (mut left_sums, mut right_sums) = ([1u64; STRIP], [2u64; STRIP]);
            impurity.add_class(200, right, &mut left_sums, &mut right_sums);
            for place in 0..STRIP {
                let count = u32::from(right[place]);
                assert_eq!(left_sums[place], 1 + impurity.term(200 - count));
                assert_eq!(right_sums[place], 2 + impurity.term(count));
            }
        }
        check(&Gini, &right);
        check(&Entropy::new(300), &right);
    }
}
