//! The best split over all features of two values.
//!
//! Such a feature has one threshold, and what it does to a node is told by the records of each class that have the
//! upper value. The codes of a record stand side by side, so one pass over the node's rows adds many features' counts at
//! a time, class by class; counters are bytes, so that a vector instruction holds many.

use rayon::prelude::*;

use super::impurity::{Impurity, STRIP, Sides};
use super::node::{Best, Node, NodeRows, Split, by_run};
use super::search::{LARGE, Setting};
use crate::columns::Prepared;

/// The sums of a strip of features.
struct Strip {
    /// Records with the upper value.
    upper: [u32; STRIP],
    left_sums: [u64; STRIP],
    right_sums: [u64; STRIP],
}

impl<I: Impurity> Setting<'_, I> {
    /// The best over features of two values, of records that all weigh the same.
    pub(crate) fn best_pair(&self, node: &Node<'_, I>) -> Best<I::Score> {
        let pairs = self.prepared.pairs.len();
        if pairs > STRIP && pairs * node.of.rows.len() >= LARGE {
            let strips: Vec<Best<I::Score>> = (0..pairs.div_ceil(STRIP))
                .into_par_iter()
                .map(|strip| {
                    let mut best = None;
                    search_strip(node, self.prepared, strip * STRIP, &mut best);
                    best
                })
                .collect();
            return strips.into_iter().fold(None, |best, next| node.better_of(best, next));
        }
        let mut best: Best<I::Score> = None;
        for first in (0..pairs).step_by(STRIP) {
            search_strip(node, self.prepared, first, &mut best);
            if node.is_settled(&best) {
                break;
            }
        }
        best
    }
}

/// Looks at features `pairs[first..first + STRIP]` as far as there are so many.
fn search_strip<I: Impurity>(
    node: &Node<'_, I>,
    prepared: &Prepared,
    first: usize,
    best: &mut Best<I::Score>,
) {
    let width = STRIP.min(prepared.pairs.len() - first);
    let strip = count(node.impurity, prepared, node.of, first, width);
    let records = node.of.rows.len() as u32;
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
        node.look(best, |best| node.consider(records - upper, sides, split, best));
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
    // Records that are alone of their class need no class by class.
    let mut single = [0u8; STRIP];
    let mut singles = 0;
    for rows in by_run(node.rows, node.runs) {
        match rows {
            [row] => {
                add(&mut single, prepared, *row, first, width);
                singles += 1;
                if singles == u8::MAX {
                    strip.add_singles(impurity, &single, singles);
                    (single, singles) = ([0; STRIP], 0);
                }
            }
            _ if rows.len() <= usize::from(u8::MAX) => {
                let mut right = [0u8; STRIP];
                rows.iter().for_each(|&row| add(&mut right, prepared, row, first, width));
                for (upper, right) in strip.upper.iter_mut().zip(right) {
                    *upper += u32::from(right);
                }
                impurity.add_class(rows.len() as u8, &right, &mut strip.left_sums, &mut strip.right_sums);
            }
            _ => strip.add_large(impurity, prepared, rows, first, width),
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
