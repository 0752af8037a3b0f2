//! `confidence`: a record is in iff the true label's probability reaches a threshold.
//!
//! Confidence thresholding (Salem et al., 2019; Hu et al.'s survey, section 3.2), the threshold learned where the
//! adversary knows the truth: on shadows of its own.
//!
//! Score: p\[y\] for an outsider, of the residual for a member that is shown p only, and the largest p_j\[y\] of the
//! candidates for an insider, on the grid on which all attacks compare probabilities ([`turncoat_learn::on_grid`]).
//!
//! Of several candidates those that answered count. Without any answer on a record there is no claim on it.

use turncoat_learn::Seed;

use crate::error::AttackError;
use crate::evidence::Evidence;
use crate::inference::{MembershipAttack, Needs, Scorer, Threshold};
use crate::shadow::{MOST_SHADOWS, Shadows};

/// Parameters of `confidence`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "confidence")]
#[serde(deny_unknown_fields, default)]
pub struct Confidence {
    /// How many shadow federations the threshold is learned on; of a single target, its generation says how many shadow models.
    // Ten is what it was before there was a choice: it is not written.
    #[serde(skip_serializing_if = "is_ten")]
    #[schemars(range(min = 1, max = MOST_SHADOWS), extend("default" = 10, "x-unit" = "federations"))]
    pub shadows: u32,
}

fn is_ten(shadows: &u32) -> bool {
    *shadows == 10
}

impl Default for Confidence {
    fn default() -> Self {
        Self { shadows: 10 }
    }
}

impl MembershipAttack for Confidence {
    fn name(&self) -> &'static str {
        "confidence"
    }

    fn needs(&self) -> Needs<'_> {
        Needs { shadows: Some(self.shadows), ..Needs::default() }
    }

    fn threshold(&self) -> Threshold {
        Threshold::Shadows
    }

    fn scorer(&self, _shadows: Option<&Shadows<'_>>, _seed: Seed) -> Result<Box<dyn Scorer>, AttackError> {
        Ok(Box::new(OwnProbability))
    }
}

/// The largest probability that a candidate gives the record's class.
#[derive(Debug)]
struct OwnProbability;

impl Scorer for OwnProbability {
    fn scores(&self, evidence: &Evidence<'_>) -> Result<Vec<Option<f64>>, AttackError> {
        let score = |place| evidence.vectors().confidence(place, evidence.label(place));
        Ok((0..evidence.len()).map(score).collect())
    }
}
