//! The best split over the thresholds of one feature of few values, in a node of few classes.
//!
//! Counts by value and class stand in a table that is zero between two nodes; a bit for each value says which were met.
//! So the cost is that of the records and the values that are there, and nothing is sorted.

use super::grow::Split;
use super::impurity::Impurity;
use super::scan::{Best, Task};

/// Distinct values a feature may have.
pub(super) const VALUES: usize = 128;

/// Classes a node may have.
pub(super) const RUNS: usize = 2;

/// Records by code and run, all zero between two scans.
#[derive(Debug)]
pub(super) struct Present(Box<[[u32; RUNS]; VALUES]>);

impl Default for Present {
    fn default() -> Self {
        Self(Box::new([[0; RUNS]; VALUES]))
    }
}

/// Looks at every threshold of a feature, in ascending order; whether it varies at all.
pub(super) fn scan_present<I: Impurity, C: Copy + Into<u32>>(
    task: &Task<'_, I>,
    feature: u32,
    codes: &[C],
    present: &mut Present,
    best: &mut Best<I::Score>,
) -> bool {
    let table = &mut *present.0;
    let (mut low, mut high) = (0u64, 0u64);
    let mut rows = task.node.rows;
    for (place, run) in task.node.runs.iter().enumerate() {
        let (these, rest) = rows.split_at(run.records as usize);
        rows = rest;
        for &row in these {
            let code: u32 = codes[row as usize].into();
            table[code as usize][place] += 1;
            let bit = 1u64 << (code % 64);
            // All ones where the code is in the upper half.
            let upper = u64::from(code / 64).wrapping_neg();
            low |= bit & !upper;
            high |= bit & upper;
        }
    }
    let varies = low.count_ones() + high.count_ones() > 1;
    let mut left = [0; RUNS];
    let mut sides = task.whole();
    let mut lower = None;
    for (first, mut bits) in [(0, low), (64, high)] {
        while bits != 0 {
            let upper = first + bits.trailing_zeros();
            bits &= bits - 1;
            if let Some(lower) = lower {
                task.consider(sides, || Split { feature, lower, upper }, best);
            }
            let counts = std::mem::take(&mut table[upper as usize]);
            task.shift_all(&counts, &mut left, &mut sides);
            lower = Some(upper);
        }
    }
    varies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::grow::{NodeRows, Run};
    use crate::tree::impurity::Gini;
    use crate::tree::ties::TieOrder;

    /// The split and the counts on its left.
    fn scan(codes: &[u8], runs: &[Run], present: &mut Present) -> (bool, Option<(Split, u32)>) {
        let rows: Vec<u32> = (0..codes.len() as u32).collect();
        let node = NodeRows { rows: &rows, runs, ties: TieOrder::LOWEST };
        let sum = runs.iter().map(|run| Gini.term(run.records)).sum();
        let task = Task { impurity: &Gini, node, sum, min_samples_leaf: 1 };
        let mut best = None;
        let varies = scan_present(&task, 3, codes, present, &mut best);
        (varies, best.map(|best| (best.split, best.sides.left_records)))
    }

    #[test]
    fn splits_on_both_sides_of_the_middle_of_the_bits() {
        let runs = [Run { class: 0, records: 3 }, Run { class: 5, records: 2 }];
        let split = |lower, upper| Split { feature: 3, lower, upper };
        let mut present = Present::default();
        assert_eq!(scan(&[0, 63, 63, 64, 127], &runs, &mut present), (true, Some((split(63, 64), 3))));
        assert_eq!(scan(&[127, 64, 127, 64, 1], &runs, &mut present), (true, Some((split(64, 127), 3))));
        // Nothing of the scans before is left.
        assert_eq!(scan(&[64, 64, 64, 64, 64], &runs, &mut present), (false, None));
        // (1, 0) | (2, 2) and (3, 0) | (0, 2): the second.
        assert_eq!(scan(&[1, 2, 2, 100, 100], &runs, &mut present), (true, Some((split(2, 100), 3))));
    }
}
