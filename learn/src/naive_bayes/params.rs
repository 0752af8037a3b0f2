//! Parameters of naive Bayes, checked: only [`RawNaiveBayesParams::check`] makes a [`NaiveBayesParams`].

use std::ops::RangeInclusive;

use crate::learner::{LearnerError, checked};

/// Largest fraction of a variance that is added to all.
const MOST_SMOOTHING: f64 = 1e6;
/// Below this a share of nothing rounds to nothing, and a log of it has no value (scikit-learn's bound).
const ALPHA: RangeInclusive<f64> = 1e-10..=1e15;

/// What the values of a feature are taken to follow in each class.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// A normal distribution.
    #[default]
    Gaussian,
    /// A coin: whether the value is above the threshold.
    Bernoulli,
}

/// Naive Bayes: features independent within each class.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::naive_bayes::RawNaiveBayesParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::NaiveBayes(RawNaiveBayesParams::default().check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "naive_bayes", extend("x-source" = "scikit-learn"))]
pub struct RawNaiveBayesParams {
    /// What the values of a feature are taken to follow in each class.
    pub distribution: Distribution,
    /// Gaussian: added to every variance, as a fraction of the largest variance of a feature.
    #[schemars(range(min = 0.0, max = MOST_SMOOTHING), extend("x-unit" = "fraction", "x-source" = "scikit-learn"))]
    pub var_smoothing: f64,
    /// Bernoulli: records added to each class on either side of the threshold (Laplace: 1).
    #[schemars(range(min = *ALPHA.start(), max = *ALPHA.end()), extend("x-unit" = "records", "x-source" = "scikit-learn"))]
    pub alpha: f64,
    /// Bernoulli: a feature is on where its value is above this.
    #[schemars(extend("x-unit" = "units of the features", "x-source" = "scikit-learn"))]
    pub threshold: f64,
}

impl Default for RawNaiveBayesParams {
    fn default() -> Self {
        Self { distribution: Distribution::Gaussian, var_smoothing: 1e-9, alpha: 1.0, threshold: 0.0 }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    NaiveBayesParams of RawNaiveBayesParams, "RawNaiveBayesParams"
}

impl RawNaiveBayesParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<NaiveBayesParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        let mut refuse = |parameter, value: String, rule| {
            violations.push(LearnerError::Parameter { parameter, value, rule });
        };
        if !(0.0..=MOST_SMOOTHING).contains(&self.var_smoothing) {
            refuse("var_smoothing", self.var_smoothing.to_string(), "from 0 to 1e6");
        }
        if !ALPHA.contains(&self.alpha) {
            refuse("alpha", self.alpha.to_string(), "from 1e-10 to 1e15");
        }
        if !self.threshold.is_finite() {
            refuse("threshold", self.threshold.to_string(), "a finite number");
        }
        if violations.is_empty() { Ok(NaiveBayesParams(self)) } else { Err(violations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_reported() {
        let raw = RawNaiveBayesParams {
            var_smoothing: -1e-9,
            alpha: 0.0,
            threshold: f64::NAN,
            ..RawNaiveBayesParams::default()
        };
        let reported: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(reported.len(), 3);
        assert!(reported[1].starts_with("alpha is 0:"), "{reported:?}");
    }

    #[test]
    fn what_is_not_written_is_the_default() {
        let params: NaiveBayesParams = serde_json::from_str("{\"distribution\": \"bernoulli\"}").unwrap();
        let raw =
            RawNaiveBayesParams { distribution: Distribution::Bernoulli, ..RawNaiveBayesParams::default() };
        assert_eq!(params.get(), &raw);
        assert!(serde_json::from_str::<NaiveBayesParams>("{\"alpha\": -1}").is_err());
    }
}
