//! Growing a whole subtree from lists that are sorted once, at its top.
//!
//! The nodes come out in the order in which one thread alone would make them. At nodes with much to look at the features are shared out among
//! rayon's threads, and what hangs below them on the left grows beside what hangs on the right.

use rayon::prelude::*;

use super::grow::{divide, may_split, runs_of};
use super::model::DecisionTree;
use super::split::impurity::Impurity;
use super::split::list_scan::{Entry, MOST_RUNS, SplitScan, Standing, code, number};
use super::split::lists::{Block, Growing, Space, sort_features};
use super::split::node::{Best, Candidate, NodeRows, Run, Split, by_run};
use super::split::search::Setting;
use super::split::ties::TieOrder;
use crate::columns::Codes;

/// Records that a number of 16 bits can tell apart.
const MOST_RECORDS: usize = 1 << 16;

/// Values that a subtree may have at its top: 128 MiB of entries, and as many again while they are divided.
const MOST_VALUES: usize = 1 << 25;

/// Values of a block of features at the top of a subtree.
const BLOCK: usize = 1 << 17;

/// Values below which nothing is shared out among threads: half a millisecond of work, less than it takes to start them.
const LARGE: usize = 1 << 18;

/// What hangs below a node grows side by side if the node has at least this share of the work at the top ...
const SHARE: usize = 12;

/// ... and more values than this ...
const SMALL: usize = 1 << 15;

/// ... and no more nodes than this above it do so: each is a call on the stack.
const MOST_FORKS: u32 = 32;

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
    setting: &'a Setting<'a, I>,
    rows: &'a [u32],
    /// Labels by number.
    labels: Vec<u32>,
    /// Nodes with no more work than this have all below them grown by one thread.
    small: usize,
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
struct Workspace {
    standing: Box<Standing>,
    space: Space,
    runs: Vec<Run>,
    rows: Vec<u32>,
    aside: Vec<u32>,
}

impl Default for Workspace {
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

/// Grows the subtree below a node and appends it to the tree.
pub(super) fn grow_subtree<I: Impurity>(setting: &Setting<'_, I>, top: &Top<'_>, tree: &mut DecisionTree) {
    let labels = top.rows.iter().map(|&row| top.labels[row as usize]).collect();
    let mut subtree = Subtree { setting, rows: top.rows, labels, small: 0 };
    let mut numbers: Vec<u32> = (0..top.rows.len() as u32).collect();
    let mut workspace = Workspace::default();
    let root = subtree.root(top, &mut workspace);
    let work = subtree.work(&root);
    subtree.small = (work / SHARE).max(SMALL);
    let forks = if work < LARGE { 0 } else { MOST_FORKS };
    subtree.grow(root, &mut numbers, &mut workspace, tree, forks);
}

impl<I: Impurity> Subtree<'_, I> {
    fn root(&self, top: &Top<'_>, workspace: &mut Workspace) -> Open {
        let numbers: Vec<u32> = (0..self.rows.len() as u32).collect();
        let (start, end, depth, ties, right_of) = (0, self.rows.len(), top.depth, top.ties, None);
        let Some((mut node, pair)) = self.child(&numbers, depth, ties, false, workspace) else {
            return Open { start, end, depth, ties, right_of, split: None, lists: Vec::new() };
        };
        let prepared = self.setting.prepared;
        let (found, lists) = if end * top.features.len() < LARGE {
            sort_features(
                prepared,
                self.rows,
                top.features,
                &mut node,
                &workspace.standing,
                &mut workspace.space,
            );
            (node.scan.best, vec![node.block])
        } else {
            let standing = &workspace.standing;
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
        let split = self.decide(&numbers, ties, pair, found, workspace);
        Open { start, end, depth, ties, right_of, split, lists }
    }

    /// About how much there is to look at in the node.
    fn work(&self, node: &Open) -> usize {
        let entries: usize = node.lists.iter().map(Block::len).sum();
        // Features of two values are looked at many at a time.
        entries + (node.end - node.start) * self.setting.prepared.pairs.len() / 8
    }

    /// Appends a node and all below it to the tree. So many nodes may still have both their sides grown at once.
    fn grow(
        &self,
        top: Open,
        numbers: &mut [u32],
        workspace: &mut Workspace,
        tree: &mut DecisionTree,
        forks: u32,
    ) {
        if let Some(split) = top.split
            && forks > 0
            && self.work(&top) > self.small
        {
            return self.fork(top, &split, numbers, workspace, tree, forks - 1);
        }
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            let place = tree.nodes.len() as u32;
            if let Some(parent) = node.right_of {
                tree.nodes[parent as usize].right = place;
            }
            let numbers = &mut numbers[node.start..node.end];
            let Some(split) = node.split else {
                runs_of(numbers, |number| self.labels[number as usize], &mut workspace.runs);
                tree.push_leaf(&workspace.runs);
                continue;
            };
            tree.push_split(self.setting.prepared, &split);
            let [left, right] = self.children(node, &split, numbers, workspace, false);
            open.push(Open { right_of: Some(place), ..right });
            open.push(left);
        }
    }

