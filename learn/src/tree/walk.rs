//! The way of records through a fitted tree.
//!
//! One record waits for memory at every node; sixteen records that step together overlap their waits.

use ndarray::ArrayView2;

use super::model::FlatNode;

/// Records that step together.
const LANES: usize = 16;

/// The number of the leaf that each record reaches. Records have the features of the tree.
pub(super) fn leaves(nodes: &[FlatNode], records: ArrayView2<'_, f32>) -> Vec<u32> {
    let (n, width) = records.dim();
    if width == 0 {
        return vec![nodes[0].leaf; n];
    }
    let contiguous = records.as_standard_layout();
    let values = contiguous.as_slice().expect("the standard layout is contiguous");
    let mut leaves = Vec::with_capacity(n);
    let mut groups = values.chunks_exact(LANES * width);
    for group in &mut groups {
        let mut at = [0u32; LANES];
        loop {
            let mut moved = 0;
            for (lane, place) in at.iter_mut().enumerate() {
                let next = step(nodes, &group[lane * width..(lane + 1) * width], *place);
                moved |= next ^ *place;
                *place = next;
            }
            if moved == 0 {
                break;
            }
        }
        leaves.extend(at.map(|place| nodes[place as usize].leaf));
    }
    for record in groups.remainder().chunks_exact(width) {
        let mut place = 0;
        loop {
            let next = step(nodes, record, place);
            if next == place {
                break;
            }
            place = next;
        }
        leaves.push(nodes[place as usize].leaf);
    }
    leaves
}

#[inline]
fn step(nodes: &[FlatNode], record: &[f32], place: u32) -> u32 {
    let node = &nodes[place as usize];
    node.children[usize::from(record[node.feature as usize] > node.threshold)]
}
