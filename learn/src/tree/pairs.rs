//! The best split over all features of two values.
//!
//! Such a feature has one threshold, and what it does to a node is told by the records of each class that have the
//! upper value. The codes of a record stand side by side, so one pass over the node's rows adds many features' counts at
//! a time, class by class; counters are bytes, so that a vector instruction holds many.

use super::grow::{NodeRows, Split};
use super::impurity::{Impurity, STRIP, Sides};
use super::scan::{Best, Task};
use crate::columns::Prepared;

/// The sums of a strip of features.
struct Strip {
    /// Records with the upper value.
    upper: [u32; STRIP],
    left_sums: [u64; STRIP],
    right_sums: [u64; STRIP],
}

/// Looks at features `pairs[first..first + STRIP]` as far as there are so many.
pub(super) fn search_strip<I: Impurity>(
    task: &Task<'_, I>,
    prepared: &Prepared,
    first: usize,
    best: &mut Best<I::Score>,
) {
    let width = STRIP.min(prepared.pairs.len() - first);
    let strip = count(task.impurity, prepared, task.node, first, width);
    let records = task.node.rows.len() as u32;
    for place in 0..width {
        let upper = strip.upper[place];
        if upper == 0 || upper == records {
            continue;
        }
        let sides = Sides {
            left_records: records - upper,
            right_records: upper,
            left_sum: strip.left_sums[place],
            right_sum: strip.right_sums[place],
        };
        let split = || Split { feature: prepared.pairs[first + place], lower: 0, upper: 1 };
        task.weigh(best, |best| task.consider(sides, split, best));
    }
}

fn count<I: Impurity>(
    impurity: &I,
    prepared: &Prepared,
    node: NodeRows<'_>,
    first: usize,
    width: usize,
) -> Strip {
    let mut strip = Strip { upper: [0; STRIP], left_sums: [0; STRIP], right_sums: [0; STRIP] };
    let mut rows = node.rows;
    // Records that are alone of their class need no class by class.
    let mut single = [0u8; STRIP];
    let mut singles = 0;
    for run in node.runs {
        let (these, rest) = rows.split_at(run.records as usize);
        rows = rest;
        match these {
            [row] => {
                add(&mut single, prepared, *row, first, width);
                singles += 1;
                if singles == u8::MAX {
                    strip.add_singles(impurity, &single, singles);
                    (single, singles) = ([0; STRIP], 0);
                }
            }
            _ if these.len() <= usize::from(u8::MAX) => {
                let mut right = [0u8; STRIP];
                these.iter().for_each(|&row| add(&mut right, prepared, row, first, width));
                for (upper, right) in strip.upper.iter_mut().zip(right) {
                    *upper += u32::from(right);
                }
                impurity.add_class(these.len() as u8, &right, &mut strip.left_sums, &mut strip.right_sums);
            }
            _ => strip.add_large(impurity, prepared, these, first, width),
        }
    }
    strip.add_singles(impurity, &single, singles);
    strip
}

impl Strip {
    fn add_singles(&mut self, impurity: &impl Impurity, right: &[u8; STRIP], of: u8) {
        let term = impurity.term(1);
        for (place, &right) in right.iter().enumerate() {
            self.upper[place] += u32::from(right);
            self.left_sums[place] += u64::from(of - right) * term;
            self.right_sums[place] += u64::from(right) * term;
        }
    }

    /// A class with more records than a byte can count.
    fn add_large(
        &mut self,
        impurity: &impl Impurity,
        prepared: &Prepared,
        rows: &[u32],
        first: usize,
        width: usize,
    ) {
        let mut right = [0u32; STRIP];
        for rows in rows.chunks(usize::from(u8::MAX)) {
            let mut part = [0u8; STRIP];
            rows.iter().for_each(|&row| add(&mut part, prepared, row, first, width));
            right.iter_mut().zip(part).for_each(|(right, part)| *right += u32::from(part));
        }
        let of = rows.len() as u32;
        for (place, &right) in right.iter().enumerate() {
            self.upper[place] += right;
            self.left_sums[place] += impurity.term(of - right);
            self.right_sums[place] += impurity.term(right);
        }
    }
}

/// Adds the codes of one record.
#[inline]
fn add(counters: &mut [u8; STRIP], prepared: &Prepared, row: u32, first: usize, width: usize) {
    let start = row as usize * prepared.pairs.len() + first;
    let codes = &prepared.pair_codes[start..start + width];
    match codes.first_chunk::<STRIP>() {
        Some(codes) => counters.iter_mut().zip(codes).for_each(|(counter, code)| *counter += code),
        None => counters.iter_mut().zip(codes).for_each(|(counter, code)| *counter += code),
    }
}
