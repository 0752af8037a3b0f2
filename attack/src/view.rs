//! What an adversary has and sees: its knowledge, its targets, and the answers its place in the federation gets.
//!
//! An [`AdversaryView`] is all that a vantage may observe. The federation is reached through an [`Oracle`], which
//! answers exactly what the coordinator answers to this adversary's credentials; attacks never choose what they see.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use turncoat_learn::{Learner, LocalModel, PartyId, PredictionVectors, PredictionViolation, Seed, Shard};

use crate::error::AttackError;

/// Where the adversary stands (Truex et al., section 4.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vantage {
    /// A user of the service: sees the averaged vector.
    Outsider,
    /// A member: has a shard and a model of its own, and sees what the disclosure rule gives to members.
    Party(PartyId),
    /// The hub: sees every vector that passes through, holds no data.
    Aggregator,
}

/// The federation's answer to a batch of records, as one vantage sees it. All vectors are `[records, classes]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// The averaged vector p alone.
    Averaged {
        /// p.
        mean: PredictionVectors,
    },
    /// A member that is shown p only: it subtracts its own vector.
    Residual {
        /// p.
        mean: PredictionVectors,
        /// Its own vector.
        own: PredictionVectors,
        /// The mean of the other parties' vectors, (n * p - p_i) / (n - 1).
        others: PredictionVectors,
    },
    /// Every party's vector, the adversary's own among them when it is a member.
    PerParty {
        /// p.
        mean: PredictionVectors,
        /// p_1 to p_n.
        parties: BTreeMap<PartyId, PredictionVectors>,
    },
}

impl Observation {
    /// What a member of a federation of `n` parties learns about the others from p and its own vector.
    ///
    /// # Errors
    /// A [`PredictionViolation`] when p is not the mean of n vectors of which `own` is one.
    pub fn residual(
        mean: PredictionVectors,
        own: PredictionVectors,
        n: u32,
    ) -> Result<Self, PredictionViolation> {
        let (rows, classes) = (mean.len(), mean.classes());
        if own.view().dim() != (rows, classes) || n < 2 {
            let (got_rows, got_classes) = own.view().dim();
            return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes });
        }
        let n = f64::from(n);
        let mut others = (&mean.view() * n - own.view()) / (n - 1.0);
        // Rounding leaves the likes of -1e-17; anything worse is refused by the check below.
        others.mapv_inplace(|v| {
            if (-1e-9..0.0).contains(&v) {
                0.0
            } else if v > 1.0 && v < 1.0 + 1e-9 {
                1.0
            } else {
                v
            }
        });
        Ok(Self::Residual { others: PredictionVectors::new(others)?, mean, own })
    }

    /// p.
    #[must_use]
    pub fn mean(&self) -> &PredictionVectors {
        match self {
            Self::Averaged { mean } | Self::Residual { mean, .. } | Self::PerParty { mean, .. } => mean,
        }
    }

    /// The sharpest aggregate this vantage has of parties other than itself: the residual where there is one, else p.
    #[must_use]
    pub fn aggregate(&self) -> &PredictionVectors {
        match self {
            Self::Residual { others, .. } => others,
            Self::Averaged { mean } | Self::PerParty { mean, .. } => mean,
        }
    }

    /// Every batch of vectors in this observation.
    pub(crate) fn all(&self) -> Vec<&PredictionVectors> {
        match self {
            Self::Averaged { mean } => vec![mean],
            Self::Residual { mean, own, others } => vec![mean, own, others],
            Self::PerParty { mean, parties } => std::iter::once(mean).chain(parties.values()).collect(),
        }
    }

    /// The vectors of the given parties, in that order, if this vantage sees single vectors.
    #[must_use]
    pub fn of_parties(&self, parties: &[PartyId]) -> Option<Vec<&PredictionVectors>> {
        match self {
            Self::PerParty { parties: vectors, .. } => {
                parties.iter().map(|party| vectors.get(party)).collect()
            }
            Self::Averaged { .. } | Self::Residual { .. } => None,
        }
    }
}

/// Asks the federation with the adversary's own credentials.
pub trait Oracle: Send + Sync {
    /// The answer to records `[n, d]`.
    ///
    /// # Errors
    /// [`AttackError::Oracle`] when the federation refuses or fails.
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError>;
}

/// A member's own records and the model trained on them.
#[derive(Clone, Debug)]
pub struct OwnShard {
    /// Its records.
    pub shard: Shard,
    /// Its model in the federation.
    pub model: LocalModel,
}

