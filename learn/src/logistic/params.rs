//! Parameters of logistic regression, checked: only [`RawLogisticParams::check`] makes a [`LogisticParams`].

use crate::learner::{LearnerError, checked};

/// Parameters as they are written down, not yet checked.
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
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLogisticParams {
    /// Weight of the records' loss against the penalty (scikit-learn's `C`), above 0: the smaller, the smaller the weights.
    pub c: f64,
    /// Most steps of L-BFGS, at least 1. A fit that needs more says that it has not converged.
    pub max_iterations: u32,
    /// Largest entry that the gradient may have, as a fraction of the objective, from 1e-8 to 0.1. Features count in
    /// units of their standard deviation and entries for each record of their class, so the meaning does not change with the
    /// number of records or classes, the units of features, or `c`.
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
        // Beyond these the penalty or the loss is nothing beside the other in f64.
        if !(1e-15..=1e15).contains(&self.c) {
            refuse("c", self.c.to_string(), "from 1e-15 to 1e15");
        }
        if self.max_iterations < 1 {
            refuse("max_iterations", self.max_iterations.to_string(), "at least 1");
        }
        // The objective's own digits end where the gradient is some 1e-8 of it.
        if !(1e-8..=0.1).contains(&self.tolerance) {
            refuse("tolerance", self.tolerance.to_string(), "from 1e-8 to 0.1");
        }
        if violations.is_empty() { Ok(LogisticParams(self)) } else { Err(violations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_told() {
        let raw = RawLogisticParams { c: 0.0, max_iterations: 0, tolerance: f64::NAN };
        let told: Vec<String> = raw.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3);
        assert!(told[0].starts_with("c is 0:") && told[2].starts_with("tolerance is NaN:"), "{told:?}");
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
