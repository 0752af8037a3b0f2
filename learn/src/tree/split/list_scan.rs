//! The best split of one node over sorted lists, met feature by feature.
//!
//! A list holds the node's records in the order of one feature's codes, without those of the feature's common code. Up to
//! the common code the left side of a split grows record by record, from the top down to it the right side does, so the
//! records that are not listed need no look at all. Going down, the last of equals is the lowest threshold and wins.

use super::comparison::{Comparison, General, GeneralClass, Squares, SquaresClass, TwoClasses};
use super::impurity::{Impurity, Sides};
use super::node::{self, Best, Candidate, Node, Split};
use super::ties::TieOrder;

/// A record in a list: the code in the upper 16 bits, the record's number in the lower.
pub(crate) type Entry = u32;

#[inline(always)]
pub(crate) fn code(entry: Entry) -> u32 {
    entry >> 16
}

#[inline(always)]
pub(crate) fn number(entry: Entry) -> u16 {
    entry as u16
}

/// Where each record of the fit stands, by its number: the place of its class in its node, doubled, plus one if its node
/// is a right child.
pub(crate) type Standing = [u16; 1 << 16];

/// Classes that a standing can tell apart.
pub(crate) const MOST_RUNS: usize = 1 << 15;

/// A node whose features are looked at.
#[derive(Clone, Debug)]
pub(crate) struct SplitScan<'a, I: Impurity> {
    impurity: &'a I,
    records: u32,
    min_samples_leaf: u32,
    ties: TieOrder,
    kind: Kind<'a, I>,
    /// The best so far, between an entry with the highest code on the left and one with the lowest on the right.
    pub(crate) best: Best<I::Score>,
}

#[derive(Clone, Debug)]
enum Kind<'a, I: Impurity> {
    TwoClasses(TwoClasses<false>),
    WideTwoClasses(TwoClasses<true>),
    Squares(Squares, Classes<SquaresClass>),
    General(General<'a, I>, Classes<GeneralClass>),
}

/// Classes with none of their records on the growing side, and a copy to work on, alike between two scans.
#[derive(Clone, Debug)]
struct Classes<C> {
    untouched: Vec<C>,
    working: Vec<C>,
}

impl<'a, I: Impurity> SplitScan<'a, I> {
    /// The node, whose rows are not looked at.
    pub(crate) fn new(impurity: &'a I, node: &Node<'_, I>) -> Self {
        let Node { sum, min_samples_leaf, .. } = *node;
        let (runs, ties) = (node.of.runs, node.of.ties);
        let records: u32 = runs.iter().map(|run| run.records).sum();
        let size = records as usize;
        let kind = if I::SQUARES && runs.len() == 2 && size <= TwoClasses::<false>::RECORDS {
            Kind::TwoClasses(TwoClasses::new(records, runs[0].records))
        } else if I::SQUARES && runs.len() == 2 && size <= TwoClasses::<true>::RECORDS {
            Kind::WideTwoClasses(TwoClasses::new(records, runs[0].records))
        } else if I::SQUARES && size <= Squares::RECORDS {
            let comparison = Squares::new(records, sum);
            let classes = Classes::new(runs.iter().map(|run| comparison.class(run.records)));
            Kind::Squares(comparison, classes)
        } else {
            let classes = Classes::new(runs.iter().map(|run| (0, run.records)));
            Kind::General(General::new(impurity, records, sum), classes)
        };
        Self { impurity, records, min_samples_leaf, ties, kind, best: None }
    }

    /// Looks at every threshold of a feature; whether it varies at all. The node is large enough to be split; `common` is an entry of the common code.
    #[inline]
    pub(crate) fn scan(&mut self, feature: u32, list: &[Entry], common: Entry, standing: &Standing) -> bool {
        let or_equals = self.best.is_some_and(|best| {
            // Features are met in ascending order, so among the lowest an equal comes too late.
            self.ties.is_random() && self.ties.is_before(feature, best.split.feature)
        });
        let (impurity, records, least) = (self.impurity, self.records, self.min_samples_leaf);
        let list_scan = ListScan { impurity, feature, records, least, or_equals, standing };
        match &mut self.kind {
            Kind::TwoClasses(comparison) => {
                list_scan.scan(comparison, list, common, &mut Classes::default(), &mut self.best)
            }
            Kind::WideTwoClasses(comparison) => {
                list_scan.scan(comparison, list, common, &mut Classes::default(), &mut self.best)
            }
            Kind::Squares(comparison, classes) => {
                list_scan.scan(comparison, list, common, classes, &mut self.best)
            }
            Kind::General(comparison, classes) => {
                list_scan.scan(comparison, list, common, classes, &mut self.best)
            }
        }
    }

    /// Whether no other feature can take the place of the best so far.
    #[inline]
    pub(crate) fn is_settled(&self) -> bool {
        node::is_settled(self.impurity, self.ties, &self.best)
    }

