//! The federation's answer to a batch of records, as one vantage sees it, and what a member works out from it.

use std::collections::BTreeMap;

use ndarray::Axis;
use turncoat_learn::{Answers, PartyId, PredictionVectors, PredictionViolation};

/// The federation's answer to a batch of records, as one vantage sees it. All vectors are `[records, classes]`. What was not
/// answered has no vector.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::{Averaged, Observation};
/// use turncoat_learn::PredictionVectors;
///
/// // A member of two parties subtracts itself from the average: 2 * 0.75 - 0.5 = 1.
/// let mean = PredictionVectors::new(array![[0.75, 0.25]])?;
/// let own = PredictionVectors::new(array![[0.5, 0.5]])?;
/// let observation = Observation::residual(mean.clone(), own.clone(), 2)?;
/// let Observation::Residual { others, .. } = &observation else { unreachable!() };
/// assert_eq!(others.row(0).map(|vector| vector.to_vec()), Some(vec![1.0, 0.0]));
///
/// // An average that it is not in tells of the others as it stands.
/// let without = [Averaged { parties: 1, own: false }];
/// let Observation::Residual { others, .. } = Observation::residual_of(mean.clone(), own, &without)? else { unreachable!() };
/// assert_eq!(others, mean.into());
/// # Ok::<(), turncoat_learn::PredictionViolation>(())
/// ```
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
        /// The mean of the other parties' vectors, (n * p - p_i) / (n - 1); none where p is its own vector alone.
        others: Answers,
    },
    /// Every party's vector, the adversary's own among them when it is a member.
    PerParty {
        /// p.
        mean: PredictionVectors,
        /// p_1 to p_n, of those that answered.
        parties: BTreeMap<PartyId, Answers>,
    },
}

/// Whose vectors p is the mean of, for one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Averaged {
    /// How many parties answered, at least 1.
    pub parties: u32,
    /// Whether the member itself is one of them.
    pub own: bool,
}

impl Observation {
    /// What a member of a federation of `n` parties that all answered learns about the others from p and its own vector.
    ///
    /// # Errors
    /// A [`PredictionViolation`] when p is not the mean of n vectors of which `own` is one.
    pub fn residual(
        mean: PredictionVectors,
        own: PredictionVectors,
        n: u32,
    ) -> Result<Self, PredictionViolation> {
        if n < 2 {
            let (rows, classes) = mean.view().dim();
            let (got_rows, got_classes) = own.view().dim();
            return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes });
        }
        let averaged = vec![Averaged { parties: n, own: true }; mean.len()];
        Self::residual_of(mean, own, &averaged)
    }

    /// What a member learns about the others from p and its own vector, where not every party answered every record. With m
    /// parties averaged in a record, the others' mean is (m * p - p_i) / (m - 1) when the member's own vector p_i is one of
    /// them, and p when it is not; of a p that is its own vector alone nothing is learnt.
    ///
    /// # Errors
    /// A [`PredictionViolation`] when p is not such a mean, or there is not one entry of `averaged` a record.
    pub fn residual_of(
        mean: PredictionVectors,
        own: PredictionVectors,
        averaged: &[Averaged],
    ) -> Result<Self, PredictionViolation> {
        let (rows, classes) = mean.view().dim();
        let (got_rows, got_classes) = own.view().dim();
        if (got_rows, got_classes) != (rows, classes) || averaged.len() != rows {
            return Err(PredictionViolation::Shape { rows, classes, got_rows, got_classes });
        }
        let learnt = |&row: &usize| !matches!(averaged[row], Averaged { parties: 0 | 1, own: true });
        let rows: Vec<usize> = (0..rows).filter(learnt).collect();
        let mut others = mean.view().select(Axis(0), &rows);
        for (mut row, &place) in others.rows_mut().into_iter().zip(&rows) {
            let Averaged { parties, own: among } = averaged[place];
            if among {
                let m = f64::from(parties);
                row.zip_mut_with(&own.row(place), |p, own| *p = (*p * m - own) / (m - 1.0));
            }
        }
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
        let mut places = vec![None; mean.len()];
        rows.iter().enumerate().for_each(|(place, &row)| places[row] = Some(place));
        let others = Answers::of_rows(PredictionVectors::new(others)?, &places)?;
        Ok(Self::Residual { others, mean, own })
    }

    /// p.
    #[must_use]
    pub fn mean(&self) -> &PredictionVectors {
        match self {
            Self::Averaged { mean } | Self::Residual { mean, .. } | Self::PerParty { mean, .. } => mean,
        }
    }

    /// The shape of every batch of vectors in this observation.
    pub(crate) fn shapes(&self) -> Vec<(usize, usize)> {
        let of = |answers: &Answers| (answers.len(), answers.classes());
        let mean = std::iter::once(self.mean().view().dim());
        match self {
            Self::Averaged { .. } => mean.collect(),
            Self::Residual { own, others, .. } => mean.chain([own.view().dim(), of(others)]).collect(),
            Self::PerParty { parties, .. } => mean.chain(parties.values().map(of)).collect(),
        }
    }

    /// What the given parties answered, in that order, if this vantage sees single vectors.
    #[must_use]
    pub fn of_parties(&self, parties: &[PartyId]) -> Option<Vec<&Answers>> {
        match self {
            Self::PerParty { parties: answers, .. } => {
                parties.iter().map(|party| answers.get(party)).collect()
            }
            Self::Averaged { .. } | Self::Residual { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

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
        let others = others.complete().unwrap();
        assert!(others.view().iter().zip(expected.view()).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn who_was_averaged_decides_what_is_left_when_the_own_vector_is_taken_out() {
        // Own (1/2, 1/2) throughout. Row 0: with (1, 0) and (0, 1) of the others. Row 1: with (1, 0) only. Row 2: without
        // the own one, (1, 0) and (1/2, 1/2). Row 3: the own one alone.
        let mean = vectors(array![[0.5, 0.5], [0.75, 0.25], [0.75, 0.25], [0.5, 0.5]]);
        let own = vectors(array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]);
        let averaged = [(3, true), (2, true), (2, false), (1, true)];
        let averaged = averaged.map(|(parties, own)| Averaged { parties, own });
        let observation = Observation::residual_of(mean.clone(), own.clone(), &averaged).unwrap();
        let Observation::Residual { others, .. } = &observation else { panic!() };
        let learnt = |row: usize| others.row(row).map(|vector| vector.to_vec());
        assert_eq!((learnt(0), learnt(1)), (Some(vec![0.5, 0.5]), Some(vec![1.0, 0.0])));
        // Of an average that is its own vector alone nothing is learnt.
        assert_eq!((learnt(2), learnt(3)), (Some(vec![0.75, 0.25]), None));
        // Taking row 1 for a mean of three would have it at (7/8, 1/8), nearer to what it is not.
        assert!(Observation::residual_of(mean.clone(), own.clone(), &averaged[1..]).is_err());
        let all = vec![Averaged { parties: 3, own: true }; 4];
        assert_eq!(
            Observation::residual(mean.clone(), own.clone(), 3).unwrap(),
            Observation::residual_of(mean, own, &all).unwrap()
        );
    }

    #[test]
    fn a_mean_that_own_is_no_part_of_is_refused() {
        let refused = Observation::residual(vectors(array![[0.9, 0.1]]), vectors(array![[0.0, 1.0]]), 3);
        assert!(refused.is_err());
    }
}
