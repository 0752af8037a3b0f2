//! What a membership attack sees of the candidates' models on a batch: their vectors, or one aggregate of them.

use ndarray::ArrayView1;
use turncoat_learn::{Answers, PartyId, PredictionVectors, on_grid, predicted_class};

use crate::observation::Observation;

/// The answers on a batch of records, real or shadow.
pub(crate) enum Sight<'a> {
    /// The mean of all parties, for who is shown that alone.
    Mean(&'a PredictionVectors),
    /// Another aggregate of several parties: the residual of a member that is shown the mean only, the mean of shadows.
    Aggregate(&'a Answers),
    /// What each candidate answered, in the order of the candidates.
    PerParty(Vec<&'a Answers>),
}

impl<'a> Sight<'a> {
    /// The sharpest that an observation shows of the candidates.
    pub(crate) fn of(observation: &'a Observation, candidates: &[PartyId]) -> Self {
        match observation.of_parties(candidates) {
            Some(answers) => Self::PerParty(answers),
            None => match observation {
                Observation::Residual { others, .. } => Self::Aggregate(others),
                _ => Self::Mean(observation.mean()),
            },
        }
    }

    /// The vectors of a record: the aggregate, or those of the candidates that answered. Empty where nothing was learnt.
    pub(crate) fn row(&self, record: usize) -> Vec<ArrayView1<'a, f64>> {
        match self {
            Self::Mean(vectors) => vec![vectors.row(record)],
            Self::Aggregate(answers) => answers.row(record).into_iter().collect(),
            Self::PerParty(answers) => answers.iter().filter_map(|answers| answers.row(record)).collect(),
        }
    }

    /// The classes that the vectors of a record predict.
    pub(crate) fn predicted_classes(&self, record: usize) -> impl Iterator<Item = usize> {
        self.row(record).into_iter().map(predicted_class)
    }

    /// The largest probability that a vector in sight gives the label, [`on_grid`].
    pub(crate) fn confidence(&self, record: usize, label: u32) -> Option<f64> {
        let values = self.row(record).into_iter().map(|vector| vector[label as usize]);
        values.reduce(f64::max).map(on_grid)
    }
}
