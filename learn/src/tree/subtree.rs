//! Growing a whole subtree from lists that are sorted once, at its top.
//!
//! The nodes come out in the order in which one thread alone would make them. Large subtrees are grown in two steps: nodes with
//! much to look at one after the other, their features dealt to rayon's threads, then all that hang below them side by side.

use rayon::prelude::*;

use super::attach::attach;
use super::grow::{NodeRows, Run, Split, divide, may_split, runs_of};
use super::impurity::Impurity;
use super::lists::{Block, Growing, Space, sort_features};
use super::model::{DecisionTree, FlatNode};
use super::scan::{Best, Candidate, Task};
use super::split::ExactSearch;
use super::split_scan::{Entry, Found, MOST_RUNS, SplitScan, Standing, code, number};
use super::ties::TieOrder;
use crate::columns::Codes;

/// Records that a number of 16 bits can tell apart.
const MOST_RECORDS: usize = 1 << 16;

/// Values that a subtree may have at its top: 128 MiB of entries, and as many again while they are dealt.
const MOST_VALUES: usize = 1 << 25;

/// Values of a block of features at the top of a subtree.
const BLOCK: usize = 1 << 17;

/// Values below which nothing is dealt to threads: half a millisecond of work, less than it takes to start them.
const LARGE: usize = 1 << 18;

/// Subtrees grown side by side have at most this share of the work at the top ...
const SHARE: usize = 12;

/// ... or this many values.
const SMALL: usize = 1 << 15;

/// The top of a subtree.
pub(super) struct Top<'a> {
    /// Rows of the prepared records, class by class, ascending within each.
    pub(super) rows: &'a [u32],
    /// Labels of all prepared records.
    pub(super) labels: &'a [u32],
    pub(super) depth: u32,
    pub(super) ties: TieOrder,
    /// Features that may vary here, without those of two values.
    pub(super) features: &'a [u32],
}

impl Top<'_> {
    /// Whether a subtree of that size can be grown from lists.
    pub(super) fn is_small(&self) -> bool {
        self.rows.len() <= MOST_RECORDS.min(MOST_RUNS) && self.rows.len() * self.features.len() <= MOST_VALUES
    }
}

/// What does not change while a subtree grows. Its records go by number: their places in `rows`.
struct Subtree<'a, I> {
    search: &'a ExactSearch<'a, I>,
    rows: &'a [u32],
    /// Labels by number.
    labels: Vec<u32>,
}

/// A node that waits to be written down: its records are a stretch of the numbers.
struct Open {
    start: usize,
    end: usize,
    depth: u32,
    ties: TieOrder,
    right_of: Option<u32>,
    split: Option<Split>,
    lists: Vec<Block>,
}

/// What one thread works with.
struct Desk {
    standing: Box<Standing>,
    space: Space,
    runs: Vec<Run>,
    rows: Vec<u32>,
    aside: Vec<u32>,
}

impl Default for Desk {
    fn default() -> Self {
        let standing: Box<[u16]> = vec![0; 1 << 16].into_boxed_slice();
        Self {
            standing: standing.try_into().expect("it is as long as it was made"),
            space: Space::default(),
            runs: Vec::new(),
            rows: Vec::new(),
            aside: Vec::new(),
        }
    }
}

/// A node that waits for threads: the place that its subtree will take in the tree above it.
struct Job {
    place: u32,
    open: Open,
}

/// Grows the subtree below a node and appends it to the tree.
pub(super) fn grow_subtree<I: Impurity>(search: &ExactSearch<'_, I>, top: &Top<'_>, tree: &mut DecisionTree) {
    let labels = top.rows.iter().map(|&row| top.labels[row as usize]).collect();
    let subtree = Subtree { search, rows: top.rows, labels };
    let mut numbers: Vec<u32> = (0..top.rows.len() as u32).collect();
    let mut desk = Desk::default();
    let root = subtree.root(top, &mut desk);
    let work = root.work(search);
    if work < LARGE {
        subtree.grow(vec![root], &mut numbers, &mut desk, tree, None);
        return;
    }
    let mut above = tree.empty_like();
    let mut jobs = Vec::new();
    let small = (work / SHARE).max(SMALL);
    subtree.grow(vec![root], &mut numbers, &mut desk, &mut above, Some((small, &mut jobs)));
    let mut rest = &mut numbers[..];
    let mut taken = 0;
    let mut below = Vec::with_capacity(jobs.len());
    for Job { place, mut open } in jobs {
        // The stretches of the jobs ascend: they are met from left to right.
        let (_, from) = std::mem::take(&mut rest).split_at_mut(open.start - taken);
        let (own, behind) = from.split_at_mut(open.end - open.start);
        (rest, taken) = (behind, open.end);
        (open.start, open.end) = (0, own.len());
        below.push((place, open, own));
    }
    let below = below
        .into_par_iter()
        .map_init(Desk::default, |desk, (place, open, numbers)| {
            let mut tree = tree.empty_like();
            subtree.grow(vec![open], numbers, desk, &mut tree, None);
            (place, tree)
        })
        .collect();
    attach(&above, below, tree);
}

