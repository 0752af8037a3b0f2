//! The best threshold of one feature, from the codes of the node's records.
//!
//! Weights by value and class stand in a table where the node has records enough for the feature's values; else the
//! node's codes are sorted. Either way thresholds are met in ascending order and only a strictly better one takes over.

use super::impurity::{Impurity, Sides};
use super::node::{Best, Node, Split, by_run};
use crate::columns::{Codes, Prepared, sort_by_bits};
use crate::tree::weights::Weigh;

/// A table may have this many places for each record of the node.
const SPARSE: usize = 4;

/// A node that is searched, and what its records weigh.
#[derive(Debug)]
pub(super) struct Weighed<'a, I, W> {
    pub(super) node: Node<'a, I>,
    pub(super) prepared: &'a Prepared,
    pub(super) weights: W,
    /// The weight of each run.
    pub(super) run_weights: &'a [u32],
    /// The run of each record.
    pub(super) run_of: &'a [u32],
    /// The weight of the node.
    pub(super) weight: u32,
}

/// Space that is used again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Weights by code and run.
    table: Vec<u32>,
    /// Records by code.
    records: Vec<u32>,
    /// Weights on the left, by run.
    left: Vec<u32>,
    /// Weights of records with the common value, by run.
    common: Vec<u32>,
    keys: Vec<u64>,
    swap: Vec<u64>,
}

/// Where a scan of the values of a feature stands.
struct Position {
    feature: u32,
    sides: Sides,
    left_records: u32,
    /// The last value met.
    lower: Option<u32>,
    varies: bool,
}

impl<I: Impurity, W: Weigh> Weighed<'_, I, W> {
    /// Looks at every threshold of a feature; whether it varies at all.
    pub(super) fn scan(&self, feature: u32, scratch: &mut Scratch, best: &mut Best<I::Score>) -> bool {
        let column = self.prepared.column(feature);
        let values = column.values.len();
        if values < 2 {
            return false;
        }
        match &column.codes {
            Codes::Pair(place) => {
                let (width, place) = (self.prepared.pairs.len(), *place as usize);
                let code = |row: u32| u32::from(self.prepared.pair_codes[row as usize * width + place]);
                self.scan_codes(feature, values, code, scratch, best)
            }
            Codes::Bytes(codes) => {
                self.scan_codes(feature, values, |row| u32::from(codes[row as usize]), scratch, best)
            }
            Codes::Shorts(codes) => {
                self.scan_codes(feature, values, |row| u32::from(codes[row as usize]), scratch, best)
            }
            Codes::Words(codes) => self.scan_codes(feature, values, |row| codes[row as usize], scratch, best),
        }
    }

    fn scan_codes(
        &self,
        feature: u32,
        values: usize,
        code: impl Fn(u32) -> u32,
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        scratch.left.clear();
        scratch.left.resize(self.run_weights.len(), 0);
        let sides =
            Sides { left_records: 0, right_records: self.weight, left_sum: 0, right_sum: self.node.sum };
        let at = Position { feature, sides, left_records: 0, lower: None, varies: false };
        if values * self.run_weights.len() <= SPARSE * self.node.of.rows.len() {
            self.scan_table(at, values, code, scratch, best)
        } else {
            self.scan_sorted(at, values, code, scratch, best)
        }
    }

    fn scan_table(
        &self,
        mut at: Position,
        values: usize,
        code: impl Fn(u32) -> u32,
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        let width = self.run_weights.len();
        scratch.table.clear();
        scratch.table.resize(values * width, 0);
        scratch.records.clear();
        scratch.records.resize(values, 0);
        for (place, rows) in by_run(self.node.of.rows, self.node.of.runs).enumerate() {
            for &row in rows {
                let code = code(row) as usize;
                scratch.table[code * width + place] += self.weights.of(row);
                scratch.records[code] += 1;
            }
        }
        for (code, (weights, &records)) in scratch.table.chunks_exact(width).zip(&scratch.records).enumerate()
        {
            if records == 0 {
                continue;
            }
            self.meet(&mut at, code as u32, best);
            self.shift_all(&mut at, weights, records, &mut scratch.left);
        }
        at.varies
    }

    fn scan_sorted(
        &self,
        mut at: Position,
        values: usize,
        code: impl Fn(u32) -> u32,
        scratch: &mut Scratch,
        best: &mut Best<I::Score>,
    ) -> bool {
        // Records with the column's most common value are counted and not sorted. Keys are the codes of the others, each with its
        // record's place in the node, which tells run and weight, or with the run where all weigh the same.
        let common = self.prepared.column(at.feature).common;
        let Scratch { keys, swap, left, common: common_weights, .. } = scratch;
        keys.clear();
        common_weights.clear();
        common_weights.resize(self.run_weights.len(), 0);
        for (record, (&row, &run)) in self.node.of.rows.iter().zip(self.run_of).enumerate() {
            let code = code(row);
            if code == common {
                common_weights[run as usize] += self.weights.of(row);
            } else {
                keys.push(u64::from(code) << 32 | if W::EQUAL { u64::from(run) } else { record as u64 });
            }
        }
        let common_records = (self.node.of.rows.len() - keys.len()) as u32;
        sort_by_bits(keys, swap, 32, (values as u32 - 1).ilog2() + 1);
        let mut waiting = common_records > 0;
        for &key in &*keys {
            let (code, tag) = ((key >> 32) as u32, key as u32 as usize);
            if at.lower != Some(code) {
                if waiting && code > common {
                    waiting = false;
                    self.meet(&mut at, common, best);
                    self.shift_all(&mut at, common_weights, common_records, left);
                }
                self.meet(&mut at, code, best);
            }
            at.left_records += 1;
            let (run, weight) = if W::EQUAL {
                (tag, 1)
            } else {
                (self.run_of[tag] as usize, self.weights.of(self.node.of.rows[tag]))
            };
            self.shift(&mut at.sides, left, run, weight);
        }
        if waiting {
            // All others lie below it.
            self.meet(&mut at, common, best);
        }
        at.varies
    }

    /// Looks at the threshold below a value, if one was met before.
    fn meet(&self, at: &mut Position, upper: u32, best: &mut Best<I::Score>) {
        if let Some(lower) = at.lower.replace(upper) {
            at.varies = true;
            let split = || Split { feature: at.feature, lower, upper };
            self.node.consider(at.left_records, at.sides, split, best);
        }
    }

    /// Moves all records of a value to the left.
    fn shift_all(&self, at: &mut Position, weights: &[u32], records: u32, left: &mut [u32]) {
        at.left_records += records;
        for (place, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0) {
            self.shift(&mut at.sides, left, place, weight);
        }
    }

    #[inline]
    fn shift(&self, sides: &mut Sides, left: &mut [u32], place: usize, weight: u32) {
        self.node.impurity.shift(sides, left[place], self.run_weights[place] - left[place], weight);
        left[place] += weight;
    }
}
