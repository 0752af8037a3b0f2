//! A node as it is searched for its best split, and the candidates that are met there.

use super::impurity::{Impurity, Sides};
use super::ties::TieOrder;

/// The records of one class in a node: a stretch of the node's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) class: u32,
    pub(crate) records: u32,
}

/// What a search for a split is shown of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRows<'a> {
    /// Rows of the prepared records, grouped by class in the order of `runs`.
    pub(crate) rows: &'a [u32],
    /// The classes that are there, ascending; at least two.
    pub(crate) runs: &'a [Run],
    /// Which feature is taken among equals.
    pub(crate) ties: TieOrder,
}

/// A way to divide a node: codes of the feature up to `lower` to the left, from `upper` on to the right. Both are
/// codes of the node's own rows, with none of them between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) feature: u32,
    pub(crate) lower: u32,
    pub(crate) upper: u32,
}

/// A split and how good it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<S> {
    pub(crate) split: Split,
    pub(crate) sides: Sides,
    pub(crate) score: S,
}

/// The best candidate so far.
pub(crate) type Best<S> = Option<Candidate<S>>;

/// A node with what candidates are compared by.
#[derive(Debug)]
pub(crate) struct Node<'a, I> {
    pub(crate) impurity: &'a I,
    pub(crate) of: NodeRows<'a>,
    /// The node's sum over classes.
    pub(crate) sum: u64,
    /// Fewest records on a side.
    pub(crate) min_samples_leaf: u32,
}

/// The records of each run.
pub(crate) fn by_run<'a>(records: &'a [u32], runs: &'a [Run]) -> impl Iterator<Item = &'a [u32]> {
    let mut rest = records;
    runs.iter().map(move |run| {
        let (these, behind) = rest.split_at(run.records as usize);
        rest = behind;
        these
    })
}

impl<I: Impurity> Node<'_, I> {
    /// Takes a split that is allowed and strictly better than the best; `left` records are on its left side.
    #[inline]
    pub(crate) fn consider(
        &self,
        left: u32,
        sides: Sides,
        split: impl FnOnce() -> Split,
        best: &mut Best<I::Score>,
    ) {
        if left.min(self.of.rows.len() as u32 - left) < self.min_samples_leaf {
            return;
        }
        let score = self.impurity.score(&sides);
        let takes_over = best.is_none_or(|best| {
            self.impurity.may_beat(score, best.score) && self.impurity.better(&sides, &best.sides)
        });
        if takes_over {
            *best = Some(Candidate { split: split(), sides, score });
        }
    }

    /// Looks at a feature that comes after that of the best by number, if not in the order among equals.
    #[inline]
    pub(crate) fn look<T>(&self, best: &mut Best<I::Score>, at: impl FnOnce(&mut Best<I::Score>) -> T) -> T {
        if !self.of.ties.is_random() {
            return at(best);
        }
        let mut own = None;
        let seen = at(&mut own);
        *best = self.better_of(*best, own);
        seen
    }

    /// The better of two; among equals the one whose feature comes first.
    pub(crate) fn better_of(&self, a: Best<I::Score>, b: Best<I::Score>) -> Best<I::Score> {
        better_of(self.impurity, self.of.ties, a, b)
    }

    /// Whether no other feature can take the place of the best.
    pub(crate) fn is_settled(&self, best: &Best<I::Score>) -> bool {
        is_settled(self.impurity, self.of.ties, best)
    }
}

/// The better of two candidates of a node; among equals the one whose feature comes first.
pub(crate) fn better_of<I: Impurity>(
    impurity: &I,
    ties: TieOrder,
    a: Best<I::Score>,
    b: Best<I::Score>,
) -> Best<I::Score> {
    let (Some(first), Some(second)) = (a, b) else { return a.or(b) };
    let a_is_first = ties.is_before(first.split.feature, second.split.feature);
    let (first, second) = if a_is_first { (first, second) } else { (second, first) };
    Some(if impurity.better(&second.sides, &first.sides) { second } else { first })
}

/// Whether no candidate of another feature can take the place of the best.
#[inline]
pub(crate) fn is_settled<I: Impurity>(impurity: &I, ties: TieOrder, best: &Best<I::Score>) -> bool {
    !ties.is_random() && best.is_some_and(|best| impurity.perfect(&best.sides))
}
