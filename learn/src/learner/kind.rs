//! What can be trained: the kinds of model, each with checked parameters.

use ndarray::ArrayView2;

use super::{LearnerError, LocalModel, PreparedRecords, TrainingSet};
use crate::dataset::Samples;
use crate::ensemble::{
    AdaBoostModel, AdaBoostParams, BaggingModel, BaggingParams, ForestModel, ForestParams, SoftVotingModel,
    SoftVotingParams,
};
use crate::knn::{KnnModel, KnnParams};
use crate::logistic::{LogisticParams, LogisticRegression};
use crate::naive_bayes::{NaiveBayes, NaiveBayesParams};
use crate::seed::Seed;
use crate::tree::{DecisionTree, Engine, TreeParams};

/// A learner with checked parameters.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::{Learner, Samples, Seed};
///
/// let learner = Learner::DecisionTree(Default::default());
/// let x = array![[0.0], [1.0], [10.0], [11.0]];
/// let samples = Samples { records: x.view(), labels: &[0, 0, 1, 1], classes: 2 };
///
/// let model = learner.fit(samples, Seed::root(1))?;
///
/// // Many fits on rows of the same records share what depends on the records alone.
/// let prepared = learner.prepare(x.view())?;
/// let again = learner.fit_rows(&prepared, &[0, 0, 1, 1], &[3, 2, 1, 0], 2, Seed::root(1))?;
/// assert_eq!(model.digest(), again.digest());
/// # Ok::<(), turncoat_learn::LearnerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Classification and regression trees (Breiman et al., 1984), exact splits.
    DecisionTree(TreeParams),
    /// Logistic regression for any number of classes, with a quadratic penalty.
    LogisticRegression(LogisticParams),
    /// Naive Bayes, Gaussian or Bernoulli.
    NaiveBayes(NaiveBayesParams),
    /// Trees on bootstrap samples whose nodes draw features (Breiman, 2001).
    RandomForest(ForestParams),
    /// Any learner on bootstrap samples (Breiman, 1996).
    Bagging(BaggingParams),
    /// Boosted trees, SAMME (Zhu et al., 2009).
    AdaBoost(AdaBoostParams),
    /// The weighted mean of several learners' vectors.
    SoftVoting(SoftVotingParams),
    /// k-nearest neighbours (Cover and Hart, 1967), exact distances.
    Knn(KnnParams),
}

