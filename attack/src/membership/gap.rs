//! `gap`: a record is in iff it is predicted right.
//!
//! Prediction correctness (Yeom et al., 2018), the weakest attack: what it gains is the gap between training and test
//! accuracy. On a model that fits its training set perfectly and has test accuracy t, with as many members as
//! non-members, precision is 1/(1 + t) and accuracy (2 - t)/2.
//!
//! An outsider judges by the predicted class of p (a member that is shown p only: of the residual); an insider claims
//! in iff any candidate's own predicted class is the true label. The predicted class is that of the largest probability; among
//! equals, which an average of few parties has many of, the lowest class or a fair coin ([`Ties`]). Score: 1 for in, 0 for
//! out, so that every record ties with half of the others.
//!
//! Of several candidates those that answered count. Without any answer on a record there is no claim on it.

use ndarray::ArrayView1;
use turncoat_learn::{Seed, predicted_classes};

use crate::claim::{Claims, MembershipClaim, Question};
use crate::coin::Coin;
use crate::error::AttackError;
use crate::inference::Inference;
use crate::membership::sight::Sight;
use crate::view::AdversaryView;

/// Which class is predicted where several share the largest probability (equal on the grid of [`turncoat_learn::on_grid`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// The lowest, as the service itself would say.
    #[default]
    Lowest,
    /// Each as likely as the other, by a coin of the record's own.
    Coin,
}

/// The class that a vector predicts of a record, as one adversary reads it.
pub(crate) struct Predicted {
    ties: Ties,
    seed: Seed,
}

impl Predicted {
    /// With the seed of the adversary.
    pub(crate) fn new(ties: Ties, seed: Seed) -> Self {
        Self { ties, seed }
    }

    /// Whether a vector, one of several on the record, predicts the label. Each vector has a coin of its own.
    pub(crate) fn right(
        &self,
        place: usize,
        vector: ArrayView1<'_, f64>,
        record: ArrayView1<'_, f32>,
        label: u32,
    ) -> bool {
        let tied = predicted_classes(vector);
        let class = match self.ties {
            Ties::Lowest => tied.first().copied(),
            Ties::Coin => {
                Coin::new(self.seed.child("vector", place as u64), "gap").pick(record, label, &tied)
            }
        };
        class == Some(label as usize)
    }
}

/// Parameters of `gap`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Which class is predicted where several share the largest probability.
    #[serde(default)]
    pub ties: Ties,
}

impl Inference for Gap {
    fn question(&self) -> Question {
        Question::Membership
    }

    fn claims(&self, view: &AdversaryView<'_>) -> Result<Claims, AttackError> {
        claim(view, self.ties).map(Claims::Membership)
    }
}

/// Claims in or out for every target that was answered.
///
/// # Errors
/// What the federation refuses.
fn claim(view: &AdversaryView<'_>, ties: Ties) -> Result<Vec<Option<MembershipClaim>>, AttackError> {
    let targets = view.targets;
    let sight = Sight::of(view.observation()?, &targets.candidates);
    let judge = Predicted::new(ties, view.knowledge.seed);
    let claim = |(row, &label): (usize, &u32)| {
        let right = |(place, vector)| judge.right(place, vector, targets.records.row(row), label);
        let member = sight.row(row).into_iter().enumerate().map(right).reduce(|a, b| a || b)?;
        Some(MembershipClaim { member, score: f64::from(u8::from(member)) })
    };
    Ok(targets.labels.iter().enumerate().map(claim).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn rounding_decides_no_tie_and_a_coin_is_fair() {
        // Equal but for the last bits: by the lowest class rule it is class 0, whatever rounding says.
        let vector = array![0.5 - 1e-16, 0.5 + 1e-16];
        assert!(vector[0] < vector[1]);
        let lowest = Predicted::new(Ties::Lowest, Seed::root(1));
        let record = array![1.0];
        assert!(lowest.right(0, vector.view(), record.view(), 0));
        assert!(!lowest.right(0, vector.view(), record.view(), 1));
        // Over 4,000 records a fair coin is off by four deviations at 126, for either label.
        let coin = Predicted::new(Ties::Coin, Seed::root(1));
        for label in [0, 1] {
            let of = |number: &i32| coin.right(0, vector.view(), array![*number as f32].view(), label);
            let right = (0..4_000).filter(of).count();
            assert!(right.abs_diff(2_000) < 126, "{right}");
        }
        // What is not tied is not left to it, and an equal record has an equal coin.
        let sure = array![0.4, 0.6];
        let same = |_| coin.right(0, vector.view(), record.view(), 0);
        assert!((0..50).all(|n| coin.right(0, sure.view(), array![n as f32].view(), 1)));
        assert!((0..50).map(same).all(|side| side == same(0)));
    }
}
