//! What a membership attack sees of the candidates' models on a batch: their vectors, or one aggregate of them.

use turncoat_learn::{PartyId, PredictionVectors};

use crate::view::Observation;

/// The answers on a batch of records, real or shadow.
pub(crate) enum Sight<'a> {
    /// The sharpest aggregate that the vantage has: p, or the residual of a member that is shown p only.
    Aggregate(&'a PredictionVectors),
    /// Each candidate's vectors, in the order of the candidates.
    PerParty(Vec<&'a PredictionVectors>),
}

impl<'a> Sight<'a> {
    /// What an observation shows of the candidates.
    pub(crate) fn of(observation: &'a Observation, candidates: &[PartyId]) -> Self {
        match observation.of_parties(candidates) {
            Some(vectors) => Self::PerParty(vectors),
            None => Self::Aggregate(observation.aggregate()),
        }
    }

    /// The batches in sight.
    pub(crate) fn batches(&self) -> &[&'a PredictionVectors] {
        match self {
            Self::Aggregate(vectors) => std::slice::from_ref(vectors),
            Self::PerParty(vectors) => vectors,
        }
    }

    /// The largest probability that a batch in sight gives the label, on [`grid`].
    pub(crate) fn confidence(&self, row: usize, label: u32) -> f64 {
        let values = self.batches().iter().map(|batch| batch.row(row)[label as usize]);
        grid(values.fold(0.0, f64::max))
    }
}

/// A probability rounded to nine decimals: a residual carries the rounding of its subtraction, and a tie (or a
/// threshold met exactly) must not be decided by it.
pub(crate) fn grid(probability: f64) -> f64 {
    (probability * 1e9).round() / 1e9
}
