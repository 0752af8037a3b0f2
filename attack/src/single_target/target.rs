//! The target as a service: black-box access with every query counted (Truex et al., section 2.1.1).

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array2, ArrayView2};
use turncoat_learn::{LearnerError, LocalModel, PredictionVectors};

use crate::error::AttackError;

/// A trained model behind its prediction service. Guarantee: it can be asked and nothing else, and each record asked
/// about counts as one query.
///
/// ```
/// use ndarray::array;
/// use turncoat_attack::single_target::{Interface, TargetApi};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
/// let model = Learner::DecisionTree(Default::default()).fit(samples, Seed::root(1))?;
/// let service = TargetApi::new(&model);
/// assert_eq!(service.probe()?, Interface { features: 1, classes: 2 });
/// assert_eq!(service.predict_proba(x.view())?.len(), 4);
/// assert_eq!(service.queries(), 6);
/// # Ok::<(), turncoat_attack::AttackError>(())
/// ```
#[derive(Debug)]
pub struct TargetApi<'a> {
    model: &'a LocalModel,
    queries: AtomicU64,
}

/// What probing finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Number of features m that the service takes.
    pub features: usize,
    /// Number of classes k that its vectors have.
    pub classes: usize,
}

impl<'a> TargetApi<'a> {
    /// Puts the service in front of a model.
    #[must_use]
    pub fn new(model: &'a LocalModel) -> Self {
        Self { model, queries: AtomicU64::new(0) }
    }

    /// Prediction vectors of records `[n, d]`; n queries.
    ///
    /// # Errors
    /// [`AttackError::Learner`] when the records do not fit the target; they count all the same.
    pub fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, AttackError> {
        self.queries.fetch_add(records.nrows() as u64, Ordering::Relaxed);
        Ok(self.model.predict_proba(records)?)
    }

    /// Finds out what the service takes and gives by trial queries (Truex et al., section 3.1.1): a record of no feature,
    /// whose refusal names the width that is asked for, then a record of zeros of that width. 2 queries.
    ///
    /// # Errors
    /// [`AttackError::Learner`] when the service refuses for another reason.
    pub fn probe(&self) -> Result<Interface, AttackError> {
        let trial = |features| self.predict_proba(Array2::zeros((1, features)).view());
        let features = match trial(0) {
            Ok(_) => 0,
            Err(AttackError::Learner(LearnerError::Width { expected, .. })) => expected,
            Err(other) => return Err(other),
        };
        Ok(Interface { features, classes: trial(features)?.classes() })
    }

    /// Features of the model, to check what an adversary was given against; not a query.
    pub(super) fn features(&self) -> usize {
        self.model.features()
    }

    /// Classes of the model, to check what an adversary was given against; not a query.
    pub(super) fn classes(&self) -> usize {
        self.model.classes()
    }

    /// Queries so far.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use turncoat_learn::{Learner, Samples, Seed};

    use super::*;

    #[test]
    fn probing_finds_features_and_classes_in_two_queries() {
        let learners = [
            Learner::DecisionTree(Default::default()),
            Learner::Knn(Default::default()),
            Learner::LogisticRegression(Default::default()),
            Learner::NaiveBayes(Default::default()),
        ];
        for learner in learners {
            for features in [0, 1, 7] {
                let records = Array2::from_shape_fn((20, features), |(row, column)| (row * column) as f32);
                let labels: Vec<u32> = (0..20).map(|row| row % 3).collect();
                let samples = Samples { records: records.view(), labels: &labels, classes: 4 };
                let model = learner.fit(samples, Seed::root(1)).unwrap();
                let target = TargetApi::new(&model);
                assert_eq!(target.probe().unwrap(), Interface { features, classes: 4 }, "{}", learner.name());
                assert_eq!(target.queries(), 2);
            }
        }
    }
}
