//! The way of records through a fitted tree.
//!
//! One record waits for memory at every node; sixteen records that step together overlap their waits. Their values are
//! looked through for what is not finite just before, which brings them into the cache.

use std::hint::select_unpredictable;

use ndarray::ArrayView2;

use super::model::FlatNode;
use super::prepared::check_rows;
use crate::learner::LearnerError;

/// Records that step together.
const LANES: usize = 16;

/// Steps between two looks at whether any record still moves.
const STRIDE: usize = 3;

/// Shows the number of the leaf that each record reaches, in the order of the records, which have the features of the
/// tree.
///
/// # Errors
/// [`LearnerError::NotFinite`] for the first value, in row order, that is NaN or infinite. Leaves may have been shown.
pub(super) fn leaves(
    nodes: &[FlatNode],
    records: ArrayView2<'_, f32>,
    mut reached: impl FnMut(u32),
) -> Result<(), LearnerError> {
    let (n, width) = records.dim();
    if width == 0 {
        (0..n).for_each(|_| reached(nodes[0].leaf));
        return Ok(());
    }
    let contiguous = records.as_standard_layout();
    let values = contiguous.as_slice().expect("the standard layout is contiguous");
    for (number, group) in values.chunks(LANES * width).enumerate() {
        check_rows(number * LANES, group, width)?;
        if group.len() == LANES * width {
            together(nodes, group, width).into_iter().for_each(|place| reached(nodes[place as usize].leaf));
        } else {
            group.chunks_exact(width).for_each(|record| reached(nodes[alone(nodes, record) as usize].leaf));
        }
    }
    Ok(())
}

/// The places of the leaves that [`LANES`] records reach.
fn together(nodes: &[FlatNode], group: &[f32], width: usize) -> [u32; LANES] {
    let mut at = [0u32; LANES];
    loop {
        let mut moved = 0;
        for _ in 0..STRIDE {
            moved = 0;
            for (lane, place) in at.iter_mut().enumerate() {
                let next = step(nodes, &group[lane * width..(lane + 1) * width], *place);
                moved |= next ^ *place;
                *place = next;
            }
        }
        // Who rests in the last step rests for ever.
        if moved == 0 {
            return at;
        }
    }
}

/// The place of the leaf that one record reaches.
fn alone(nodes: &[FlatNode], record: &[f32]) -> u32 {
    let mut place = 0;
    loop {
        let next = step(nodes, record, place);
        if next == place {
            return place;
        }
        place = next;
    }
}

#[inline]
fn step(nodes: &[FlatNode], record: &[f32], place: u32) -> u32 {
    let node = &nodes[place as usize];
    // Which way it goes is anybody's guess, so no branch may try.
    select_unpredictable(record[node.feature as usize] > node.threshold, node.right, place + 1)
}
