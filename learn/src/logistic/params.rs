//! Parameters of logistic regression, checked: only [`RawLogisticParams::check`] makes a [`LogisticParams`].

use std::ops::RangeInclusive;

use crate::learner::{LearnerError, checked};

/// Beyond these the penalty or the loss is nothing beside the other in f64.
const C: RangeInclusive<f64> = 1e-15..=1e15;
/// The objective's own digits end where the gradient is some 1e-8 of it.
const TOLERANCE: RangeInclusive<f64> = 1e-8..=0.1;

/// Multinomial logistic regression with an L2 penalty. A fit that has not converged says so in the report.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::logistic::RawLogisticParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::LogisticRegression(RawLogisticParams { c: 10.0, ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "logistic_regression", extend("x-source" = "scikit-learn"))]
pub struct RawLogisticParams {
    /// Weight of the records' loss against the penalty: the smaller, the smaller the coefficients.
    #[schemars(range(min = *C.start(), max = *C.end()), extend("x-source" = "scikit-learn"))]
    pub c: f64,
    /// Most steps of L-BFGS.
    #[schemars(range(min = 1), extend("x-unit" = "steps"))]
    pub max_iterations: u32,
    /// Largest entry that the gradient may have at the end, as a fraction of the objective, in units that do not depend on the data.
    ///
    /// Features count in units of their standard deviation and entries for each record of their class.
    #[schemars(range(min = *TOLERANCE.start(), max = *TOLERANCE.end()))]
    pub tolerance: f64,
}

impl Default for RawLogisticParams {
    fn default() -> Self {
        Self { c: 1.0, max_iterations: 1000, tolerance: 1e-3 }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    LogisticParams of RawLogisticParams, "RawLogisticParams"
}

impl RawLogisticParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<LogisticParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        let mut refuse = |parameter, value: String, rule| {
            violations.push(LearnerError::Parameter { parameter, value, rule });
        };
        if !C.contains(&self.c) {
            refuse("c", self.c.to_string(), "from 1e-15 to 1e15");
        }
        if self.max_iterations < 1 {
            refuse("max_iterations", self.max_iterations.to_string(), "at least 1");
        }
        if !TOLERANCE.contains(&self.tolerance) {
            refuse("tolerance", self.tolerance.to_string(), "from 1e-8 to 0.1");
        }
        if violations.is_empty() { Ok(LogisticParams(self)) } else { Err(violations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_reported() {
        let raw = RawLogisticParams { c: 0.0, max_iterations: 0, tolerance: f64::NAN };
        let reported: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(reported.len(), 3);
        assert!(
            reported[0].starts_with("c is 0:") && reported[2].starts_with("tolerance is NaN:"),
            "{reported:?}"
        );
        for c in [f64::INFINITY, f64::NAN, -1.0, 1e-300] {
            assert!(RawLogisticParams { c, ..RawLogisticParams::default() }.check().is_err());
        }
    }

    #[test]
    fn what_is_not_written_is_the_default() {
        let params: LogisticParams = serde_json::from_str("{\"c\": 0.5}").unwrap();
        assert_eq!(params.get(), &RawLogisticParams { c: 0.5, ..RawLogisticParams::default() });
        assert!(serde_json::from_str::<LogisticParams>("{\"c\": 0}").is_err());
        assert!(serde_json::from_str::<LogisticParams>("{\"C\": 1}").is_err());
    }
}
