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

use crate::error::AttackError;
use crate::evidence::Evidence;
use crate::inference::{MembershipAttack, Scorer, Threshold};
use crate::shadow::Shadows;
use crate::tie_breaker::TieBreaker;

/// Which class is predicted where several share the largest probability. Probabilities are equal here, and in every other
/// attack, that are the same multiple of 2^-30, about 1e-9.
///
/// That grid is [`turncoat_learn::on_grid`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "attack_ties")]
pub enum Ties {
    /// The lowest, as the service itself would say.
    #[default]
    Lowest,
    /// Each as likely as the other, by a coin of the record's own.
    Coin,
}

/// Parameters of `gap`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "gap")]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Which class is predicted where several share the largest probability. Probabilities are equal here, and in every other
    /// attack, that are the same multiple of 2^-30, about 1e-9.
    // The lowest class is what it was before there was a choice: it is not written.
    #[serde(default, skip_serializing_if = "Ties::is_lowest")]
    #[schemars(extend("default" = Ties::Lowest))]
    pub ties: Ties,
}

impl Ties {
    fn is_lowest(&self) -> bool {
        *self == Self::Lowest
    }
}

impl MembershipAttack for Gap {
    fn name(&self) -> &'static str {
        "gap"
    }

    fn threshold(&self) -> Threshold {
        Threshold::Fixed(0.5)
    }

    fn scorer(&self, _shadows: Option<&Shadows<'_>>, _seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        Ok(Box::new(self.clone()))
    }
}

impl Scorer for Gap {
    fn scores(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<f64>>, AttackError> {
        let score = |place| {
            let vectors = evidence.vectors().row(place).into_iter().enumerate();
            let right = |(candidate, vector)| {
                self.is_right(
                    evidence.seed(),
                    candidate,
                    vector,
                    evidence.record(place),
                    evidence.label(place),
                )
            };
            vectors.map(right).reduce(|a, b| a || b).map(|member| f64::from(u8::from(member)))
        };
        Ok((0..evidence.len()).map(score).collect())
    }
}

impl Gap {
    /// Whether a vector, one of several on the record, predicts the label. Each vector has a coin of its own.
    fn is_right(
        &self,
        seed: Seed,
        candidate: usize,
        vector: ArrayView1<'_, f64>,
        record: ArrayView1<'_, f32>,
        label: u32,
    ) -> bool {
        let tied = predicted_classes(vector);
        let class = match self.ties {
            Ties::Lowest => tied.first().copied(),
            Ties::Coin => {
                TieBreaker::new(seed.child("vector", candidate as u64), "gap").pick(record, label, &tied)
            }
        };
        class == Some(label as usize)
    }
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
        let right = |ties, vector: &ndarray::Array1<f64>, number: i32, label| {
            Gap { ties }.is_right(Seed::root(1), 0, vector.view(), array![number as f32].view(), label)
        };
        assert!(right(Ties::Lowest, &vector, 1, 0));
        assert!(!right(Ties::Lowest, &vector, 1, 1));
        // Over 4,000 records a fair coin is off by four deviations at 126, for either label.
        for label in [0, 1] {
            let heads = (0..4_000).filter(|&number| right(Ties::Coin, &vector, number, label)).count();
            assert!(heads.abs_diff(2_000) < 126, "{heads}");
        }
        // What is not tied is not left to it, and an equal record has an equal coin.
        let sure = array![0.4, 0.6];
        let same = |_| right(Ties::Coin, &vector, 1, 0);
        assert!((0..50).all(|number| right(Ties::Coin, &sure, number, 1)));
        assert!((0..50).map(same).all(|side| side == same(0)));
    }
}