/// What the adversary holds before it asks anything.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Where it stands.
    pub vantage: Vantage,
    /// Number of parties n of the federation.
    pub parties: u32,
    /// Number of classes.
    pub classes: usize,
    /// What the parties train: model type and parameters are taken as known.
    pub learner: Learner,
    /// A member's own shard and model.
    pub own: Option<OwnShard>,
    /// Records from the same population that were dealt to nobody and are no target.
    pub auxiliary: Option<Shard>,
    /// The key of all its random draws.
    pub seed: Seed,
}

/// The records in question. Membership and ownership are not among what is given.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Records, `[n, d]`.
    pub records: Array2<f32>,
    /// True labels, `[n]`.
    pub labels: Vec<u32>,
    /// Whose training data the question is about, in order.
    pub candidates: Vec<PartyId>,
}

/// The records an adversary may learn from, and the federation's answers to them.
#[derive(Clone, Debug)]
pub struct Probes {
    /// Records, `[n, d]`: its own shard first, then the auxiliary records.
    pub records: Array2<f32>,
    /// Labels, `[n]`.
    pub labels: Vec<u32>,
    /// How many of them, from the front, are its own shard (and so training data of its own model).
    pub own: usize,
    /// What the federation answered.
    pub observation: Observation,
}

/// All that one adversary has and sees when it is challenged.
pub struct AdversaryView<'a> {
    /// What it holds.
    pub knowledge: &'a Knowledge,
    /// What it is asked about.
    pub targets: &'a Targets,
    /// The federation's answers on the targets.
    pub observation: Observation,
    oracle: &'a dyn Oracle,
    probes: OnceCell<Probes>,
}

impl<'a> AdversaryView<'a> {
    /// Asks the federation about the targets.
    ///
    /// # Errors
    /// [`AttackError::Oracle`].
    pub fn new(
        knowledge: &'a Knowledge,
        targets: &'a Targets,
        oracle: &'a dyn Oracle,
    ) -> Result<Self, AttackError> {
        let observation = oracle.observe(targets.records.view())?;
        Ok(Self { knowledge, targets, observation, oracle, probes: OnceCell::new() })
    }

    /// The federation, for attacks that ask more.
    #[must_use]
    pub fn oracle(&self) -> &dyn Oracle {
        self.oracle
    }

    /// The adversary's own and auxiliary records with the federation's answers, asked once; `None` when it has none.
    ///
    /// # Errors
    /// [`AttackError::Oracle`].
    pub fn probes(&self) -> Result<Option<&Probes>, AttackError> {
        if let Some(probes) = self.probes.get() {
            return Ok(Some(probes));
        }
        let own = self.knowledge.own.as_ref().map(|own| &own.shard);
        let held: Vec<&Shard> = own.into_iter().chain(self.knowledge.auxiliary.as_ref()).collect();
        let labels: Vec<u32> = held.iter().flat_map(|shard| shard.labels().iter().copied()).collect();
        if labels.is_empty() {
            return Ok(None);
        }
        let parts: Vec<_> = held.iter().map(|shard| shard.records()).collect();
        let records = concatenate(Axis(0), &parts).map_err(|error| {
            AttackError::Oracle(format!("own and auxiliary records differ in width: {error}"))
        })?;
        let observation = self.oracle.observe(records.view())?;
        let own = own.map_or(0, Shard::len);
        Ok(Some(self.probes.get_or_init(|| Probes { records, labels, own, observation })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn vectors(values: Array2<f64>) -> PredictionVectors {
        PredictionVectors::new(values).unwrap()
    }

    #[test]
    fn subtraction_recovers_the_others_mean() {
        let (first, second, own) =
            (vectors(array![[1.0, 0.0]]), vectors(array![[0.25, 0.75]]), vectors(array![[0.5, 0.5]]));
        let mean = PredictionVectors::mean(&[&first, &second, &own]).unwrap();
        let expected = PredictionVectors::mean(&[&first, &second]).unwrap();
        let Observation::Residual { others, .. } = Observation::residual(mean, own, 3).unwrap() else {
            panic!()
        };
        assert!(others.view().iter().zip(expected.view()).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn a_mean_that_own_is_no_part_of_is_refused() {
        let refused = Observation::residual(vectors(array![[0.9, 0.1]]), vectors(array![[0.0, 1.0]]), 3);
        assert!(refused.is_err());
    }
}
