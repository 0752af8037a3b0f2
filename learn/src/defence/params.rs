//! A learner behind defences.

use super::{Defence, Defences, DefendedModel};
use crate::learner::{Learner, LearnerError, LocalModel, MOST_NESTED, Model, Train, TrainingRows, checked};
use crate::seed::Seed;

/// Any learner, whose answers are told behind defences, one after the other.
///
/// These are its parameters, not yet checked.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::defence::{Defence, RawDefendedParams, TopK};
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [2.0], [3.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 2], classes: 3 };
/// let learner = Box::new(Learner::Knn(turncoat_learn::knn::RawKnnParams { k: 4, ..Default::default() }.check().unwrap()));
///
/// let defended = RawDefendedParams { learner, defences: vec![Defence::TopK(TopK { k: 1 })] };
/// let model = Learner::Defended(defended.check().unwrap()).fit(samples, Seed::root(1))?;
/// assert_eq!(model.predict_proba(x.view())?.row(0).to_vec(), [0.5, 0.25, 0.25]);
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "defended", extend("examples" = [{"learner": "decision_tree", "defences": [{"top_k": {"k": 3}}]}]))]
pub struct RawDefendedParams {
    /// What is trained.
    #[schemars(extend("examples" = ["decision_tree"]))]
    pub learner: Box<Learner>,
    /// What stands before its answers, in the order in which it is applied.
    #[schemars(
        length(min = 1, max = 16),
        extend("x-rule" = "name from 1 to 16 defences", "examples" = [[{"top_k": {"k": 3}}]])
    )]
    pub defences: Vec<Defence>,
}

checked! {
    /// Checked parameters of a learner behind defences.
    DefendedParams of RawDefendedParams, "RawDefendedParams"
}

impl RawDefendedParams {
    /// Checks every bound.
    ///
    /// # Errors
    /// All [`LearnerError::Parameter`] violations at once.
    pub fn check(self) -> Result<DefendedParams, Vec<LearnerError>> {
        let mut violations = Vec::new();
        if self.defences.is_empty() || self.defences.len() > 16 {
            let (parameter, rule) = ("defences", "from 1 to 16 defences");
            let value = format!("{} defences", self.defences.len());
            violations.push(LearnerError::Parameter { parameter, value, rule });
        }
        if self.learner.nesting() >= MOST_NESTED {
            let (parameter, rule) = ("learner", "at most 3 learners within each other");
            let value = format!("learners {} deep", self.learner.nesting());
            violations.push(LearnerError::Parameter { parameter, value, rule });
        }
        violations.extend(self.defences.iter().filter_map(|defence| defence.params().violation()));
        if violations.is_empty() { Ok(DefendedParams(self)) } else { Err(violations) }
    }
}

impl Train for DefendedParams {
    fn fit(&self, data: TrainingRows<'_, '_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let params = self.get();
        let model = params.learner.train(data, seed)?;
        let defences = Defences::new(params.defences.clone(), seed.child("defence", 0));
        Ok(DefendedModel::new(model, defences).into_local())
    }

    fn inner(&self) -> Option<&Learner> {
        Some(&self.get().learner)
    }
}
