//! `entropy`: a record is in iff the answer is certain enough, whatever its class (Song and Mittal, 2021; Hu et al.'s survey, section 4.2).
//!
//! A model is surer of what it has seen. Score: the entropy of the vector with its sign changed, in nats, on the grid on which all
//! attacks compare probabilities; of several candidates' vectors the largest. Without any answer on a record there is no claim on it.

use turncoat_learn::{Seed, on_grid};

use crate::error::AttackError;
use crate::evidence::Evidence;
use crate::inference::{MembershipAttack, Needs, Scorer, Threshold};
use crate::shadow::{MOST_SHADOWS, Shadows};

/// Parameters of `entropy`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "entropy")]
#[serde(deny_unknown_fields, default)]
pub struct Entropy {
    /// How many shadow federations the threshold is learned on; of a single target, its generation says how many shadow models.
    #[schemars(range(min = 1, max = MOST_SHADOWS), extend("x-unit" = "federations"))]
    pub shadows: u32,
}

impl Default for Entropy {
    fn default() -> Self {
        Self { shadows: 10 }
    }
}

impl MembershipAttack for Entropy {
    fn name(&self) -> &'static str {
        "entropy"
    }

    fn needs(&self) -> Needs<'_> {
        Needs { shadows: Some(self.shadows), ..Needs::default() }
    }

    fn threshold(&self) -> Threshold {
        Threshold::Shadows
    }

    fn scorer(&self, _shadows: Option<&Shadows<'_>>, _seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        Ok(Box::new(Certainty))
    }
}

/// How sure the surest candidate is.
#[derive(Debug)]
struct Certainty;

impl Scorer for Certainty {
    fn scores(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<f64>>, AttackError> {
        let certainty = |vector: ndarray::ArrayView1<'_, f64>| {
            on_grid(vector.iter().filter(|&&p| p > 0.0).map(|&p| p * p.ln()).sum())
        };
        let score = |place| evidence.vectors().row(place).into_iter().map(certainty).reduce(f64::max);
        Ok((0..evidence.len()).map(score).collect())
    }
}
