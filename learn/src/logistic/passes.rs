//! The passes over the records that a search makes: scores, the loss along a line of scores, and the gradient.
//!
//! Scores are linear in the variables, so a step along a direction needs one product with the direction, whatever the number of
//! step lengths that are tried. Products run in `T`, sums over records in f64. Records are taken in fixed blocks, blocks in
//! fixed runs, and all is added in their order; runs are what threads share.

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use super::exponential::Real;
use super::link::loss_and_residuals;
use super::objective::Objective;
use super::records::Moment;

/// Most runs of blocks, and most numbers that their gradients take together.
const RUNS: usize = 8;
const RUN_NUMBERS: usize = 1 << 23;
/// Numbers of a block of records, about: half a megabyte, so that it stays in the cache of a core.
const BLOCK_NUMBERS: usize = 1 << 17;

/// How records are divided among runs and blocks.
struct Blocks {
    n: usize,
    rows: usize,
    blocks: usize,
    runs: usize,
}

impl Blocks {
    fn of(objective: &Objective<'_>) -> Self {
        let (n, d) = objective.records.dim();
        let rows = (BLOCK_NUMBERS / (d + objective.outputs)).clamp(16, 512) / 16 * 16;
        let blocks = n.div_ceil(rows);
        Self { n, rows, blocks, runs: (RUN_NUMBERS / objective.units.len()).clamp(1, RUNS).min(blocks) }
    }

    /// What `work` makes of the blocks `(from, to)` of each run, in the order of the runs.
    fn runs<R: Send>(&self, work: impl Fn(&mut dyn Iterator<Item = (usize, usize)>) -> R + Sync) -> Vec<R> {
        let first = |run: usize| run * self.blocks / self.runs;
        (0..self.runs)
            .into_par_iter()
            .map(|run| {
                let blocks = first(run)..first(run + 1);
                work(&mut blocks.map(|block| (block * self.rows, ((block + 1) * self.rows).min(self.n))))
            })
            .collect()
    }
}

impl Objective<'_> {
    /// The scores `[n, outputs]` of all records.
    pub(super) fn scores<T: Real>(&self, variables: &Array1<f64>) -> Array2<T> {
        let (weights, intercepts) = self.weights(variables);
        let offsets: Vec<T> = self.records.offsets(&weights, intercepts).into_iter().map(T::of).collect();
        let weights = weights.mapv(T::of);
        let mut scores = Array2::<T>::zeros((self.labels.len(), self.outputs));
        let rows = Blocks::of(self).rows;
        // A record's scores do not depend on the block it is in.
        let blocks = scores.axis_chunks_iter_mut(Axis(0), rows).into_par_iter();
        blocks.enumerate().for_each(|(block, mut scores)| {
            for mut row in scores.rows_mut() {
                row.iter_mut().zip(&offsets).for_each(|(score, &offset)| *score = offset);
            }
            let from = block * rows;
            self.records.add_scores(from..from + scores.nrows(), &weights, &mut scores);
        });
        scores
    }

    /// Mean loss where scores are `scores + step * moves`, and its derivative by the step.
    pub(super) fn along<T: Real>(&self, scores: &Array2<T>, moves: &Array2<T>, step: f64) -> (f64, f64) {
        let step = T::of(step);
        let parts = Blocks::of(self).runs(|blocks| {
            let (mut loss, mut slope) = (0.0, 0.0);
            let mut row = vec![T::zero(); self.outputs];
            for (from, to) in blocks {
                let (scores, moves) = (rows(scores, from, to), rows(moves, from, to));
                let records = scores.chunks_exact(self.outputs).zip(moves.chunks_exact(self.outputs));
                for ((scores, moves), &label) in records.zip(&self.labels[from..to]) {
                    for ((value, &score), &along) in row.iter_mut().zip(scores).zip(moves) {
                        *value = score + step * along;
                    }
                    loss += loss_and_residuals(&mut row, label as usize);
                    slope += dot(&row, moves);
                }
            }
            (loss, slope)
        });
        let n = self.labels.len() as f64;
        let (loss, slope) = parts.into_iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        (loss / n, slope / n)
    }

    /// F and its gradient at variables that have these scores.
    pub(super) fn gradient<T: Real>(
        &self,
        variables: &Array1<f64>,
        scores: &Array2<T>,
    ) -> (f64, Array1<f64>) {
        let (d, outputs) = (self.records.dim().1, self.outputs);
        let blocks_of_rows = Blocks::of(self);
        let parts = blocks_of_rows.runs(|blocks| {
            let mut loss = 0.0;
            let mut sums = vec![0.0; (d + 1) * outputs];
            let mut residuals = Vec::with_capacity(blocks_of_rows.rows * outputs);
            let mut room = self.records.room(outputs);
            for (from, to) in blocks {
                residuals.clear();
                residuals.extend_from_slice(rows(scores, from, to));
                for (row, &label) in residuals.chunks_exact_mut(outputs).zip(&self.labels[from..to]) {
                    loss += loss_and_residuals(row, label as usize);
                    for (sum, residual) in sums[d * outputs..].iter_mut().zip(row) {
                        *sum += residual.wide();
                    }
                }
                self.records.add_moments(Moment::First, from..to, &residuals, &mut sums, &mut room);
            }
            (loss, sums)
        });
        let mut loss = 0.0;
        let mut gradient = vec![0.0; self.units.len()];
        for (part, sums) in parts {
            loss += part;
            gradient.iter_mut().zip(sums).for_each(|(entry, sum)| *entry += sum);
        }
        let (moments, totals) = gradient.split_at_mut(d * outputs);
        self.records.complete_moments(Moment::First, totals, moments);
        let mut gradient = Array1::from_vec(gradient);
        let scale = 1.0 / self.labels.len() as f64;
        let mut penalty = 0.0;
        for (((entry, &variable), &unit), &ridge) in
            gradient.iter_mut().zip(variables).zip(&self.units).zip(&self.ridges)
        {
            let pull = ridge * variable;
            penalty += 0.5 * pull * variable;
            *entry = *entry * scale * unit + pull;
        }
        (loss * scale + penalty, gradient)
    }
}

