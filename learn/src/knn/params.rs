//! Parameters of k-nearest neighbours, checked: only [`RawKnnParams::check`] makes a [`KnnParams`].

use crate::learner::{LearnerError, checked};

/// What a neighbour's vote weighs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Every neighbour the same.
    #[default]
    Uniform,
    /// One over its distance (Dudani, 1976); where neighbours are at distance 0, only they count, each the same.
    Distance,
}

/// The nearest records vote. Distances are Euclidean and exact; records at the k-th distance share its place.
///
/// These are the parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::knn::RawKnnParams;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let learner = Learner::Knn(RawKnnParams { k: 1, ..Default::default() }.check().unwrap());
/// let model = learner.fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(array![[0.4], [10.6]].view())?;
/// assert_eq!((answers.predicted_class(0), answers.predicted_class(1)), (0, 1));
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "knn", extend("x-source" = "Cover and Hart, 1967; scikit-learn"))]
pub struct RawKnnParams {
    /// Neighbours that vote; all records where there are fewer.
    #[schemars(range(min = 1), extend("x-unit" = "records", "x-source" = "scikit-learn"))]
    pub k: u32,
    /// What a neighbour's vote weighs.
    #[schemars(extend("x-source" = "scikit-learn"))]
    pub weights: Weights,
}

impl Default for RawKnnParams {
    fn default() -> Self {
        Self { k: 5, weights: Weights::Uniform }
    }
}

checked! {
    /// Checked parameters.
    #[derive(Default)]
    KnnParams of RawKnnParams, "RawKnnParams"
}

impl RawKnnParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<KnnParams, Vec<LearnerError>> {
        if self.k == 0 {
            return Err(vec![LearnerError::Parameter {
                parameter: "k",
                value: "0".into(),
                rule: "at least 1",
            }]);
        }
        Ok(KnnParams(self))
    }
}
