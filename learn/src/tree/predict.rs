//! The way of records through a fitted tree.
//!
//! One record waits for memory at every node; many records that walk in turns overlap their waits. Where their values are
//! still to be looked through for what is not finite, that happens just before and brings them into the cache: in one go
//! for many records, since memory is fastest when it is read on and on. Of records that
//! were looked at long ago only those are read first that are short for the way before them.

use std::hint::{black_box, select_unpredictable};

use super::model::{FlatNode, NO_LEAF};
use crate::learner::CheckedRecords;

/// Records that walk in turns, at most.
const LANES: usize = 128;

/// Values that are looked through before they walk, if these are 16 records: they stay in a second-level cache of half a megabyte.
const VALUES: usize = 1 << 16;

/// Values in a line of the cache.
const LINE: usize = 16;

/// Lines that are read on and on in the time of a step to one of them that nobody foresaw: a record of no more than that for
/// each step of a balanced tree is read as a whole before it walks.
const LINES_A_STEP: usize = 5;

/// Steps of a turn.
const STRIDE: usize = 4;

/// How many records of that width to look through before they walk.
pub(super) fn together(width: usize) -> usize {
    (VALUES / width.max(1)).clamp(16, LANES)
}

/// Shows the numbers of the leaves that the records reach, some records at a time, in their order. The records have the
/// `width` features of the tree.
pub(super) fn leaves(
    nodes: &[FlatNode],
    width: usize,
    asked: &CheckedRecords<'_>,
    mut reached: impl FnMut(&[u32]),
) {
    if width == 0 {
        (0..asked.len()).for_each(|_| reached(&[nodes[0].leaf]));
        return;
    }
    let mut places = [0; LANES];
    let touched = !asked.at_hand() && width / LINE <= LINES_A_STEP * nodes.len().ilog2() as usize;
    let lanes = if touched { together(width) } else { LANES };
    for first in (0..asked.len()).step_by(lanes) {
        let places = &mut places[..lanes.min(asked.len() - first)];
        if touched {
            (first..first + places.len()).for_each(|place| touch(asked, width, place));
        }
        walk(nodes, asked, first, places);
        places.iter_mut().for_each(|place| *place = nodes[*place as usize].leaf);
        reached(places);
    }
}

/// Brings a record into the cache. All of its values: as many as the loop takes at a time cost no more than one of them.
fn touch(asked: &CheckedRecords<'_>, width: usize, place: usize) {
    let start = asked.start(place);
    let record = &asked.values()[start..start + width];
    black_box(record.iter().fold(0, |bits, value| bits ^ value.to_bits()));
}

/// A record that is still on its way.
#[derive(Clone, Copy, Default)]
struct Walker {
    /// The node where it stands.
    place: u32,
    /// Where its values begin.
    record: usize,
    lane: u8,
}

/// Leaves in `places` the places of the leaves that as many records reach, from the `first` on.
fn walk(nodes: &[FlatNode], asked: &CheckedRecords<'_>, first: usize, places: &mut [u32]) {
    let values = asked.values();
    let mut walkers = [Walker::default(); LANES];
    let mut walking = places.len();
    for (lane, walker) in walkers[..walking].iter_mut().enumerate() {
        *walker = Walker { place: 0, record: asked.start(first + lane), lane: lane as u8 };
    }
    while walking > 0 {
        let walkers = &mut walkers[..walking];
        for _ in 0..STRIDE {
            for walker in walkers.iter_mut() {
                walker.place = step(nodes, &values[walker.record..], walker.place);
            }
        }
        let mut kept = 0;
        for turn in 0..walkers.len() {
            let walker = walkers[turn];
            places[usize::from(walker.lane)] = walker.place;
            // Written anyway, kept or not: no branch to mispredict. What is overwritten has had its turn.
            walkers[kept] = walker;
            kept += usize::from(nodes[walker.place as usize].leaf == NO_LEAF);
        }
        walking = kept;
    }
}

#[inline]
fn step(nodes: &[FlatNode], record: &[f32], place: u32) -> u32 {
    let node = &nodes[place as usize];
    // Which way it goes is anybody's guess, so no branch may try.
    select_unpredictable(record[node.feature as usize] > node.threshold, node.right, place + 1)
}