    /// The same for a node with much to look at, of all these records: both sides grow at once.
    fn fork(
        &self,
        node: Open,
        split: &Split,
        numbers: &mut [u32],
        workspace: &mut Workspace,
        tree: &mut DecisionTree,
        forks: u32,
    ) {
        let place = tree.nodes.len();
        tree.push_split(self.setting.prepared, split);
        let [left, right] = self.children(node, split, numbers, workspace, true);
        let (lefts, rights) = numbers.split_at_mut(left.end);
        let right = Open { start: 0, end: rights.len(), ..right };
        let mut to_right = DecisionTree::empty(tree.features, tree.classes);
        rayon::join(
            || self.grow(left, lefts, workspace, tree, forks),
            || self.grow(right, rights, &mut Workspace::default(), &mut to_right, forks),
        );
        tree.nodes[place].right = tree.nodes.len() as u32;
        tree.append(&to_right);
    }

    fn children(
        &self,
        node: Open,
        split: &Split,
        numbers: &mut [u32],
        workspace: &mut Workspace,
        threads: bool,
    ) -> [Open; 2] {
        let prepared = self.setting.prepared;
        let middle =
            divide(numbers, |number| self.rows[number as usize], prepared, split, &mut workspace.aside);
        let (lefts, rights) = numbers.split_at(middle);
        let depth = node.depth + 1;
        let [to_left, to_right] = [false, true].map(|is_right| node.ties.child(is_right));
        let (mut left, left_pair) = self.child(lefts, depth, to_left, false, workspace).unzip();
        let (mut right, right_pair) = self.child(rights, depth, to_right, true, workspace).unzip();
        let work: usize = node.lists.iter().map(Block::len).sum();
        let [left, right] = if threads && work >= SMALL && node.lists.len() > 1 {
            let standing = &workspace.standing;
            let divided: Vec<_> = node
                .lists
                .into_par_iter()
                .map_init(Space::default, |space, block| {
                    let (mut left, mut right) = (left.clone(), right.clone());
                    block.divide(left.as_mut(), right.as_mut(), standing, space);
                    (left, right)
                })
                .collect();
            let (lefts, rights): (Vec<_>, Vec<_>) = divided.into_iter().unzip();
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
                block.divide(left.as_mut(), right.as_mut(), &workspace.standing, &mut workspace.space);
            }
            [left, right].map(|child| child.map(|child| (child.scan.best, vec![child.block])))
        };
        let middle = node.start + middle;
        [
            (node.start, middle, to_left, lefts, left, left_pair),
            (middle, node.end, to_right, rights, right, right_pair),
        ]
        .map(|(start, end, ties, numbers, child, pair)| {
            let (found, lists) = child.unwrap_or_default();
            let split = self.decide(numbers, ties, pair.flatten(), found, workspace);
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
        workspace: &mut Workspace,
    ) -> Option<(Growing<'_, I>, Best<I::Score>)> {
        let Workspace { standing, runs, rows, .. } = workspace;
        runs_of(numbers, |number| self.labels[number as usize], runs);
        for (place, numbers) in by_run(numbers, runs).enumerate() {
            let mark = (place as u16) << 1 | u16::from(is_right);
            numbers.iter().for_each(|&number| standing[number as usize] = mark);
        }
        let setting = self.setting;
        if !may_split(setting.params, numbers.len(), runs, depth) {
            return None;
        }
        rows.clear();
        if !setting.prepared.pairs.is_empty() {
            rows.extend(numbers.iter().map(|&number| self.rows[number as usize]));
        }
        let node = setting.node(NodeRows { rows, runs, ties }, runs.iter().map(|run| run.records));
        let pair = setting.best_pair(&node);
        let limit = pair.filter(|_| node.is_settled(&pair)).map_or(u32::MAX, |pair| pair.split.feature);
        Some((Growing::new(SplitScan::new(setting.impurity, &node), limit), pair))
    }

    /// The better of the best of two values and the best over lists, if the parameters allow it.
    fn decide(
        &self,
        numbers: &[u32],
        ties: TieOrder,
        pair: Best<I::Score>,
        listed: Best<I::Score>,
        workspace: &mut Workspace,
    ) -> Option<Split> {
        let setting = self.setting;
        let listed = listed.map(|best| {
            let Split { feature, lower, upper } = best.split;
            let split = Split { feature, lower: self.code(feature, lower), upper: self.code(feature, upper) };
            Candidate { split, ..best }
        });
        pair.or(listed)?;
        runs_of(numbers, |number| self.labels[number as usize], &mut workspace.runs);
        let runs = &workspace.runs;
        let node = setting.node(NodeRows { rows: &[], runs, ties }, runs.iter().map(|run| run.records));
        let best = node.better_of(pair, listed)?;
        setting.is_allowed(&best, numbers.len() as u32, node.sum).then_some(best.split)
    }

    /// The feature's code of the record of an entry.
    fn code(&self, feature: u32, entry: Entry) -> u32 {
        match &self.setting.prepared.column(feature).codes {
            Codes::Words(codes) => codes[self.rows[usize::from(number(entry))] as usize],
            _ => code(entry),
        }
    }
}

/// The best of what was found, and the lists that are left.
fn gather<I: Impurity>(scan: &SplitScan<'_, I>, blocks: Vec<Growing<'_, I>>) -> (Best<I::Score>, Vec<Block>) {
    let mut best = None;
    let mut lists = Vec::with_capacity(blocks.len());
    for node in blocks {
        best = scan.better_of(best, node.scan.best);
        if node.block.len() > 0 {
            lists.push(node.block);
        }
    }
    (best, lists)
}
