//! What training makes: a model that answers with class probabilities, can be kept in a file, and tells its size.

use std::path::Path;

use ndarray::ArrayView2;

use super::{Asked, LearnerError, ModelDigest, PreparedRecords, file};
use crate::ensemble::{AdaBoostModel, BaggingModel, ForestModel, SoftVotingModel};
use crate::knn::KnnModel;
use crate::logistic::{Convergence, LogisticRegression};
use crate::naive_bayes::NaiveBayes;
use crate::prediction::PredictionVectors;
use crate::tree::DecisionTree;

/// A fitted model.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::{Learner, LocalModel, PreparedRecords, Samples, Seed};
///
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let model = Learner::DecisionTree(Default::default()).fit(samples, Seed::root(1))?;
/// let answers = model.predict_proba(x.view())?;
/// assert_eq!(answers.row(3).to_vec(), [0.0, 1.0]);
/// let prepared = PreparedRecords::new(x.view())?;
/// assert_eq!(model.predict_rows(&prepared, &[0, 1, 2, 3])?, answers);
///
/// let path = tempfile::tempdir().unwrap().keep().join("model");
/// model.save(&path)?;
/// assert_eq!(LocalModel::load(&path)?.digest(), model.digest());
/// # std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum LocalModel {
    /// A decision tree whose leaves keep their class counts.
    DecisionTree(DecisionTree),
    /// A logistic regression.
    LogisticRegression(LogisticRegression),
    /// A naive Bayes model.
    NaiveBayes(NaiveBayes),
    /// Trees whose mean answers.
    RandomForest(ForestModel),
    /// Models of one learner whose mean answers.
    Bagging(BaggingModel),
    /// Boosted trees.
    AdaBoost(AdaBoostModel),
    /// Models of several learners whose weighted mean answers.
    SoftVoting(SoftVotingModel),
    /// Training records whose nearest vote.
    Knn(KnnModel),
}

impl LocalModel {
    /// Class probabilities of records `[n, d]`, one row a record, in class order.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::NotFinite`].
    pub fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, LearnerError> {
        match self {
            // Looks at a few records at a time, just before it needs them.
            Self::DecisionTree(tree) => tree.predict_proba(records),
            _ => Ok(self.answers(&Asked::new(records, self.features())?)),
        }
    }

    /// Class probabilities of rows of prepared records, in the order of `rows`, which may name a row more than once: every
    /// bit of what [`predict_proba`](Self::predict_proba) answers to a copy of them, without the copy where the model can
    /// do without, and without another look at each value. Any prepared records will do: what is ranked is not used.
    ///
    /// # Errors
    /// [`LearnerError::Width`] or [`LearnerError::Row`].
    pub fn predict_rows(
        &self,
        prepared: &PreparedRecords<'_>,
        rows: &[usize],
    ) -> Result<PredictionVectors, LearnerError> {
        Ok(self.answers(&Asked::rows(prepared, rows, self.features())?))
    }

    /// Class probabilities of checked records.
    pub(crate) fn answers(&self, asked: &Asked<'_>) -> PredictionVectors {
        match self {
            Self::DecisionTree(tree) => tree.answers(asked),
            Self::LogisticRegression(model) => model.answers(asked),
            Self::NaiveBayes(model) => model.answers(asked),
            Self::RandomForest(model) => model.answers(asked),
            Self::Bagging(model) => model.answers(asked),
            Self::AdaBoost(model) => model.answers(asked),
            Self::SoftVoting(model) => model.answers(asked),
            Self::Knn(model) => model.answers(asked),
        }
    }

    /// Number of features of the training records.
    #[must_use]
    pub fn features(&self) -> usize {
        match self {
            Self::DecisionTree(tree) => tree.features(),
            Self::LogisticRegression(model) => model.features(),
            Self::NaiveBayes(model) => model.features(),
            Self::RandomForest(model) => model.features(),
            Self::Bagging(model) => model.features(),
            Self::AdaBoost(model) => model.features(),
            Self::SoftVoting(model) => model.features(),
            Self::Knn(model) => model.features(),
        }
    }