impl Objective<'_> {
    /// The second derivatives of the mean loss by each weight of scaled features and each intercept, where records have these
    /// scores.
    pub(super) fn curvatures<T: Real>(&self, scores: &Array2<T>) -> Vec<f64> {
        let (d, outputs) = (self.records.dim().1, self.outputs);
        let blocks_of_rows = Blocks::of(self);
        let parts = blocks_of_rows.runs(|blocks| {
            let mut sums = vec![0.0; (d + 1) * outputs];
            let mut room = self.records.room(outputs);
            for (from, to) in blocks {
                let mut spreads = rows(scores, from, to).to_vec();
                for (row, &label) in spreads.chunks_exact_mut(outputs).zip(&self.labels[from..to]) {
                    loss_and_residuals(row, label as usize);
                    for (spread, sum) in row.iter_mut().zip(&mut sums[d * outputs..]) {
                        // p (1 - p), of the own class as of the others.
                        *spread = spread.abs() * (T::one() - spread.abs());
                        *sum += spread.wide();
                    }
                }
                self.records.add_moments(Moment::Second, from..to, &spreads, &mut sums, &mut room);
            }
            sums
        });
        let mut curvatures = vec![0.0; (d + 1) * outputs];
        for sums in parts {
            curvatures.iter_mut().zip(sums).for_each(|(entry, sum)| *entry += sum);
        }
        let (moments, totals) = curvatures.split_at_mut(d * outputs);
        self.records.complete_moments(Moment::Second, totals, moments);
        curvatures.iter_mut().for_each(|entry| *entry /= self.labels.len() as f64);
        curvatures
    }
}

/// Contiguous rows of an array in row order.
fn rows<T>(array: &Array2<T>, from: usize, to: usize) -> &[T] {
    let all = array.as_slice().expect("scores are kept in row order");
    &all[from * array.ncols()..to * array.ncols()]
}

/// Four sums side by side, always in the same order.
fn dot<T: Real>(a: &[T], b: &[T]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [T::zero(); 4];
    for (a, b) in a.iter().zip(b) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).fold(T::zero(), |sum, (&a, &b)| sum + a * b);
    (((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest).wide()
}
