//! How good a split is, in integers.
//!
//! A criterion gives each side of a split a sum over classes that moves by integers when a record changes sides:
//! the squared counts for gini, and count * log2(count) as a fixed-point integer for entropy. Sums of integers do not
//! depend on order, so two splits that deal the classes alike score exactly alike, wherever the records stood.
//!
//! gini: the weighted impurity of the children is 1 - (L2/l + R2/r)/n with L2, R2 the sums of squared counts on each
//! side, so the best split has the largest L2/l + R2/r (Breiman et al., 1984, section 4.3). Fractions are compared exactly.
//! entropy: the best split has the largest sum of c*log2(c) over classes and sides, less l*log2(l) + r*log2(r).

/// The two sides of a split: records, and the criterion's sum over classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) left_records: u32,
    pub(crate) right_records: u32,
    pub(crate) left_sum: u64,
    pub(crate) right_sum: u64,
}

/// A criterion as the search needs it.
pub(crate) trait Impurity: Sync {
    /// What a class with that many records on one side adds to the side's sum.
    fn term(&self, count: u32) -> u64;

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
}

/// Gini impurity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gini;

/// Relative width of the band in which a comparison of f64 products is not trusted: some forty units in the last place.
const BAND: f64 = 1e-14;

impl Impurity for Gini {
    #[inline]
    fn term(&self, count: u32) -> u64 {
        u64::from(count) * u64::from(count)
    }

    #[inline]
    fn better(&self, a: &Sides, b: &Sides) -> bool {
        let fraction = |sides: &Sides| {
            let (l, r) = (f64::from(sides.left_records), f64::from(sides.right_records));
            (sides.left_sum as f64 * r + sides.right_sum as f64 * l, l * r)
        };
        let ((a_over, a_under), (b_over, b_under)) = (fraction(a), fraction(b));
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

    fn decrease(&self, node_records: u32, node_sum: u64, sides: &Sides) -> f64 {
        sides.left_sum as f64 / f64::from(sides.left_records)
            + sides.right_sum as f64 / f64::from(sides.right_records)
            - node_sum as f64 / f64::from(node_records)
    }
}

/// The comparison of L2/l + R2/r in integers. A numerator is below 2^97 and a denominator below 2^64.
#[cold]
fn exactly_better(a: &Sides, b: &Sides) -> bool {
    let fraction = |sides: &Sides| {
        let (l, r) = (u128::from(sides.left_records), u128::from(sides.right_records));
        (u128::from(sides.left_sum) * r + u128::from(sides.right_sum) * l, l * r)
    };
    let ((a_over, a_under), (b_over, b_under)) = (fraction(a), fraction(b));
    wide_product(a_over, b_under) > wide_product(b_over, a_under)
}

/// The product as (high, low) words of 128 and 64 bits; `small` is below 2^64.
fn wide_product(large: u128, small: u128) -> (u128, u64) {
    let low = (large & u128::from(u64::MAX)) * small;
    let high = (large >> 64) * small + (low >> 64);
    (high, low as u64)
}

/// Shannon entropy in bits, through a table of n*log2(n) in fixed point.
#[derive(Clone, Debug)]
pub(crate) struct Entropy {
    table: Vec<u64>,
    scale: f64,
}

impl Entropy {
    /// For nodes of at most `records` records.
    pub(crate) fn new(records: usize) -> Self {
        // The sums of both sides stay below 2^61, so no comparison can overflow.
        let largest = (records.max(2) as f64) * (records.max(2) as f64).log2();
        let scale = 2f64.powi(60 - largest.log2().ceil() as i32);
        let term = |n: usize| if n < 2 { 0 } else { (n as f64 * (n as f64).log2() * scale).round() as u64 };
        Self { table: (0..=records).map(term).collect(), scale }
    }

    fn score(&self, sides: &Sides) -> i64 {
        sides.left_sum as i64 + sides.right_sum as i64
            - self.term(sides.left_records) as i64
            - self.term(sides.right_records) as i64
    }
}

impl Impurity for Entropy {
    #[inline]
    fn term(&self, count: u32) -> u64 {
        self.table[count as usize]
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
