//! The guide's example of an attack, `entropy`, as its page shows it (docs/src/extending.md), on a federation whose right answer is
//! known by construction.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// ANCHOR: attack_test
use ndarray::{Array2, ArrayView2};
use turncoat_attack::{
    AdversaryView, Attack, AttackError, Claims, Entropy, Knowledge, Observation, Oracle, Targets, Vantage,
};
use turncoat_learn::{Learner, PartyId, PredictionVectors, Seed, Shard};

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
    // What its shadows are made of: two records to train on, two to test. Trees are certain of all of them.
    let auxiliary = Shard::new(ndarray::array![[20.0], [21.0], [22.0], [23.0]], vec![0, 1, 0, 1]).unwrap();
    let knowledge = Knowledge {
        vantage: Vantage::Outsider,
        parties: 1,
        classes: 2,
        learner: Learner::DecisionTree(Default::default()),
        release: Vec::new(),
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
    let Claims::Membership(claims) = Attack::Entropy(Entropy::default()).run(&view).unwrap() else {
        panic!()
    };
    let claims: Vec<bool> = claims.iter().flatten().map(|claim| claim.member).collect();
    assert_eq!(claims, [true, false, true]);
}
// ANCHOR_END: attack_test
