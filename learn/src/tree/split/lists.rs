//! The records of a node in the order of each feature, kept in order from node to node.
//!
//! Records are sorted once, at the top of a subtree; dividing a node's records among its children keeps the order, so nothing is
//! sorted again. Children are looked through while their lists are fresh in the cache. A feature that is constant in a
//! node has no list there, nor in any node below; records with a feature's common code are in no list of it.

use super::impurity::Impurity;
use super::list_scan::{Entry, SplitScan, Standing, number};
use crate::columns::{Codes, Prepared, sort_by_bits};

/// Lists of some features, ascending, one behind the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    lists: Vec<List>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct List {
    feature: u32,
    length: u32,
    /// An entry of the common code, whether or not a record of the node has it.
    common: Entry,
}

/// Space that is used again and again.
#[derive(Debug, Default)]
pub(crate) struct Space {
    narrow: Vec<u32>,
    wide: Vec<u64>,
    wide_swap: Vec<u64>,
    left: Vec<Entry>,
    right: Vec<Entry>,
}

/// A node whose lists are being made.
#[derive(Clone, Debug)]
pub(crate) struct Growing<'a, I: Impurity> {
    pub(crate) scan: SplitScan<'a, I>,
    pub(crate) block: Block,
    /// Features from here on cannot better what was found elsewhere.
    pub(crate) limit: u32,
    /// Nothing more is to be found, so the children need no lists and neither does the node.
    done: bool,
}

impl<'a, I: Impurity> Growing<'a, I> {
    pub(crate) fn new(scan: SplitScan<'a, I>, limit: u32) -> Self {
        Self { scan, block: Block::default(), limit, done: false }
    }

    /// Makes room for a share of the lists of a parent.
    pub(crate) fn reserve(&mut self, parent: &[Block], (records, of): (usize, usize)) {
        let entries: usize = parent.iter().map(Block::len).sum();
        self.block.entries.reserve(entries * records / of + records);
        self.block.lists.reserve(parent.iter().map(|block| block.lists.len()).sum());
    }

    /// Takes a list in, if the feature varies. Features come in ascending order.
    #[inline]
    fn take(&mut self, list: List, entries: &[Entry], standing: &Standing) {
        if self.scan.scan(list.feature, entries, list.common, standing) {
            self.block.lists.push(List { length: entries.len() as u32, ..list });
            self.block.entries.extend_from_slice(entries);
            self.done = self.scan.is_settled();
        }
    }

    #[inline]
    fn wants(&self, feature: u32) -> bool {
        !self.done && feature < self.limit
    }
}

impl Block {
    /// Number of entries.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Deals the lists of a node to its children, each as long as it wants some.
    pub(crate) fn divide<I: Impurity>(
        &self,
        mut left: Option<&mut Growing<'_, I>>,
        mut right: Option<&mut Growing<'_, I>>,
        standing: &Standing,
        space: &mut Space,
    ) {
        let mut start = 0;
        for &list in &self.lists {
            let entries = &self.entries[start..start + list.length as usize];
            start += list.length as usize;
            left = left.filter(|child| child.wants(list.feature));
            right = right.filter(|child| child.wants(list.feature));
            if left.is_none() && right.is_none() {
                return;
            }
            let (to_left, to_right) = divide(entries, standing, &mut space.left, &mut space.right);
            if let Some(child) = &mut left {
                child.take(list, to_left, standing);
            }
            if let Some(child) = &mut right {
                child.take(list, to_right, standing);
            }
        }
    }
}

/// The entries on either side, in their order.
#[inline(always)]
fn divide<'a>(
    entries: &[Entry],
    standing: &Standing,
    left: &'a mut Vec<Entry>,
    right: &'a mut Vec<Entry>,
) -> (&'a [Entry], &'a [Entry]) {
    for side in [&mut *left, &mut *right] {
        if side.len() < entries.len() {
            side.resize(entries.len(), 0);
        }
    }
    let (left, right) = (&mut left[..entries.len()], &mut right[..entries.len()]);
    let (mut lefts, mut rights) = (0, 0);
    for &entry in entries {
        // Both stores, one kept: no branch to mispredict.
        left[lefts] = entry;
        right[rights] = entry;
        let is_right = usize::from(standing[usize::from(number(entry))] & 1);
        rights += is_right;
        lefts += 1 - is_right;
    }
    (&left[..lefts], &right[..rights])
}

/// Sorts the records by each of the features that the node wants. Record `number` is row `order[number]`.
pub(crate) fn sort_features<I: Impurity>(
    prepared: &Prepared,
    order: &[u32],
    features: &[u32],
    node: &mut Growing<'_, I>,
    standing: &Standing,
    space: &mut Space,
) {
    for &feature in features {
        if !node.wants(feature) {
            return;
        }
        let column = prepared.column(feature);
        let values = column.values.len();
        if values < 2 {
            continue;
        }
        let common = match &column.codes {
            Codes::Pair(_) => continue,
            Codes::Bytes(codes) => sort_codes(order, codes, column.common, values, space),
            Codes::Shorts(codes) => sort_codes(order, codes, column.common, values, space),
            Codes::Words(codes) => sort_words(order, codes, space),
        };
        let list = List { feature, length: 0, common };
        node.take(list, &space.left, standing);
    }
}

/// Codes of at most 16 bits are themselves the codes of the entries. The sorted entries are left in `space.left`.
fn sort_codes<C: Copy + Into<u32>>(
    order: &[u32],
    codes: &[C],
    common: u32,
    values: usize,
    space: &mut Space,
) -> Entry {
    let keys = &mut space.left;
    keys.clear();
    keys.resize(order.len(), 0);
    let mut kept = 0;
    for (number, &row) in order.iter().enumerate() {
        let code: u32 = codes[row as usize].into();
        // Written anyway, kept or not: no branch to mispredict.
        keys[kept] = code << 16 | number as u32;
        kept += usize::from(code != common);
    }
    keys.truncate(kept);
    sort_by_bits(keys, &mut space.narrow, 16, (values as u32 - 1).ilog2() + 1);
    common << 16
}

/// Wider codes are ranked anew, among the records that are there, none of which is left out.
fn sort_words(order: &[u32], codes: &[u32], space: &mut Space) -> Entry {
    let Space { wide, wide_swap, left, .. } = space;
    wide.clear();
    wide.extend(
        order.iter().enumerate().map(|(number, &row)| u64::from(codes[row as usize]) << 16 | number as u64),
    );
    sort_by_bits(wide, wide_swap, 16, 32);
    left.clear();
    let (mut rank, mut last) = (0, wide.first().map_or(0, |key| key >> 16));
    left.extend(wide.iter().map(|key| {
        rank += u32::from(key >> 16 != last);
        last = key >> 16;
        rank << 16 | u32::from(*key as u16)
    }));
    0
}
