//! Telling the better of two splits of one node, while one side takes in records one at a time.
//!
//! The side that takes records in starts empty; whether it is the left or the right one does not matter to a criterion, for no
//! criterion tells the sides apart. Every comparison is exact. Which criterion a node gets depends on its size and its
//! number of classes alone, and decides how fast a search is, never what it finds.

use super::impurity::{Impurity, Sides};

/// A way to compare the splits of one node with the best so far.
pub(crate) trait Comparison {
    /// What is known of the side that takes records in.
    type Side: Copy;
    /// What is known of a class on it.
    type Class: Copy;

    /// The empty side.
    fn empty(&self) -> Self::Side;

    /// Takes in a record of the class that is `run`th in the node.
    fn join(&self, side: &mut Self::Side, classes: &mut [Self::Class], run: usize);

    /// Whether a side of `records` records makes a strictly better split than the best so far, or one as good if that
    /// is enough.
    fn leads(&self, side: &Self::Side, records: u32, or_equals: bool) -> bool;

    /// Takes that split as the best so far; the side is the left one of what is returned.
    fn take(&mut self, side: &Self::Side, records: u32) -> Sides;
}

/// Gini in nodes so small that fractions are compared exactly in 64 bits.
///
/// With n records in the node, N_k of class k, and l records, l_k of class k, on the side that grows, L2/l + R2/r is
/// (A + l*B) / (l*r), where A = n * sum(l_k^2) and B = sum(N_k^2) - 2 * sum(N_k * l_k) only ever add up.
#[derive(Clone, Debug)]
pub(crate) struct Squares {
    records: i64,
    /// Sum of squared class counts of the node.
    sum: i64,
    /// Numerator and denominator of the best.
    best: (i64, i64),
}

/// A class on the growing side: what the next record of it adds to A, and what any takes from B.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SquaresClass {
    grows: i64,
    shrinks: i64,
}

impl Squares {
    /// Numerators are at most n^3/4 and denominators n^2/4; their products stay below 2^63.
    pub(crate) const RECORDS: usize = 10_500;

    pub(crate) fn new(records: u32, sum: u64) -> Self {
        Self { records: i64::from(records), sum: sum as i64, best: (-1, 1) }
    }

    /// A class of that many records, none of them on the growing side.
    pub(crate) fn class(&self, of: u32) -> SquaresClass {
        SquaresClass { grows: self.records, shrinks: 2 * i64::from(of) }
    }

    #[inline(always)]
    fn fraction(&self, (a, b): (i64, i64), records: u32) -> (i64, i64) {
        let records = i64::from(records);
        (a + records * b, records * (self.records - records))
    }
}

impl Comparison for Squares {
    type Side = (i64, i64);
    type Class = SquaresClass;

    #[inline(always)]
    fn empty(&self) -> (i64, i64) {
        (0, self.sum)
    }

    #[inline(always)]
    fn join(&self, (a, b): &mut (i64, i64), classes: &mut [SquaresClass], run: usize) {
        let class = &mut classes[run];
        *a += class.grows;
        *b -= class.shrinks;
        class.grows += 2 * self.records;
    }

    #[inline(always)]
    fn leads(&self, side: &(i64, i64), records: u32, or_equals: bool) -> bool {
        let (over, under) = self.fraction(*side, records);
        over * self.best.1 + i64::from(or_equals) > self.best.0 * under
    }

    fn take(&mut self, side: &(i64, i64), records: u32) -> Sides {
        self.best = self.fraction(*side, records);
        let left_sum = side.0 / self.records;
        Sides {
            left_records: records,
            right_records: self.records as u32 - records,
            left_sum: left_sum as u64,
            right_sum: (left_sum + side.1) as u64,
        }
    }
}

/// Gini with two classes; `WIDE` where products need more than 64 bits.
///
/// With n records in the node, N of the first class, and l, f of it, on the side that grows, L2/l + R2/r grows with
/// (n*f - l*N)^2 / (l*r) and with nothing else.
#[derive(Clone, Debug)]
pub(crate) struct TwoClasses<const WIDE: bool> {
    records: i64,
    /// N.
    first: i64,
    /// Numerator and denominator of the best.
    best: (i64, i64),
}

