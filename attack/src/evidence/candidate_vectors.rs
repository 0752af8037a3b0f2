//! What is seen of the candidates' models on a batch of records: their vectors, or one aggregate of them.

use ndarray::ArrayView1;
use turncoat_learn::{Answers, PartyId, PredictionVectors, on_grid};

use super::Observation;

/// The answers to a batch of records, of the target or of a shadow.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::{CandidateVectors, Observation};
/// use turncoat_learn::{PartyId, PredictionVectors};
///
/// let mean = PredictionVectors::new(array![[0.75, 0.25]])?;
/// let parties: Vec<PartyId> = PartyId::first(2).collect();
/// let observation = Observation::Averaged { mean };
/// let seen = CandidateVectors::of(&observation, &parties);
/// assert_eq!((seen.candidates(), seen.confidence(0, 1)), (1, Some(0.25)));
/// // Shadows of it are federations of as many parties that answer with their mean.
/// assert!(!seen.imitated(2).per_party);
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
#[derive(Clone, Debug)]
pub enum CandidateVectors<'a> {
    /// The mean of all parties, for who is shown that alone.
    Mean(&'a PredictionVectors),
    /// Another aggregate of several parties: the residual of a member that is shown the mean only, the mean of shadows.
    Aggregate(&'a Answers),
    /// What each candidate answered, in the order of the candidates.
    PerParty(Vec<&'a Answers>),
}

/// Whose answers shadows imitate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imitated {
    /// How many parties, at least one.
    pub parties: usize,
    /// Whether each answers by itself, or all as their mean.
    pub per_party: bool,
}

impl Imitated {
    /// A single model.
    pub const MODEL: Self = Self { parties: 1, per_party: false };
}

impl<'a> CandidateVectors<'a> {
    /// The sharpest that an observation shows of the candidates: their own vectors, or else the residual of a member, or else the mean.
    #[must_use]
    pub fn of(observation: &'a Observation, candidates: &[PartyId]) -> Self {
        match observation.of_parties(candidates) {
            Some(answers) => Self::PerParty(answers),
            None => match observation {
                Observation::Residual { others, .. } => Self::Aggregate(others),
                _ => Self::Mean(observation.mean()),
            },
        }
    }

    /// The vectors of a record: the aggregate, or those of the candidates that answered. Empty where nothing was learnt.
    #[must_use]
    pub fn row(&self, record: usize) -> Vec<ArrayView1<'a, f64>> {
        match self {
            Self::Mean(vectors) => vec![vectors.row(record)],
            Self::Aggregate(answers) => answers.row(record).into_iter().collect(),
            Self::PerParty(answers) => answers.iter().filter_map(|answers| answers.row(record)).collect(),
        }
    }

    /// How many vectors a record has where every candidate answers it.
    #[must_use]
    pub fn candidates(&self) -> usize {
        match self {
            Self::Mean(_) | Self::Aggregate(_) => 1,
            Self::PerParty(answers) => answers.len(),
        }
    }

    /// What shadows are to imitate in a federation of that many parties: each candidate, or all whose aggregate is seen.
    #[must_use]
    pub fn imitated(&self, parties: usize) -> Imitated {
        let (parties, per_party) = match self {
            Self::PerParty(answers) => (answers.len(), true),
            Self::Aggregate(_) => (parties.saturating_sub(1).max(1), false),
            Self::Mean(_) => (parties.max(1), false),
        };
        Imitated { parties, per_party }
    }

    /// The largest probability that a vector gives the label, [`on_grid`].
    #[must_use]
    pub fn confidence(&self, record: usize, label: u32) -> Option<f64> {
        let values = self.row(record).into_iter().map(|vector| vector[label as usize]);
        values.reduce(f64::max).map(on_grid)
    }
}
