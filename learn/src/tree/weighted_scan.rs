//! The best threshold of one feature where records have weights.
//!
//! Weights by value and class stand in a table where the node has records enough for the feature's values; else the
//! node's codes are sorted. Either way thresholds are met in ascending order and only a strictly better one takes over.

use super::grow::{NodeRows, Split};
use super::impurity::{Impurity, Sides};
use super::weights::Weigh;
use crate::columns::Codes;
use crate::columns::Prepared;
use crate::columns::sort_by_bits;

/// A table may have this many places for each record of the node.
const SPARSE: usize = 4;

/// A split and how good it is; the records of its sides are weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<S> {
    pub(super) split: Split,
    pub(super) sides: Sides,
    score: S,
}

/// A node that is searched, and what its records weigh.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed<'a, I, W> {
    pub(super) prepared: &'a Prepared,
    pub(super) impurity: &'a I,
    pub(super) weights: W,
    pub(super) node: NodeRows<'a>,
    /// The weight of each run.
    pub(super) runs: &'a [u32],
    /// The run of each record.
    pub(super) run_of: &'a [u32],
    /// Everything on the right.
    pub(super) whole: Sides,
    /// Fewest records on a side.
    pub(super) min_samples_leaf: u32,
}

/// Space that is used again and again.
#[derive(Debug, Default)]
pub(super) struct Space {
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
    pub(super) fn scan(&self, feature: u32, space: &mut Space, best: &mut Option<Found<I::Score>>) -> bool {
        let column = self.prepared.column(feature);
        let values = column.values.len();
        if values < 2 {
            return false;
        }
        match &column.codes {
            Codes::Pair(place) => {
                let (width, place) = (self.prepared.pairs.len(), *place as usize);
                let code = |row: u32| u32::from(self.prepared.pair_codes[row as usize * width + place]);
                self.scan_codes(feature, values, code, space, best)
            }
            Codes::Bytes(codes) => {
                self.scan_codes(feature, values, |row| u32::from(codes[row as usize]), space, best)
            }
            Codes::Shorts(codes) => {
                self.scan_codes(feature, values, |row| u32::from(codes[row as usize]), space, best)
            }
            Codes::Words(codes) => self.scan_codes(feature, values, |row| codes[row as usize], space, best),
        }
    }

    fn scan_codes(
        &self,
        feature: u32,
        values: usize,
        code: impl Fn(u32) -> u32,
        space: &mut Space,
        best: &mut Option<Found<I::Score>>,
    ) -> bool {
        space.left.clear();
        space.left.resize(self.runs.len(), 0);
        let at = Position { feature, sides: self.whole, left_records: 0, lower: None, varies: false };
        if values * self.runs.len() <= SPARSE * self.node.rows.len() {
            self.scan_table(at, values, code, space, best)
        } else {
            self.scan_sorted(at, values, code, space, best)
        }
    }

    fn scan_table(
        &self,
        mut at: Position,
        values: usize,
        code: impl Fn(u32) -> u32,
        space: &mut Space,
        best: &mut Option<Found<I::Score>>,
    ) -> bool {
        let width = self.runs.len();
        space.table.clear();
        space.table.resize(values * width, 0);
        space.records.clear();
        space.records.resize(values, 0);
        let mut rows = self.node.rows;
        for (place, run) in self.node.runs.iter().enumerate() {
            let (these, rest) = rows.split_at(run.records as usize);
            rows = rest;
            for &row in these {
                let code = code(row) as usize;
                space.table[code * width + place] += self.weights.of(row);
                space.records[code] += 1;
            }
        }
        for (code, (weights, &records)) in space.table.chunks_exact(width).zip(&space.records).enumerate() {
            if records == 0 {
                continue;
            }
            self.meet(&mut at, code as u32, best);
            at.left_records += records;
            for (place, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0) {
                self.shift(&mut at.sides, &mut space.left, place, weight);
            }
        }
        at.varies
    }

    fn scan_sorted(
        &self,
        mut at: Position,
        values: usize,
        code: impl Fn(u32) -> u32,
        space: &mut Space,
        best: &mut Option<Found<I::Score>>,
    ) -> bool {
        // A value and the place of its record in the node, which tells run and weight. Records with the column's most common
        // value are counted and not sorted.
        let common = self.prepared.column(at.feature).common;
        space.keys.clear();
        space.common.clear();
        space.common.resize(self.runs.len(), 0);
        for (record, &row) in self.node.rows.iter().enumerate() {
            let code = code(row);
            if code == common {
                space.common[self.run_of[record] as usize] += self.weights.of(row);
            } else {
                space.keys.push(u64::from(code) << 32 | record as u64);
            }
        }
        let common_records = (self.node.rows.len() - space.keys.len()) as u32;
        let bits = (values as u32 - 1).ilog2() + 1;
        sort_by_bits(&mut space.keys, &mut space.swap, 32, bits);
        let mut waiting = common_records > 0;
        for &key in &space.keys {
            let (code, record) = ((key >> 32) as u32, key as u32 as usize);
            if at.lower != Some(code) {
                if waiting && code > common {
                    waiting = false;
                    self.meet(&mut at, common, best);
                    at.left_records += common_records;
                    for (place, &weight) in space.common.iter().enumerate().filter(|(_, weight)| **weight > 0)
                    {
                        self.shift(&mut at.sides, &mut space.left, place, weight);
                    }
                }
                self.meet(&mut at, code, best);
            }
            at.left_records += 1;
            let weight = self.weights.of(self.node.rows[record]);
            self.shift(&mut at.sides, &mut space.left, self.run_of[record] as usize, weight);
        }
        if waiting {
            // All others lie below it.
            self.meet(&mut at, common, best);
        }
        at.varies
    }

    /// Looks at the threshold below a value, if one was met before.
    fn meet(&self, at: &mut Position, upper: u32, best: &mut Option<Found<I::Score>>) {
        if let Some(lower) = at.lower.replace(upper) {
            at.varies = true;
            self.consider(at, lower, upper, best);
        }
    }

    #[inline]
    fn consider(&self, at: &Position, lower: u32, upper: u32, best: &mut Option<Found<I::Score>>) {
        let right_records = self.node.rows.len() as u32 - at.left_records;
        if at.left_records < self.min_samples_leaf || right_records < self.min_samples_leaf {
            return;
        }
        let sides = at.sides;
        let score = self.impurity.score(&sides);
        let takes_over = best.as_ref().is_none_or(|best| {
            self.impurity.may_beat(score, best.score) && self.impurity.better(&sides, &best.sides)
        });
        if takes_over {
            *best = Some(Found { split: Split { feature: at.feature, lower, upper }, sides, score });
        }
    }

    #[inline]
    fn shift(&self, sides: &mut Sides, left: &mut [u32], place: usize, weight: u32) {
        self.impurity.shift(sides, left[place], self.runs[place] - left[place], weight);
        left[place] += weight;
    }
}
