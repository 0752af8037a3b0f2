//! The best split of one node over sorted lists, met feature by feature.
//!
//! A list holds the node's records in the order of one feature's codes, without those of the feature's common code. Up to
//! the common code the left side of a split grows record by record, from the top down to it the right side does, so the
//! records that are not listed need no look at all. Going down, the last of equals is the lowest threshold and wins.

use super::impurity::{Impurity, Sides};
use super::scan::Task;
use super::split_criterion::{General, GeneralClass, SplitCriterion, Squares, SquaresClass, TwoClasses};
use super::ties::TieOrder;

/// A record in a list: the code in the upper 16 bits, the record's number in the lower.
pub(super) type Entry = u32;

#[inline(always)]
pub(super) fn code(entry: Entry) -> u32 {
    entry >> 16
}

#[inline(always)]
pub(super) fn number(entry: Entry) -> u16 {
    entry as u16
}

/// Where each record of the fit stands, by its number: the place of its class in its node, doubled, plus one if its node
/// is a right child.
pub(super) type Standing = [u16; 1 << 16];

/// Classes that a standing can tell apart.
pub(super) const MOST_RUNS: usize = 1 << 15;

/// The best split so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) feature: u32,
    /// A record with the highest code on the left, and one with the lowest on the right.
    pub(super) between: (Entry, Entry),
    pub(super) sides: Sides,
}

/// A node whose features are looked at.
#[derive(Clone, Debug)]
pub(super) struct SplitScan<'a, I: Impurity> {
    impurity: &'a I,
    records: u32,
    min_samples_leaf: u32,
    ties: TieOrder,
    kind: Kind<'a, I>,
    pub(super) found: Option<Found>,
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
    /// The node of a task, whose rows are not looked at.
    pub(super) fn new(impurity: &'a I, task: &Task<'_, I>) -> Self {
        let Task { sum, min_samples_leaf, .. } = *task;
        let (runs, ties) = (task.node.runs, task.node.ties);
        let records: u32 = runs.iter().map(|run| run.records).sum();
        let size = records as usize;
        let kind = if I::SQUARES && runs.len() == 2 && size <= TwoClasses::<false>::RECORDS {
            Kind::TwoClasses(TwoClasses::new(records, runs[0].records))
        } else if I::SQUARES && runs.len() == 2 && size <= TwoClasses::<true>::RECORDS {
            Kind::WideTwoClasses(TwoClasses::new(records, runs[0].records))
        } else if I::SQUARES && size <= Squares::RECORDS {
            let criterion = Squares::new(records, sum);
            let classes = Classes::new(runs.iter().map(|run| criterion.class(run.records)));
            Kind::Squares(criterion, classes)
        } else {
            let classes = Classes::new(runs.iter().map(|run| (0, run.records)));
            Kind::General(General::new(impurity, records, sum), classes)
        };
        Self { impurity, records, min_samples_leaf, ties, kind, found: None }
    }

    /// Looks at every threshold of a feature; whether it varies at all. The node is large enough to be split; `common` is an entry of the common code.
    #[inline]
    pub(super) fn scan(&mut self, feature: u32, list: &[Entry], common: Entry, standing: &Standing) -> bool {
        let or_equals = self.found.is_some_and(|found| {
            // Features are met in ascending order, so among the lowest an equal comes too late.
            self.ties.is_random() && self.ties.is_before(feature, found.feature)
        });
        let list_scan =
            ListScan { feature, records: self.records, least: self.min_samples_leaf, or_equals, standing };
        match &mut self.kind {
            Kind::TwoClasses(criterion) => {
                list_scan.scan(criterion, list, common, &mut Classes::default(), &mut self.found)
            }
            Kind::WideTwoClasses(criterion) => {
                list_scan.scan(criterion, list, common, &mut Classes::default(), &mut self.found)
            }
            Kind::Squares(criterion, classes) => {
                list_scan.scan(criterion, list, common, classes, &mut self.found)
            }
            Kind::General(criterion, classes) => {
                list_scan.scan(criterion, list, common, classes, &mut self.found)
            }
        }
    }

    /// Whether no other feature can take the place of the best so far.
    #[inline]
    pub(super) fn is_settled(&self) -> bool {
        !self.ties.is_random() && self.found.is_some_and(|found| self.impurity.perfect(&found.sides))
    }

    /// The better of two; among equals the one whose feature comes first.
    pub(super) fn lead(&self, a: Option<Found>, b: Option<Found>) -> Option<Found> {
        let (Some(first), Some(second)) = (a, b) else { return a.or(b) };
        let a_is_first = self.ties.is_before(first.feature, second.feature);
        let (first, second) = if a_is_first { (first, second) } else { (second, first) };
        Some(if self.impurity.better(&second.sides, &first.sides) { second } else { first })
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
#[derive(Clone, Copy)]
struct ListScan<'a> {
    feature: u32,
    records: u32,
    least: u32,
    /// Whether a split as good as the best of the features before takes its place.
    or_equals: bool,
    standing: &'a Standing,
}