impl TwoClasses<false> {
    /// Numerators are at most n^4/16 and denominators n^2/4; their products stay below 2^63.
    pub(crate) const RECORDS: usize = 2800;
}

impl TwoClasses<true> {
    /// Numerators stay below 2^63; products are compared in 128 bits.
    pub(crate) const RECORDS: usize = 1 << 16;
}

impl<const WIDE: bool> TwoClasses<WIDE> {
    pub(crate) fn new(records: u32, first: u32) -> Self {
        Self { records: i64::from(records), first: i64::from(first), best: (-1, 1) }
    }
}

impl<const WIDE: bool> Comparison for TwoClasses<WIDE> {
    /// n*f - l*N.
    type Side = i64;
    type Class = ();

    #[inline(always)]
    fn empty(&self) -> i64 {
        0
    }

    #[inline(always)]
    fn join(&self, side: &mut i64, _classes: &mut [()], run: usize) {
        // All ones for the first class.
        *side += (self.records & (run as i64 - 1)) - self.first;
    }

    #[inline(always)]
    fn leads(&self, side: &i64, records: u32, or_equals: bool) -> bool {
        let under = i64::from(records) * (self.records - i64::from(records));
        let (over, or_equals) = (side * side, i64::from(or_equals));
        if WIDE {
            i128::from(over) * i128::from(self.best.1) + i128::from(or_equals)
                > i128::from(self.best.0) * i128::from(under)
        } else {
            over * self.best.1 + or_equals > self.best.0 * under
        }
    }

    fn take(&mut self, side: &i64, records: u32) -> Sides {
        let left = i64::from(records);
        self.best = (side * side, left * (self.records - left));
        let first = (side + left * self.first) / self.records;
        let squares = |first: i64, all: i64| (first * first + (all - first) * (all - first)) as u64;
        Sides {
            left_records: records,
            right_records: (self.records - left) as u32,
            left_sum: squares(first, left),
            right_sum: squares(self.first - first, self.records - left),
        }
    }
}

/// Any criterion, any size.
#[derive(Debug)]
pub(crate) struct General<'a, I: Impurity> {
    impurity: &'a I,
    records: u32,
    sum: u64,
    best: Option<(I::Score, Sides)>,
}

/// Records of a class on the growing side and on the other.
pub(crate) type GeneralClass = (u32, u32);

impl<'a, I: Impurity> General<'a, I> {
    pub(crate) fn new(impurity: &'a I, records: u32, sum: u64) -> Self {
        Self { impurity, records, sum, best: None }
    }
}

impl<I: Impurity> Clone for General<'_, I> {
    fn clone(&self) -> Self {
        Self { impurity: self.impurity, records: self.records, sum: self.sum, best: self.best }
    }
}

impl<I: Impurity> Comparison for General<'_, I> {
    type Side = Sides;
    type Class = GeneralClass;

    #[inline(always)]
    fn empty(&self) -> Sides {
        Sides { left_records: 0, right_records: self.records, left_sum: 0, right_sum: self.sum }
    }

    #[inline(always)]
    fn join(&self, side: &mut Sides, classes: &mut [GeneralClass], run: usize) {
        let (here, there) = &mut classes[run];
        self.impurity.shift_one(side, *here, *there);
        *here += 1;
        *there -= 1;
    }

    #[inline(always)]
    fn leads(&self, side: &Sides, _records: u32, or_equals: bool) -> bool {
        let Some((best_score, best)) = &self.best else { return true };
        let (impurity, score) = (self.impurity, self.impurity.score(side));
        if or_equals {
            !(impurity.may_beat(*best_score, score) && impurity.better(best, side))
        } else {
            impurity.may_beat(score, *best_score) && impurity.better(side, best)
        }
    }

    fn take(&mut self, side: &Sides, _records: u32) -> Sides {
        self.best = Some((self.impurity.score(side), *side));
        *side
    }
}
