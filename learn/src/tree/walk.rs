//! The way of records through a fitted tree.
//!
//! One record waits for memory at every node; many records that walk in turns overlap their waits. Their values are looked
//! through for what is not finite just before, which brings them into the cache: in one go for many records, since memory
//! is fastest when it is read on and on.

use std::hint::select_unpredictable;

use ndarray::ArrayView2;

use super::model::{FlatNode, NO_LEAF};
use super::prepared::check_rows;
use crate::learner::LearnerError;

/// Records that walk in turns, at most.
const LANES: usize = 128;

/// Values that walk in turns, if these are 16 records: they stay in a second-level cache of half a megabyte.
const VALUES: usize = 1 << 16;

/// Steps of a turn.
const STRIDE: usize = 4;

/// Shows the numbers of the leaves that the records reach, some records at a time, in their order. The records have the
/// features of the tree.
///
/// # Errors
/// [`LearnerError::NotFinite`] for the first value, in row order, that is NaN or infinite. Leaves may have been shown.
pub(super) fn leaves(
    nodes: &[FlatNode],
    records: ArrayView2<'_, f32>,
    mut reached: impl FnMut(&[u32]),
) -> Result<(), LearnerError> {
    let (n, width) = records.dim();
    if width == 0 {
        (0..n).for_each(|_| reached(&[nodes[0].leaf]));
        return Ok(());
    }
    let contiguous = records.as_standard_layout();
    let values = contiguous.as_slice().expect("the standard layout is contiguous");
    let lanes = (VALUES / width).clamp(16, LANES);
    let mut places = [0; LANES];
    for (number, group) in values.chunks(lanes * width).enumerate() {
        check_rows(number * lanes, group, width)?;
        let places = &mut places[..group.len() / width];
        walk(nodes, group, width, places);
        places.iter_mut().for_each(|place| *place = nodes[*place as usize].leaf);
        reached(places);
    }
    Ok(())
}

/// A record that is still on its way.
#[derive(Clone, Copy, Default)]
struct Walker {
    /// The node where it stands.
    place: u32,
    /// Its first value in the group.
    record: usize,
    lane: u8,
}

/// Leaves in `places` the places of the leaves that the records of a group reach.
fn walk(nodes: &[FlatNode], group: &[f32], width: usize, places: &mut [u32]) {
    let mut walkers: [Walker; LANES] =
        std::array::from_fn(|lane| Walker { place: 0, record: lane * width, lane: lane as u8 });
    let mut walking = places.len();
    while walking > 0 {
        let walkers = &mut walkers[..walking];
        for _ in 0..STRIDE {
            for walker in walkers.iter_mut() {
                walker.place = step(nodes, &group[walker.record..], walker.place);
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
