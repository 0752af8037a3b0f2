//! The guide's example of an attack of one's own, as its page shows it (docs/src/extending.md), on a federation whose right answer is
//! known by construction.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// ANCHOR: attack
use ndarray::{Axis, Slice};
use turncoat_attack::{AdversaryView, AttackError, MembershipClaim};
use turncoat_learn::PredictionVectors;

/// Membership by entropy: a model is surer of what it has seen. In if the answer is less uncertain than half of the answers to
/// records that the adversary knows are out; the score is the entropy with its sign changed, in nats.
fn entropy(view: &AdversaryView<'_>) -> Result<Vec<MembershipClaim>, AttackError> {
    let probes = view.probes()?.ok_or_else(|| AttackError::TooFewRecords {
        attack: "entropy",
        needs: "a record that is known to be out".into(),
        has: "none".into(),
    })?;
    // Its own shard is training data: what follows it is not.
    let outside = view.observe(probes.records.slice_axis(Axis(0), Slice::from(probes.own..)))?;
    let mut outside = scores(outside.mean());
    outside.sort_by(f64::total_cmp);
    let threshold = outside.get(outside.len() / 2).copied().unwrap_or(f64::INFINITY);
    let claim = |score| MembershipClaim { member: score > threshold, score };
    Ok(scores(view.observation()?.mean()).into_iter().map(claim).collect())
}

/// The sum of p ln p of each answer.
fn scores(answers: &PredictionVectors) -> Vec<f64> {
    let of_row = |row| answers.row(row).iter().map(|&p| if p > 0.0 { p * p.ln() } else { 0.0 }).sum();
    (0..answers.len()).map(of_row).collect()
}
// ANCHOR_END: attack

// ANCHOR: attack_test
use ndarray::{Array2, ArrayView2};
use turncoat_attack::{Knowledge, Observation, Oracle, Targets, Vantage};
use turncoat_learn::{Learner, PartyId, Seed, Shard};

/// A federation that is certain of records below 10, which it was trained on, and of nothing else.
struct Certain;

impl Oracle for Certain {
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
        let answer = |(row, class): (usize, usize)| match (records[(row, 0)] < 10.0, class) {
            (true, 0) => 1.0,
            (true, _) => 0.0,
            (false, _) => 0.5,
        };
        let mean = PredictionVectors::new(Array2::from_shape_fn((records.nrows(), 2), answer))?;
        Ok(Observation::Averaged { mean })
    }
}

#[test]
fn members_are_told_from_others_by_certainty() {
    let auxiliary = Shard::new(ndarray::array![[20.0], [21.0], [22.0]], vec![0, 1, 0]).unwrap();
    let knowledge = Knowledge {
        vantage: Vantage::Outsider,
        parties: 1,
        classes: 2,
        learner: Learner::DecisionTree(Default::default()),
        own: None,
        auxiliary: Some(auxiliary),
        seed: Seed::root(1),
    };
    let targets = Targets {
        records: ndarray::array![[1.0], [30.0], [2.0]],
        labels: vec![0, 0, 0],
        candidates: PartyId::first(1).collect(),
    };
    let view = AdversaryView::new(&knowledge, &targets, &Certain).unwrap();
    let claims: Vec<bool> = entropy(&view).unwrap().iter().map(|claim| claim.member).collect();
    assert_eq!(claims, [true, false, true]);
}
// ANCHOR_END: attack_test