impl Learner {
    /// Its name, as a scenario writes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::DecisionTree(_) => "decision_tree",
            Self::LogisticRegression(_) => "logistic_regression",
            Self::NaiveBayes(_) => "naive_bayes",
            Self::RandomForest(_) => "random_forest",
            Self::Bagging(_) => "bagging",
            Self::AdaBoost(_) => "ada_boost",
            Self::SoftVoting(_) => "soft_voting",
            Self::Knn(_) => "knn",
        }
    }

    /// Refuses class weights, its own or of a learner that it is made of, that are not one for each of so many classes: to be
    /// asked as soon as the data is known, and not when the first model is trained.
    ///
    /// # Errors
    /// [`LearnerError::Parameter`].
    ///
    /// ```
    /// use turncoat_learn::Learner;
    /// use turncoat_learn::tree::{ClassWeight, RawTreeParams};
    ///
    /// let class_weight = Some(ClassWeight::PerClass(vec![1.0, 2.0]));
    /// let tree = RawTreeParams { class_weight, ..Default::default() }.check().unwrap();
    /// assert!(Learner::DecisionTree(tree.clone()).check_classes(2).is_ok());
    /// assert!(Learner::DecisionTree(tree).check_classes(3).is_err());
    /// ```
    pub fn check_classes(&self, classes: usize) -> Result<(), LearnerError> {
        let weights = match self {
            Self::DecisionTree(params) => &params.get().class_weight,
            Self::RandomForest(params) => &params.get().tree.class_weight,
            Self::AdaBoost(params) => &params.get().tree.class_weight,
            Self::Bagging(params) => return params.get().learner.check_classes(classes),
            Self::SoftVoting(params) => {
                return params.get().learners.iter().try_for_each(|learner| learner.check_classes(classes));
            }
            Self::LogisticRegression(_) | Self::NaiveBayes(_) | Self::Knn(_) => return Ok(()),
        };
        weights.as_ref().map_or(Ok(()), |weights| weights.check_classes(classes))
    }

    /// Trains on the given records. The same records, labels and seed give the same model on any number of threads.
    /// Without any record the model knows nothing and answers the uniform vector.
    ///
    /// # Errors
    /// [`LearnerError`] when a value or label is out of bounds.
    pub fn fit(&self, samples: Samples<'_>, seed: Seed) -> Result<LocalModel, LearnerError> {
        let prepared = self.prepare(samples.records)?;
        let rows: Vec<usize> = (0..samples.labels.len().min(prepared.len())).collect();
        self.fit_rows(&prepared, samples.labels, &rows, samples.classes, seed)
    }

    /// Does the part of training that depends on the records `[n, d]` alone, so that many fits can share it.
    ///
    /// # Errors
    /// [`LearnerError::NotFinite`], [`LearnerError::TooMany`].
    pub fn prepare<'a>(&self, records: ArrayView2<'a, f32>) -> Result<PreparedRecords<'a>, LearnerError> {
        if self.splits_columns() {
            PreparedRecords::with_columns(records)
        } else {
            PreparedRecords::new(records)
        }
    }

    /// Whether its training works on ranked columns.
    fn splits_columns(&self) -> bool {
        match self {
            Self::DecisionTree(_) | Self::RandomForest(_) | Self::AdaBoost(_) => true,
            Self::LogisticRegression(_) | Self::NaiveBayes(_) => false,
            Self::Bagging(params) => params.get().learner.splits_columns(),
            Self::SoftVoting(params) => params.get().learners.iter().any(Self::splits_columns),
            Self::Knn(_) => false,
        }
    }

    /// Trains on some rows of prepared records: the model that [`fit`](Self::fit) makes of those rows alone. `labels` are
    /// those of all prepared records, in their order; a row given twice counts twice; the order of rows says nothing.
    ///
    /// # Errors
    /// [`LearnerError`] when the lengths differ, a row or one of its labels is out of bounds, or the records were
    /// prepared by a learner that shares less than this one needs.
    pub fn fit_rows(
        &self,
        prepared: &PreparedRecords<'_>,
        labels: &[u32],
        rows: &[usize],
        classes: usize,
        seed: Seed,
    ) -> Result<LocalModel, LearnerError> {
        match self {
            Self::DecisionTree(params) => {
                DecisionTree::fit_rows(params, prepared.columns()?, labels, rows, classes, seed)
                    .map(LocalModel::DecisionTree)
            }
            Self::LogisticRegression(params) => {
                let set = TrainingSet::new(prepared.records(), labels, rows, classes)?;
                Ok(LocalModel::LogisticRegression(LogisticRegression::fit(params, set)))
            }
            Self::NaiveBayes(params) => {
                let set = TrainingSet::new(prepared.records(), labels, rows, classes)?;
                Ok(LocalModel::NaiveBayes(NaiveBayes::fit(params, &set)))
            }
            Self::RandomForest(params) => {
                ForestModel::fit(params, prepared, labels, rows, classes, seed).map(LocalModel::RandomForest)
            }
            Self::Bagging(params) => {
                BaggingModel::fit(params, prepared, labels, rows, classes, seed).map(LocalModel::Bagging)
            }
            Self::AdaBoost(params) => {
                AdaBoostModel::fit(params, prepared, labels, rows, classes, seed).map(LocalModel::AdaBoost)
            }
            Self::SoftVoting(params) => SoftVotingModel::fit(params, prepared, labels, rows, classes, seed)
                .map(LocalModel::SoftVoting),
            Self::Knn(params) => TrainingSet::new(prepared.records(), labels, rows, classes)
                .and_then(|set| KnnModel::fit(params, set))
                .map(LocalModel::Knn),
        }
    }

    /// Whether the same records, labels and seed give the same model every time, with that many classes. Only the engine
    /// on linfa-trees, with more than two classes, does not: it adds f32 shares of classes in random order.
    #[must_use]
    pub fn reproducible(&self, classes: usize) -> bool {
        match self {
            Self::DecisionTree(params) => params.get().engine == Engine::Cart || classes <= 2,
            Self::RandomForest(params) => params.get().tree.engine == Engine::Cart || classes <= 2,
            Self::LogisticRegression(_) | Self::NaiveBayes(_) | Self::AdaBoost(_) => true,
            Self::Bagging(params) => params.get().learner.reproducible(classes),
            Self::SoftVoting(params) => {
                params.get().learners.iter().all(|learner| learner.reproducible(classes))
            }
            Self::Knn(_) => true,
        }
    }
}
