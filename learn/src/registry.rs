//! The learners, a line each: what a scenario calls it, its parameters, and the model that it makes.
//!
//! All else is told in the learner's own folder: its parameters (types that serde reads), what they train ([`Train`]), and what a model
//! answers and how it is saved ([`Model`], [`SavedModel`]).

use crate::learner::{LocalModel, Model, Reader, SavedModel, Train};
use crate::*;

macro_rules! learners {
    ($($(#[$doc:meta])* $name:literal: $variant:ident($params:ty) => $model:ty,)*) => {
        /// What is trained. Conventions and, where nothing else is said, defaults are scikit-learn's.
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
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[schemars(rename = "learner", extend("examples" = ["decision_tree", {"knn": {"k": 3}}]))]
        pub enum Learner {
            $($(#[$doc])* #[serde(rename = $name)] $variant($params),)*
        }

        impl Learner {
            /// The names of all learners, as scenarios write them.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Its name, as a scenario writes it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// Its parameters as what trains.
            pub(crate) fn params(&self) -> &dyn Train {
                match self {
                    $(Self::$variant(params) => params,)*
                }
            }
        }

        /// Reads a model whose kind has been read, with at most so many ensembles in each other.
        pub(crate) fn decode(kind: u8, reader: &mut Reader<'_>, nested: u32) -> Result<LocalModel, String> {
            $(if <$model>::KINDS.contains(&kind) {
                return <$model>::decode(kind, reader, nested).map(Model::into_local);
            })*
            Err(format!("it holds a model of kind {kind}, which this program does not know"))
        }

        /// What tells the kinds of models apart in files.
        #[cfg(test)]
        const KINDS: &[&[u8]] = &[$(<$model>::KINDS),*];
    };
}

learners! {
    /// Classification and regression trees (Breiman et al., 1984), exact splits.
    "decision_tree": DecisionTree(tree::TreeParams) => tree::DecisionTree,
    /// Logistic regression for any number of classes, with a quadratic penalty.
    "logistic_regression": LogisticRegression(logistic::LogisticParams) => logistic::LogisticRegression,
    /// Naive Bayes, Gaussian or Bernoulli.
    "naive_bayes": NaiveBayes(naive_bayes::NaiveBayesParams) => naive_bayes::NaiveBayes,
    /// Trees on bootstrap samples whose nodes draw features (Breiman, 2001).
    "random_forest": RandomForest(ensemble::ForestParams) => ensemble::ForestModel,
    /// Any learner on bootstrap samples (Breiman, 1996).
    "bagging": Bagging(ensemble::BaggingParams) => ensemble::BaggingModel,
    /// Boosted trees, SAMME (Zhu et al., 2009).
    "ada_boost": AdaBoost(ensemble::AdaBoostParams) => ensemble::AdaBoostModel,
    /// The weighted mean of several learners' vectors.
    "soft_voting": SoftVoting(ensemble::SoftVotingParams) => ensemble::SoftVotingModel,
    /// k-nearest neighbours (Cover and Hart, 1967), exact distances.
    "knn": Knn(knn::KnnParams) => knn::KnnModel,
    /// Any learner, whose answers are told behind defences.
    "defended": Defended(defence::DefendedParams) => defence::DefendedModel,
    /// The class shares of the training records, whatever is asked.
    "majority_class": MajorityClass(majority_class::MajorityClassParams) => majority_class::MajorityClass,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_of_models_look_alike_in_a_file() {
        let mut kinds = KINDS.concat();
        kinds.sort_unstable();
        assert!(kinds.windows(2).all(|pair| pair[0] < pair[1]), "{kinds:?}");
    }

    #[test]
    fn the_name_is_what_serde_writes() {
        let learner = Learner::Knn(Default::default());
        assert_eq!(serde_json::to_value(&learner).unwrap()[learner.name()]["k"], 5);
        assert!(Learner::NAMES.contains(&learner.name()));
    }
}
