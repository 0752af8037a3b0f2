//! The best split over the thresholds of one feature.
//!
//! Where the node has many records for the feature's distinct values, a table counts them by value and class. Where it
//! has few, the (value, class) pairs are sorted, unless values and classes are so few that bits tell which are there.
//! Records that have the feature's most common value are counted and not sorted: in images and counts they are most.

use super::grow::{NodeRows, Split};
use super::impurity::{Impurity, Sides};
use super::present::{self, Present, scan_present};
use crate::columns::{Codes, Column};
use crate::columns::{Key, sort_by_bits};

/// A split and how good it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<S> {
    pub(super) split: Split,
    pub(super) sides: Sides,
    pub(super) score: S,
}

/// The best split so far.
pub(super) type Best<S> = Option<Candidate<S>>;

/// A node to be searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<'a, I> {
    pub(super) impurity: &'a I,
    pub(super) node: NodeRows<'a>,
    /// The node's sum over classes.
    pub(super) sum: u64,
    pub(super) min_samples_leaf: u32,
}

/// Space that is used again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    narrow: Vec<u32>,
    narrow_swap: Vec<u32>,
    wide: Vec<u64>,
    wide_swap: Vec<u64>,
    /// Records on the left, by run.
    left: Vec<u32>,
    /// Records with the common code, by run.
    common: Vec<u32>,
    /// Records by code and run.
    table: Vec<u32>,
    present: Present,
}

impl<I: Impurity> Task<'_, I> {
    /// Takes a split that is allowed and strictly better than the best.
    #[inline]
    pub(super) fn consider(&self, sides: Sides, split: impl FnOnce() -> Split, best: &mut Best<I::Score>) {
        if sides.left_records < self.min_samples_leaf || sides.right_records < self.min_samples_leaf {
            return;
        }
        let score = self.impurity.score(&sides);
        let takes_over = match best {
            None => true,
            Some(best) => {
                self.impurity.may_beat(score, best.score) && self.impurity.better(&sides, &best.sides)
            }
        };
        if takes_over {
            *best = Some(Candidate { split: split(), sides, score });
        }
    }

    /// Whether no other feature can take the place of the best.
    pub(super) fn is_settled(&self, best: &Best<I::Score>) -> bool {
        !self.node.ties.is_random() && best.is_some_and(|best| self.impurity.perfect(&best.sides))
    }

    /// The better of two; among equals the one whose feature comes first.
    pub(super) fn lead(&self, a: Best<I::Score>, b: Best<I::Score>) -> Best<I::Score> {
        let (Some(first), Some(second)) = (a, b) else { return a.or(b) };
        let a_is_first = self.node.ties.is_before(first.split.feature, second.split.feature);
        let (first, second) = if a_is_first { (first, second) } else { (second, first) };
        Some(if self.impurity.better(&second.sides, &first.sides) { second } else { first })
    }

    /// Looks at a feature that comes after that of the best by number, if not in the order among equals.
    #[inline]
    pub(super) fn weigh<T>(
        &self,
        best: &mut Best<I::Score>,
        look: impl FnOnce(&mut Best<I::Score>) -> T,
    ) -> T {
        if !self.node.ties.is_random() {
            return look(best);
        }
        let mut own = None;
        let seen = look(&mut own);
        *best = self.lead(*best, own);
        seen
    }

    /// Looks at every threshold of a feature, in ascending order; whether it varies at all.
    pub(super) fn scan(
        &self,
        feature: u32,
        column: &Column,
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        match &column.codes {
            // Features of two values are searched together.
            Codes::Pair(_) => false,
            Codes::Bytes(codes) => self.scan_codes(feature, column, codes, scratch, best),
            Codes::Shorts(codes) => self.scan_codes(feature, column, codes, scratch, best),
            Codes::Words(codes) => self.scan_codes(feature, column, codes, scratch, best),
        }
    }

    fn scan_codes<C: Copy + Into<u32>>(
        &self,
        feature: u32,
        column: &Column,
        codes: &[C],
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        let values = column.values.len();
        if values < 2 {
            return false;
        }
        if values * self.node.runs.len() <= self.node.rows.len() {
            return self.scan_table(feature, values, codes, scratch, best);
        }
        if values <= present::VALUES && self.node.runs.len() <= present::RUNS {
            return scan_present(self, feature, codes, &mut scratch.present, best);
        }
        let code_bits = (values as u32 - 1).ilog2() + 1;
        let run_bits = (self.node.runs.len() as u32 - 1).ilog2() + 1;
        let Scratch { narrow, narrow_swap, wide, wide_swap, left, common, .. } = scratch;
        left.clear();
        left.resize(self.node.runs.len(), 0);
        let sorter = Sorted { task: self, feature, common_code: column.common, code_bits, run_bits };
        if code_bits + run_bits <= 32 {
            sorter.scan(codes, narrow, narrow_swap, left, common, best)
        } else {
            sorter.scan(codes, wide, wide_swap, left, common, best)
        }
    }

    /// All records on the right.
    pub(super) fn whole(&self) -> Sides {
        Sides {
            left_records: 0,
            right_records: self.node.rows.len() as u32,
            left_sum: 0,
            right_sum: self.sum,
        }
    }

    /// Moves all records of a code to the left; how many there are.
    pub(super) fn shift_all(&self, counts: &[u32], left: &mut [u32], sides: &mut Sides) -> u32 {
        let mut moved = 0;
        for ((&count, left), run) in counts.iter().zip(left).zip(self.node.runs) {
            if count > 0 {
                self.impurity.shift(sides, *left, run.records - *left, count);
                *left += count;
                moved += count;
            }
        }
        moved
    }

    /// Counts by code and run, then one pass over the codes.
    fn scan_table<C: Copy + Into<u32>>(
        &self,
        feature: u32,
        values: usize,
        codes: &[C],
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        let runs = self.node.runs.len();
        let Scratch { left, table, .. } = scratch;
        left.clear();
        left.resize(runs, 0);
        table.clear();
        table.resize(values * runs, 0);
        let mut rows = self.node.rows;
        for (place, run) in self.node.runs.iter().enumerate() {
            let (these, rest) = rows.split_at(run.records as usize);
            rows = rest;
            for &row in these {
                let code: u32 = codes[row as usize].into();
                table[code as usize * runs + place] += 1;
            }
        }
        let mut sides = self.whole();
        let mut lower = None;
        for (code, counts) in table.chunks_exact(runs).enumerate() {
            let before = sides;
            if self.shift_all(counts, left, &mut sides) == 0 {
                continue;
            }
            let upper = code as u32;
            if let Some(lower) = lower {
                self.consider(before, || Split { feature, lower, upper }, best);
            }
            if lower.is_some() && sides.right_records == 0 {
                return true;
            }
            lower = Some(upper);
        }
        false
    }
}

