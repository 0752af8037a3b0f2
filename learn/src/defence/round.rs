//! `round`: probabilities are rounded (Shokri et al., 2017, section VIII).

use ndarray::ArrayViewMut1;

use super::VectorDefence;
use crate::learner::LearnerError;
use crate::seed::Seed;

/// Most digits: more change nothing in 64 bits.
const MOST_DIGITS: u32 = 15;

/// Every probability is rounded to some digits behind the point, halves up, and the vector divided by its sum; where all are rounded to
/// zero, every class is as likely.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "round", extend("x-source" = "Shokri et al., 2017"))]
pub struct Round {
    /// Digits behind the point.
    #[schemars(range(min = 0, max = MOST_DIGITS), extend("x-unit" = "digits", "examples" = [1]))]
    pub digits: u32,
}

impl VectorDefence for Round {
    fn apply(&self, mut vector: ArrayViewMut1<'_, f64>, _draw: &dyn Fn() -> Seed) {
        let scale = 10f64.powi(self.digits as i32);
        vector.mapv_inplace(|value| (value * scale).round() / scale);
        let sum = vector.sum();
        if sum > 0.0 {
            vector.mapv_inplace(|value| value / sum);
        } else {
            vector.fill(1.0 / vector.len() as f64);
        }
    }

    fn violation(&self) -> Option<LearnerError> {
        let (parameter, rule) = ("digits", "at most 15");
        (self.digits > MOST_DIGITS).then(|| LearnerError::Parameter {
            parameter,
            value: self.digits.to_string(),
            rule,
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn by_hand() {
        let of = |digits, mut vector: ndarray::Array1<f64>| {
            Round { digits }.apply(vector.view_mut(), &|| Seed::root(1));
            vector
        };
        assert_eq!(of(1, array![0.25, 0.75]), array![0.3 / 1.1, 0.8 / 1.1]);
        assert_eq!(of(0, array![0.6, 0.4]), array![1.0, 0.0]);
        assert_eq!(of(0, array![0.4, 0.3, 0.3]), array![1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]);
        assert_eq!(of(3, array![1.0, 0.0]), array![1.0, 0.0]);
        assert!(Round { digits: 16 }.violation().is_some());
    }
}