    /// Number of classes of the federation.
    #[must_use]
    pub fn classes(&self) -> usize {
        match self {
            Self::DecisionTree(tree) => tree.classes(),
            Self::LogisticRegression(model) => model.classes(),
            Self::NaiveBayes(model) => model.classes(),
            Self::RandomForest(model) => model.classes(),
            Self::Bagging(model) => model.classes(),
            Self::AdaBoost(model) => model.classes(),
            Self::SoftVoting(model) => model.classes(),
            Self::Knn(model) => model.classes(),
        }
    }

    /// Bytes that the model takes in memory: its arrays and itself, without what the allocator adds.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::DecisionTree(tree) => tree.heap_bytes(),
                Self::LogisticRegression(model) => model.heap_bytes(),
                Self::NaiveBayes(model) => model.heap_bytes(),
                Self::RandomForest(model) => model.heap_bytes(),
                Self::Bagging(model) => model.heap_bytes(),
                Self::AdaBoost(model) => model.heap_bytes(),
                Self::SoftVoting(model) => model.heap_bytes(),
                Self::Knn(model) => model.heap_bytes(),
            }
    }

    /// Of a decision tree, the training records in its smallest leaf: an answer speaks for no fewer. `None` for other models.
    #[must_use]
    pub fn smallest_leaf(&self) -> Option<u64> {
        match self {
            Self::DecisionTree(tree) => Some(tree.leaf_report().smallest_leaf),
            _ => None,
        }
    }

    /// How far the fit came, of a model that a search makes: one that has not converged is not the model that its parameters
    /// define. Of several within an ensemble, the one that came least far.
    #[must_use]
    pub fn convergence(&self) -> Option<Convergence> {
        match self {
            Self::LogisticRegression(model) => Some(model.convergence()),
            Self::Bagging(model) => worst(model.models()),
            Self::SoftVoting(model) => worst(model.models().map(|(model, _)| model)),
            _ => None,
        }
    }

    /// By what the model is known again: the SHA-256 of the file that [`save`](Self::save) writes.
    #[must_use]
    pub fn digest(&self) -> ModelDigest {
        file::digest(self)
    }

    /// Writes the model to a file, whole or not at all.
    ///
    /// # Errors
    /// [`LearnerError::File`].
    pub fn save(&self, path: &Path) -> Result<(), LearnerError> {
        file::save(self, path)
    }

    /// Reads a model that [`save`](Self::save) wrote, every bit of it.
    ///
    /// # Errors
    /// [`LearnerError::File`] when the file is missing, cut short, altered, of another version or not a model.
    pub fn load(path: &Path) -> Result<Self, LearnerError> {
        file::load(path)
    }
}

/// Not converged before converged, a larger gradient before a smaller one.
fn worst<'a>(models: impl IntoIterator<Item = &'a LocalModel>) -> Option<Convergence> {
    models
        .into_iter()
        .filter_map(LocalModel::convergence)
        .min_by(|a, b| a.converged.cmp(&b.converged).then_with(|| b.gradient.total_cmp(&a.gradient)))
}

#[cfg(test)]
mod tests {
    use crate::ensemble::{RawBaggingParams, RawSoftVotingParams};
    use crate::learner::Learner;
    use crate::logistic::RawLogisticParams;
    use crate::tree::random;
    use crate::{Samples, Seed};

    #[test]
    fn an_ensemble_has_converged_when_all_its_members_have() {
        let (records, labels) = random(80, 3, 2, 5);
        let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
        let converged = |learner: &Learner| {
            learner.fit(samples, Seed::root(1)).unwrap().convergence().map(|told| told.converged)
        };
        let logistic = |max_iterations| {
            let raw = RawLogisticParams { max_iterations, ..RawLogisticParams::default() };
            Learner::LogisticRegression(raw.check().unwrap())
        };
        let voting = |learners: Vec<Learner>| {
            Learner::SoftVoting(RawSoftVotingParams { learners, weights: None }.check().unwrap())
        };
        let tree = Learner::DecisionTree(Default::default());
        assert_eq!(converged(&tree), None);
        assert_eq!(converged(&voting(vec![tree.clone(), tree.clone()])), None);
        assert_eq!(converged(&voting(vec![tree.clone(), logistic(1000)])), Some(true));
        assert_eq!(converged(&voting(vec![logistic(1), tree, logistic(1000)])), Some(false));
        let bagging = RawBaggingParams { models: 3, ..RawBaggingParams::of(logistic(1)) };
        assert_eq!(converged(&Learner::Bagging(bagging.check().unwrap())), Some(false));
    }
}
