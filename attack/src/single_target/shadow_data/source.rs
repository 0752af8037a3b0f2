//! Where records come from: a distribution to draw from, one record at a time, or real copies.

use ndarray::{Array2, Axis};
use rand::RngExt;
use rand::seq::index;
use rayon::prelude::*;
use turncoat_learn::Seed;
use turncoat_learn::seed::Stream;

use super::chow_liu::ChowLiu;
use super::data::Draft;
use super::params::Dependence;
use crate::error::AttackError;
use crate::single_target::knowledge::Known;

/// A source of records.
pub(super) enum Source<'k> {
    /// Structure alone: every feature uniform in [0, 1), every class as likely.
    Uniform(&'k Known),
    /// Every feature from its own distribution, the class from the class shares, all independent.
    Independent(&'k Known),
    /// Features and class by a tree of pairwise dependence.
    Pairwise(ChowLiu<'k>),
    /// Real copies.
    Copies(&'k Known),
}

impl<'k> Source<'k> {
    /// Draws from statistics, or from structure where there are none.
    pub(super) fn statistics(known: &'k Known, dependence: Dependence, seed: Seed) -> Self {
        match dependence {
            _ if known.labels.is_empty() => Self::Uniform(known),
            Dependence::Independent => Self::Independent(known),
            Dependence::Pairwise => Self::Pairwise(ChowLiu::of(known, seed)),
        }
    }

    fn known(&self) -> &'k Known {
        match self {
            Self::Uniform(known) | Self::Independent(known) | Self::Copies(known) => known,
            Self::Pairwise(tree) => tree.known(),
        }
    }

    /// That many records. Copies: none twice; others: independent draws, of which the i-th depends on the seed and i alone.
    ///
    /// # Errors
    /// [`AttackError::Shadow`] when there are fewer copies.
    pub(super) fn draft(&self, count: usize, seed: Seed) -> Result<Draft, AttackError> {
        let known = self.known();
        if let Self::Copies(known) = self {
            let there = known.labels.len();
            if count > there {
                return Err(AttackError::Shadow {
                    step: "same_distribution",
                    reason: format!("{count} records are needed and the adversary's knowledge holds {there}"),
                    mend: "ask fewer `records`, give the adversary more, or add a step `region`".into(),
                });
            }
            let rows = index::sample(&mut seed.stream("copies"), there, count).into_vec();
            let labels = rows.iter().map(|&row| known.labels[row]).collect();
            return Ok(Draft::unanswered(known.records.select(Axis(0), &rows), labels));
        }
        let features = known.features();
        let (mut records, mut labels) = (Array2::zeros((count, features)), vec![0; count]);
        records.axis_iter_mut(Axis(0)).into_par_iter().zip(&mut labels).enumerate().for_each(
            |(row, (mut record, label))| {
                let mut stream = seed.child("draw", row as u64).stream("record");
                let record = record.as_slice_mut().expect("a row of a fresh array is contiguous");
                *label = self.draw(record, &mut stream);
            },
        );
        Ok(Draft::unanswered(records, labels))
    }

    /// Draws a record and returns its label. Copies are drawn with replacement.
    pub(super) fn draw(&self, record: &mut [f32], stream: &mut Stream) -> u32 {
        match self {
            Self::Uniform(known) => {
                record.iter_mut().for_each(|value| *value = stream.random());
                stream.random_range(0..known.classes as u32)
            }
            Self::Independent(known) => {
                for (feature, value) in record.iter_mut().enumerate() {
                    *value = known.records[(any_row(known, stream), feature)];
                }
                known.labels[any_row(known, stream)]
            }
            Self::Pairwise(tree) => tree.draw(record, stream),
            Self::Copies(known) => {
                let row = any_row(known, stream);
                for (value, &known) in record.iter_mut().zip(known.records.row(row)) {
                    *value = known;
                }
                known.labels[row]
            }
        }
    }

    /// Draws the given features of a record anew. Sources with dependence draw a whole record and hand over those features.
    pub(super) fn redraw(&self, record: &mut [f32], features: &[usize], stream: &mut Stream) {
        match self {
            Self::Uniform(_) => features.iter().for_each(|&feature| record[feature] = stream.random()),
            Self::Independent(known) => {
                for &feature in features {
                    record[feature] = known.records[(any_row(known, stream), feature)];
                }
            }
            Self::Pairwise(_) | Self::Copies(_) => {
                let mut other = vec![0.0; record.len()];
                self.draw(&mut other, stream);
                features.iter().for_each(|&feature| record[feature] = other[feature]);
            }
        }
    }
}

/// A row of known records, each as likely.
fn any_row(known: &Known, stream: &mut Stream) -> usize {
    stream.random_range(0..known.labels.len() as u32) as usize
}