impl Open {
    /// About how much there is to look at in the node.
    fn work<I>(&self, search: &ExactSearch<'_, I>) -> usize {
        let entries: usize = self.lists.iter().map(Block::len).sum();
        // Features of two values are looked at many at a time.
        entries + (self.end - self.start) * search.prepared.pairs.len() / 8
    }
}

impl<I: Impurity> Subtree<'_, I> {
    fn root(&self, top: &Top<'_>, desk: &mut Desk) -> Open {
        let numbers: Vec<u32> = (0..self.rows.len() as u32).collect();
        let (start, end, depth, ties, right_of) = (0, self.rows.len(), top.depth, top.ties, None);
        let Some((mut node, pair)) = self.child(&numbers, depth, ties, false, desk) else {
            return Open { start, end, depth, ties, right_of, split: None, lists: Vec::new() };
        };
        let prepared = self.search.prepared;
        let (found, lists) = if end * top.features.len() < LARGE {
            sort_features(prepared, self.rows, top.features, &mut node, &desk.standing, &mut desk.space);
            (node.scan.found, vec![node.block])
        } else {
            let standing = &desk.standing;
            let blocks: Vec<Growing<'_, I>> = top
                .features
                .par_chunks(BLOCK.div_ceil(end))
                .map_init(Space::default, |space, features| {
                    let mut node = node.clone();
                    sort_features(prepared, self.rows, features, &mut node, standing, space);
                    node
                })
                .collect();
            gather(&node.scan, blocks)
        };
        let split = self.decide(&numbers, ties, pair, found, desk);
        Open { start, end, depth, ties, right_of, split, lists }
    }

    /// Writes down the nodes that are open, and opens what is below them. With `aside`, nodes with no more work than that
    /// are put there.
    fn grow(
        &self,
        mut open: Vec<Open>,
        numbers: &mut [u32],
        desk: &mut Desk,
        tree: &mut DecisionTree,
        mut aside: Option<(usize, &mut Vec<Job>)>,
    ) {
        while let Some(node) = open.pop() {
            let place = tree.nodes.len() as u32;
            if let Some(parent) = node.right_of {
                tree.nodes[parent as usize].right = place;
            }
            if let Some((small, jobs)) = &mut aside
                && node.work(self.search) <= *small
            {
                tree.nodes.push(FlatNode::of_leaf(0, place));
                jobs.push(Job { place, open: Open { right_of: None, ..node } });
                continue;
            }
            let numbers = &mut numbers[node.start..node.end];
            let Some(split) = node.split else {
                runs_of(numbers, |number| self.labels[number as usize], &mut desk.runs);
                tree.push_leaf(&desk.runs);
                continue;
            };
            let column = self.search.prepared.column(split.feature);
            tree.nodes.push(FlatNode::of_split(&split, column, place));
            let [left, right] = self.children(node, &split, numbers, desk, aside.is_some());
            open.push(Open { right_of: Some(place), ..right });
            open.push(left);
        }
    }

    fn children(
        &self,
        node: Open,
        split: &Split,
        numbers: &mut [u32],
        desk: &mut Desk,
        threads: bool,
    ) -> [Open; 2] {
        let prepared = self.search.prepared;
        let middle = divide(numbers, |number| self.rows[number as usize], prepared, split, &mut desk.aside);
        let (lefts, rights) = numbers.split_at(middle);
        let depth = node.depth + 1;
        let [to_left, to_right] = [false, true].map(|is_right| node.ties.child(is_right));
        let (mut left, left_pair) = self.child(lefts, depth, to_left, false, desk).unzip();
        let (mut right, right_pair) = self.child(rights, depth, to_right, true, desk).unzip();
        let work: usize = node.lists.iter().map(Block::len).sum();
        let [left, right] = if threads && work >= SMALL && node.lists.len() > 1 {
            let standing = &desk.standing;
            let dealt: Vec<_> = node
                .lists
                .into_par_iter()
                .map_init(Space::default, |space, block| {
                    let (mut left, mut right) = (left.clone(), right.clone());
                    block.deal(left.as_mut(), right.as_mut(), standing, space);
                    (left, right)
                })
                .collect();
            let (lefts, rights): (Vec<_>, Vec<_>) = dealt.into_iter().unzip();
            [(left, lefts), (right, rights)].map(|(child, blocks)| {
                child.map(|child| gather(&child.scan, blocks.into_iter().flatten().collect()))
            })
        } else {
            for (child, numbers) in [(&mut left, lefts), (&mut right, rights)] {
                if let Some(child) = child {
                    child.reserve(&node.lists, (numbers.len(), lefts.len() + rights.len()));
                }
            }
            for block in node.lists {
                block.deal(left.as_mut(), right.as_mut(), &desk.standing, &mut desk.space);
            }
            [left, right].map(|child| child.map(|child| (child.scan.found, vec![child.block])))
        };
        let middle = node.start + middle;
        [
            (node.start, middle, to_left, lefts, left, left_pair),
            (middle, node.end, to_right, rights, right, right_pair),
        ]
        .map(|(start, end, ties, numbers, child, pair)| {
            let (found, lists) = child.unwrap_or_default();
            let split = self.decide(numbers, ties, pair.flatten(), found, desk);
            // The children of a perfect split are leaves.
            Open { start, end, depth, ties, right_of: None, split, lists }
        })
    }

    /// Gives the records their standing in the node; what is needed to look for its split, if it may have one, with the best
    /// over features of two values.
    fn child(
        &self,
        numbers: &[u32],
        depth: u32,
        ties: TieOrder,
        is_right: bool,
        desk: &mut Desk,
    ) -> Option<(Growing<'_, I>, Best<I::Score>)> {
        let Desk { standing, runs, rows, .. } = desk;
        runs_of(numbers, |number| self.labels[number as usize], runs);
        let mut of_run = numbers;
        for (place, run) in runs.iter().enumerate() {
            let (these, rest) = of_run.split_at(run.records as usize);
            of_run = rest;
            these
                .iter()
                .for_each(|&number| standing[number as usize] = (place as u16) << 1 | u16::from(is_right));
        }
        let search = self.search;
        if !may_split(search.params, numbers.len(), runs, depth) {
            return None;
        }
        let mut pair = None;
        let task = search.task(NodeRows { rows: &[], runs, ties });
        let scan = SplitScan::new(search.impurity, &task);
        if !search.prepared.pairs.is_empty() {
            rows.clear();
            rows.extend(numbers.iter().map(|&number| self.rows[number as usize]));
            pair = search.best_pair(&Task { node: NodeRows { rows, runs, ties }, ..task });
        }
        let limit = pair.filter(|_| task.is_settled(&pair)).map_or(u32::MAX, |pair| pair.split.feature);
        Some((Growing::new(scan, limit), pair))
    }

    /// The better of the best of two values and the best of the others, if the parameters allow it.
    fn decide(
        &self,
        numbers: &[u32],
        ties: TieOrder,
        pair: Best<I::Score>,
        found: Option<Found>,
        desk: &mut Desk,
    ) -> Option<Split> {
        let search = self.search;
        let ranked = found.map(|found| {
            let code = |entry| self.code(found.feature, entry);
            let split =
                Split { feature: found.feature, lower: code(found.between.0), upper: code(found.between.1) };
            Candidate { split, sides: found.sides, score: search.impurity.score(&found.sides) }
        });
        pair.or(ranked)?;
        runs_of(numbers, |number| self.labels[number as usize], &mut desk.runs);
        let task = search.task(NodeRows { rows: &[], runs: &desk.runs, ties });
        let best = task.lead(pair, ranked)?;
        search.is_allowed(&best, numbers.len() as u32, task.sum).then_some(best.split)
    }

    /// The feature's code of the record of an entry.
    fn code(&self, feature: u32, entry: Entry) -> u32 {
        match &self.search.prepared.column(feature).codes {
            Codes::Words(codes) => codes[self.rows[usize::from(number(entry))] as usize],
            _ => code(entry),
        }
    }
}

/// The best of what was found, and the lists that are left.
fn gather<I: Impurity>(scan: &SplitScan<'_, I>, blocks: Vec<Growing<'_, I>>) -> (Option<Found>, Vec<Block>) {
    let mut best = None;
    let mut lists = Vec::with_capacity(blocks.len());
    for node in blocks {
        best = scan.lead(best, node.scan.found);
        if node.block.len() > 0 {
            lists.push(node.block);
        }
    }
    (best, lists)
}