    /// The better of two; among equals the one whose feature comes first.
    pub(crate) fn better_of(&self, a: Best<I::Score>, b: Best<I::Score>) -> Best<I::Score> {
        node::better_of(self.impurity, self.ties, a, b)
    }
}

impl<C> Default for Classes<C> {
    fn default() -> Self {
        Self { untouched: Vec::new(), working: Vec::new() }
    }
}

impl<C: Copy> Classes<C> {
    fn new(classes: impl Iterator<Item = C>) -> Self {
        let untouched: Vec<C> = classes.collect();
        Self { working: untouched.clone(), untouched }
    }

    /// Undoes what a scan of these records did.
    #[inline(always)]
    fn restore(&mut self, list: &[Entry], standing: &Standing) {
        if list.len() < self.untouched.len() {
            for &entry in list {
                let run = run(standing, entry);
                self.working[run] = self.untouched[run];
            }
        } else {
            self.working.copy_from_slice(&self.untouched);
        }
    }
}

#[inline(always)]
fn run(standing: &Standing, entry: Entry) -> usize {
    usize::from(standing[usize::from(number(entry))] >> 1)
}

/// Ways through a list: the left side grows on the way up, the right side on the way down.
const UP: bool = false;
const DOWN: bool = true;

/// What stays the same on the way through one feature.
struct ListScan<'a, I> {
    impurity: &'a I,
    feature: u32,
    records: u32,
    least: u32,
    /// Whether a split as good as the best of the features before takes its place.
    or_equals: bool,
    standing: &'a Standing,
}

impl<I: Impurity> ListScan<'_, I> {
    #[inline(always)]
    fn scan<C: Comparison>(
        &self,
        comparison: &mut C,
        list: &[Entry],
        common: Entry,
        classes: &mut Classes<C::Class>,
        best: &mut Best<I::Score>,
    ) -> bool {
        let (Some(first), Some(last)) = (list.first(), list.last()) else { return false };
        if list.len() == self.records as usize {
            let varies = code(*first) != code(*last);
            if varies {
                self.scan_range::<C, UP>(comparison, list, None, classes, best);
            }
            return varies;
        }
        let cut = if code(*first) > code(common) {
            0
        } else if code(*last) < code(common) {
            list.len()
        } else {
            list.partition_point(|entry| code(*entry) < code(common))
        };
        let (low, high) = list.split_at(cut);
        self.scan_range::<C, UP>(comparison, low, Some(common), classes, best);
        self.scan_range::<C, DOWN>(comparison, high, Some(common), classes, best);
        true
    }

    /// Takes records in one by one, from the lowest code up or from the highest down, and looks at each place where the
    /// code changes; `end` follows the last, if anything does.
    #[inline(always)]
    fn scan_range<C: Comparison, const WAY: bool>(
        &self,
        comparison: &mut C,
        list: &[Entry],
        end: Option<Entry>,
        classes: &mut Classes<C::Class>,
        best: &mut Best<I::Score>,
    ) {
        let mut rest = list.iter().copied();
        let mut following = || if WAY == DOWN { rest.next_back() } else { rest.next() };
        let Some(mut entry) = following() else { return };
        let working = &mut classes.working[..];
        let mut side = comparison.empty();
        let mut records = 0u32;
        // Within a feature the lowest threshold wins: on the way up the first of equals, on the way down the last.
        let mut or_equals = self.or_equals_to(best);
        // Sides that are large enough, as one comparison.
        let room = self.records - 2 * self.least;
        loop {
            let next = following();
            let Some(upper) = next.or(end) else { break };
            comparison.join(&mut side, working, run(self.standing, entry));
            records += 1;
            // One branch that is hardly ever taken.
            let allowed = (code(entry) != code(upper)) & (records.wrapping_sub(self.least) <= room);
            if allowed & comparison.leads(&side, records, or_equals) {
                *best = Some(self.taken::<WAY>(comparison.take(&side, records), entry, upper));
                or_equals = WAY == DOWN;
            }
            if next.is_none() {
                break;
            }
            entry = upper;
        }
        classes.restore(list, self.standing);
    }

    /// Whether an equal of the best so far takes its place: not if that is this feature's own, at a lower threshold.
    #[inline(always)]
    fn or_equals_to(&self, best: &Best<I::Score>) -> bool {
        self.or_equals && best.is_none_or(|best| best.split.feature != self.feature)
    }

    #[cold]
    fn taken<const WAY: bool>(&self, grown: Sides, entry: Entry, next: Entry) -> Candidate<I::Score> {
        let (lower, upper, sides) =
            if WAY == UP { (entry, next, grown) } else { (next, entry, grown.swapped()) };
        let split = Split { feature: self.feature, lower, upper };
        Candidate { split, sides, score: self.impurity.score(&sides) }
    }
}
