//! Attacks without an attack model: `gap` and `confidence` on one target's vectors.
//!
//! `gap` claims in iff the predicted class is the record's own (Yeom et al., 2018): against a model that fits its training
//! set perfectly and has test accuracy t, precision is 1/(1 + t) and accuracy (2 - t)/2. `confidence` claims in iff p\[y\]
//! reaches the threshold of the best balanced accuracy on D* (Salem et al., 2019).

use ndarray::ArrayView2;
use turncoat_learn::{PredictionVectors, Seed, on_grid};

use super::AttackSet;
use crate::claim::MembershipClaim;
use crate::error::AttackError;
use crate::membership::confidence::best_threshold;
use crate::membership::gap::{Predicted, Ties};

/// In iff predicted right; score 1 for in, 0 for out. Records are of those classes. Where several classes share the largest
/// probability, `ties` says which is predicted; the coin is the record's own.
///
/// # Errors
/// [`AttackError::Targets`] when there are not as many vectors, or a class is none of the target's.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::Ties;
/// use turncoat_attack::lab::gap;
/// use turncoat_learn::{PredictionVectors, Seed};
///
/// let answers = PredictionVectors::new(array![[0.9, 0.1], [0.8, 0.2]])?;
/// let records = array![[5.0], [6.0]];
/// let claims = gap(records.view(), &answers, &[0, 1], Ties::Lowest, Seed::root(1))?;
/// assert!(claims[0].member && !claims[1].member);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gap(
    records: ArrayView2<'_, f32>,
    vectors: &PredictionVectors,
    labels: &[u32],
    ties: Ties,
    seed: Seed,
) -> Result<Vec<MembershipClaim>, AttackError> {
    check(vectors, labels)?;
    if records.nrows() != labels.len() {
        let (records, labels) = (records.nrows(), labels.len());
        return Err(AttackError::Targets(format!("{records} records came with {labels} labels")));
    }
    let judge = Predicted::new(ties, seed);
    let claim = |(row, &label): (usize, &u32)| {
        let member = judge.right(0, vectors.row(row), records.row(row), label);
        MembershipClaim { member, score: f64::from(u8::from(member)) }
    };
    Ok(labels.iter().enumerate().map(claim).collect())
}

/// In iff p\[y\] reaches the threshold that D* teaches; score p\[y\] on the grid on which probabilities are compared.
///
/// # Errors
/// As [`gap`].
///
/// ```
/// use ndarray::{Array2, array};
/// use turncoat_attack::lab::{Generation, ShadowData, confidence};
/// use turncoat_learn::{Learner, PredictionVectors, Seed};
///
/// // The adversary's records: labels without rhyme, which a tree can only learn by heart.
/// let records = Array2::from_shape_fn((200, 1), |(row, _)| row as f32);
/// let labels: Vec<u32> = (0..200).map(|row| (row * row / 7) % 2).collect();
/// let shadow = ShadowData { records, labels };
/// let tree = Learner::DecisionTree(Default::default());
/// let generation = Generation::new(vec![tree.clone()], 1).unwrap();
/// let set = generation.attack_set(&shadow, 2, Seed::root(1))?;
/// let answers = PredictionVectors::new(array![[1.0, 0.0], [0.0, 1.0]])?;
/// let claims = confidence(&set, &answers, &[0, 0])?;
/// assert!(claims[0].member && !claims[1].member);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn confidence(
    set: &AttackSet,
    vectors: &PredictionVectors,
    labels: &[u32],
) -> Result<Vec<MembershipClaim>, AttackError> {
    check(vectors, labels)?;
    let known = set.vectors();
    let scored =
        (0..set.len()).map(|row| (on_grid(known[(row, set.labels()[row] as usize)]), set.members()[row]));
    let threshold = best_threshold(scored.collect());
    let claim = |(row, &label): (usize, &u32)| {
        let score = on_grid(vectors.row(row)[label as usize]);
        MembershipClaim { member: score >= threshold, score }
    };
    Ok(labels.iter().enumerate().map(claim).collect())
}

/// Vectors and classes fit each other, so that one can be indexed by the other.
pub(super) fn check(vectors: &PredictionVectors, labels: &[u32]) -> Result<(), AttackError> {
    if vectors.len() != labels.len() {
        let (vectors, labels) = (vectors.len(), labels.len());
        return Err(AttackError::Targets(format!("{vectors} vectors came with {labels} labels")));
    }
    let classes = vectors.classes();
    match labels.iter().position(|&label| label as usize >= classes) {
        Some(row) => {
            let label = labels[row];
            Err(AttackError::Targets(format!(
                "record {row} has label {label}, but there are {classes} classes"
            )))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn both_by_hand() {
        let vectors = PredictionVectors::new(array![[0.7, 0.3], [0.4, 0.6], [0.5, 0.5]]).unwrap();
        let members = |claims: Vec<MembershipClaim>| claims.iter().map(|c| c.member).collect::<Vec<_>>();
        let records = array![[1.0], [2.0], [3.0]];
        let gap = |labels| gap(records.view(), &vectors, labels, Ties::Lowest, Seed::root(1)).unwrap();
        assert_eq!(members(gap(&[0, 0, 0])), [true, false, true]);
        let mut set = AttackSet::empty(2);
        let known =
            PredictionVectors::new(array![[0.9, 0.1], [0.55, 0.45], [0.45, 0.55], [0.1, 0.9]]).unwrap();
        // In: p[y] 0.9 and 0.55; out: 0.45 and 0.1.
        set.add(0, &known, [0, 0, 0, 0].into_iter(), 2);
        assert_eq!(members(confidence(&set, &vectors, &[0, 1, 1]).unwrap()), [true, true, false]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let vectors = PredictionVectors::new(array![[0.7, 0.3]]).unwrap();
        let records = array![[1.0]];
        let gap = |labels| gap(records.view(), &vectors, labels, Ties::Lowest, Seed::root(1));
        assert!(matches!(gap(&[0, 1]), Err(AttackError::Targets(_))));
        assert!(matches!(gap(&[2]), Err(AttackError::Targets(_))));
    }
}
