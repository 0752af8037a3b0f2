//! Filter and refine (Seidl and Kriegel, 1998): rounded distances leave few candidates, exact ones choose among them.
//!
//! Whatever the filter lets through besides the nearest is found out by its exact distance, so an answer does not depend on
//! what came through, nor in which order.

use super::filter::Bounds;
use super::model::KnnModel;
use super::nearest::{Nearest, squared_distances};

/// Rounded distances that are compared at a time.
const TOGETHER: usize = 32;

/// A record that the rounded distances did not rule out.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// g + 2r A.
    widened: f64,
    /// g.
    rounded: f32,
    record: u32,
}

/// The search for the nearest of one query.
#[derive(Debug)]
pub(super) struct Search<'a> {
    model: &'a KnnModel,
    query: &'a [f32],
    bounds: Option<Bounds>,
    /// No record with a greater g can be among the nearest.
    threshold: f32,
    candidates: Vec<Candidate>,
    /// Candidates at which the threshold is lowered.
    limit: usize,
    nearest: Nearest,
}

impl<'a> Search<'a> {
    /// Nothing seen yet. Without bounds [`look_at_all`](Self::look_at_all) is the way.
    pub(super) fn new(model: &'a KnnModel, query: &'a [f32], bounds: Option<Bounds>) -> Self {
        let threshold = if bounds.is_some() { f32::INFINITY } else { f32::NEG_INFINITY };
        let k = model.k();
        let limit = (k as usize).saturating_mul(4).saturating_add(28);
        let nearest = Nearest::new(k, model.classes);
        Self { model, query, bounds, threshold, candidates: Vec::new(), limit, nearest }
    }

    /// Shows g of the records from `start` on, none of them NaN.
    pub(super) fn show(&mut self, start: usize, rounded: &[f32]) {
        for (number, together) in rounded.chunks(TOGETHER).enumerate() {
            let threshold = self.threshold;
            // Without an early exit, so that the loop runs many values at a time.
            if together.iter().fold(false, |any, &value| any | (value <= threshold)) {
                self.keep(start + number * TOGETHER, together);
            }
        }
    }

    #[cold]
    fn keep(&mut self, start: usize, rounded: &[f32]) {
        let widths = &self.model.filter.widths()[start..];
        for (place, (&rounded, &width)) in rounded.iter().zip(widths).enumerate() {
            if rounded <= self.threshold {
                let widened = f64::from(rounded) + f64::from(width);
                self.candidates.push(Candidate { widened, rounded, record: (start + place) as u32 });
                if self.candidates.len() >= self.limit {
                    self.narrow();
                }
            }
        }
    }

    /// Lowers the threshold to what the candidates tell. Where that does not rid of most, their exact distances do.
    fn narrow(&mut self) {
        let Some(bounds) = self.bounds else { return };
        let k = self.model.k() as usize;
        if k <= self.candidates.len() {
            let by_widened = |a: &Candidate, b: &Candidate| a.widened.total_cmp(&b.widened);
            let (_, kth, _) = self.candidates.select_nth_unstable_by(k - 1, by_widened);
            self.threshold = self.threshold.min(bounds.most_by_widened(kth.widened));
            let threshold = self.threshold;
            self.candidates.retain(|candidate| candidate.rounded <= threshold);
        }
        if self.candidates.len() > self.limit / 2 {
            self.refine();
            self.threshold = self.threshold.min(bounds.most_by_exact(self.nearest.bound()));
        }
    }

    /// Exact distances of the candidates.
    fn refine(&mut self) {
        let mut candidates = std::mem::take(&mut self.candidates);
        let (fours, rest) = candidates.as_chunks::<4>();
        for four in fours {
            self.look_at(four.map(|candidate| candidate.record as usize));
        }
        for candidate in rest {
            self.look_at([candidate.record as usize]);
        }
        candidates.clear();
        self.candidates = candidates;
    }

    fn look_at<const N: usize>(&mut self, records: [usize; N]) {
        let distances = squared_distances(self.query, records.map(|record| self.model.record(record)));
        for (record, distance) in records.into_iter().zip(distances) {
            self.nearest.show(distance, self.model.labels[record], self.model.counts[record]);
        }
    }

    /// Exact distances of all records where the filter has no bound for the query.
    fn look_at_all(&mut self) {
        let n = self.model.labels.len();
        for first in (0..n / 4 * 4).step_by(4) {
            self.look_at([first, first + 1, first + 2, first + 3]);
        }
        for record in n / 4 * 4..n {
            self.look_at([record]);
        }
    }

    /// Writes the class shares of the nearest over zeros, once all records were shown.
    pub(super) fn finish(mut self, shares: &mut [f64]) {
        if self.bounds.is_some() {
            self.narrow();
            self.refine();
        } else {
            self.look_at_all();
        }
        self.nearest.vote(self.model.weights(), shares);
    }
}