impl ListScan<'_> {
    #[inline(always)]
    fn scan<G: SplitCriterion>(
        self,
        criterion: &mut G,
        list: &[Entry],
        common: Entry,
        classes: &mut Classes<G::Class>,
        found: &mut Option<Found>,
    ) -> bool {
        let (Some(first), Some(last)) = (list.first(), list.last()) else { return false };
        if list.len() == self.records as usize {
            let varies = code(*first) != code(*last);
            if varies {
                self.scan_range::<G, UP>(criterion, list, None, classes, found);
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
        self.scan_range::<G, UP>(criterion, low, Some(common), classes, found);
        self.scan_range::<G, DOWN>(criterion, high, Some(common), classes, found);
        true
    }

    /// Takes records in one by one, from the lowest code up or from the highest down, and looks at each place where the
    /// code changes; `end` follows the last, if anything does.
    #[inline(always)]
    fn scan_range<G: SplitCriterion, const WAY: bool>(
        self,
        criterion: &mut G,
        list: &[Entry],
        end: Option<Entry>,
        classes: &mut Classes<G::Class>,
        found: &mut Option<Found>,
    ) {
        let mut rest = list.iter().copied();
        let mut following = || if WAY == DOWN { rest.next_back() } else { rest.next() };
        let Some(mut entry) = following() else { return };
        let working = &mut classes.working[..];
        let mut side = criterion.empty();
        let mut records = 0u32;
        // Within a feature the lowest threshold wins: on the way up the first of equals, on the way down the last.
        let mut or_equals = self.or_equals_to(found);
        // Sides that are large enough, as one comparison.
        let room = self.records - 2 * self.least;
        loop {
            let next = following();
            let Some(upper) = next.or(end) else { break };
            criterion.join(&mut side, working, run(self.standing, entry));
            records += 1;
            // One branch that is hardly ever taken.
            let allowed = (code(entry) != code(upper)) & (records.wrapping_sub(self.least) <= room);
            if allowed & criterion.leads(&side, records, or_equals) {
                *found = Some(self.taken::<WAY>(criterion.take(&side, records), entry, upper));
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
    fn or_equals_to(self, found: &Option<Found>) -> bool {
        self.or_equals && found.is_none_or(|found| found.feature != self.feature)
    }

    #[cold]
    fn taken<const WAY: bool>(self, grown: Sides, entry: Entry, next: Entry) -> Found {
        if WAY == UP {
            return Found { feature: self.feature, between: (entry, next), sides: grown };
        }
        let sides = Sides {
            left_records: grown.right_records,
            right_records: grown.left_records,
            left_sum: grown.right_sum,
            right_sum: grown.left_sum,
        };
        Found { feature: self.feature, between: (next, entry), sides }
    }
}