/// A scan over sorted keys: the code in the upper bits, the run in the lower.
struct Sorted<'a, I> {
    task: &'a Task<'a, I>,
    feature: u32,
    common_code: u32,
    code_bits: u32,
    run_bits: u32,
}

/// A key of code and run.
trait Pack: Key {
    fn pack(code: u32, run: u32, run_bits: u32) -> Self;
    fn code(self, run_bits: u32) -> u32;
    fn run(self, run_bits: u32) -> usize;
}

impl Pack for u32 {
    #[inline]
    fn pack(code: u32, run: u32, run_bits: u32) -> Self {
        code << run_bits | run
    }
    #[inline]
    fn code(self, run_bits: u32) -> u32 {
        self >> run_bits
    }
    #[inline]
    fn run(self, run_bits: u32) -> usize {
        (self & ((1 << run_bits) - 1)) as usize
    }
}

impl Pack for u64 {
    #[inline]
    fn pack(code: u32, run: u32, run_bits: u32) -> Self {
        u64::from(code) << run_bits | u64::from(run)
    }
    #[inline]
    fn code(self, run_bits: u32) -> u32 {
        (self >> run_bits) as u32
    }
    #[inline]
    fn run(self, run_bits: u32) -> usize {
        (self & ((1 << run_bits) - 1)) as usize
    }
}

impl<I: Impurity> Sorted<'_, I> {
    fn scan<C: Copy + Into<u32>, K: Pack>(
        &self,
        codes: &[C],
        keys: &mut Vec<K>,
        swap: &mut Vec<K>,
        left: &mut [u32],
        common: &mut Vec<u32>,
        best: &mut Best<I::Score>,
    ) -> bool {
        let node = self.task.node;
        self.collect(codes, keys, common);
        if keys.is_empty() {
            return false;
        }
        let has_common = keys.len() < node.rows.len();
        sort_by_bits(keys, swap, self.run_bits, self.code_bits);
        let code = |place: usize| keys[place].code(self.run_bits);
        if !has_common && code(0) == code(keys.len() - 1) {
            return false;
        }
        let mut sides = self.task.whole();
        if !has_common {
            self.scan_range(keys, None, left, &mut sides, best);
            return true;
        }
        let cut = keys.partition_point(|key| key.code(self.run_bits) < self.common_code);
        self.scan_range(&keys[..cut], Some(self.common_code), left, &mut sides, best);
        if cut < keys.len() {
            self.task.shift_all(common, left, &mut sides);
            let split = || Split { feature: self.feature, lower: self.common_code, upper: code(cut) };
            self.task.consider(sides, split, best);
            self.scan_range(&keys[cut..], None, left, &mut sides, best);
        }
        true
    }

    /// The keys of all records but those with the common code, and by run the number of these.
    fn collect<C: Copy + Into<u32>, K: Pack>(&self, codes: &[C], keys: &mut Vec<K>, common: &mut Vec<u32>) {
        let node = self.task.node;
        keys.clear();
        keys.resize(node.rows.len(), K::default());
        common.clear();
        let mut kept = 0;
        let mut rows = node.rows;
        for (place, run) in node.runs.iter().enumerate() {
            let (these, rest) = rows.split_at(run.records as usize);
            rows = rest;
            let before = kept;
            for &row in these {
                let code: u32 = codes[row as usize].into();
                // Written anyway, kept or not: no branch to mispredict.
                keys[kept] = K::pack(code, place as u32, self.run_bits);
                kept += usize::from(code != self.common_code);
            }
            common.push(run.records - (kept - before) as u32);
        }
        keys.truncate(kept);
    }

    /// Moves the keys to the left one by one and looks at each place where the code changes; `next` is the code
    /// behind the last key, if there is one.
    fn scan_range<K: Pack>(
        &self,
        keys: &[K],
        next: Option<u32>,
        left: &mut [u32],
        sides: &mut Sides,
        best: &mut Best<I::Score>,
    ) {
        let Some(last) = keys.last() else { return };
        let end = next.unwrap_or(last.code(self.run_bits));
        let runs = self.task.node.runs;
        let following = keys[1..].iter().map(|key| key.code(self.run_bits)).chain([end]);
        for (key, upper) in keys.iter().zip(following) {
            let run = key.run(self.run_bits);
            let here = left[run];
            self.task.impurity.shift_one(sides, here, runs[run].records - here);
            left[run] = here + 1;
            let lower = key.code(self.run_bits);
            if lower != upper {
                self.task.consider(*sides, || Split { feature: self.feature, lower, upper }, best);
            }
        }
    }
}
