//! What models answer to rows of prepared records is, bit for bit, what they answer to a copy of those rows.

use ndarray::{Array2, ArrayView2, Axis};

use super::*;
use crate::dataset::Samples;
use crate::ensemble::{RawAdaBoostParams, RawBaggingParams, RawForestParams, RawSoftVotingParams};
use crate::knn::{RawKnnParams, Weights};
use crate::logistic::RawLogisticParams;
use crate::naive_bayes::{Distribution, RawNaiveBayesParams};
use crate::prediction::PredictionVectors;
use crate::seed::Seed;
use crate::tree::{TreeParams, random};

const CLASSES: usize = 4;
const WIDTH: usize = 6;

fn tree() -> Learner {
    Learner::DecisionTree(TreeParams::default())
}

fn knn(weights: Weights) -> Learner {
    Learner::Knn(RawKnnParams { weights, ..RawKnnParams::default() }.check().unwrap())
}

fn logistic() -> Learner {
    Learner::LogisticRegression(
        RawLogisticParams { max_iterations: 5, ..RawLogisticParams::default() }.check().unwrap(),
    )
}

fn naive_bayes(distribution: Distribution) -> Learner {
    Learner::NaiveBayes(
        RawNaiveBayesParams { distribution, ..RawNaiveBayesParams::default() }.check().unwrap(),
    )
}

fn voting(learners: Vec<Learner>) -> Learner {
    let weights = Some((1..=learners.len()).map(|weight| weight as f64).collect());
    Learner::SoftVoting(RawSoftVotingParams { learners, weights }.check().unwrap())
}

/// All eight, some in more than one form.
fn all() -> Vec<Learner> {
    let bagging = RawBaggingParams { models: 3, ..RawBaggingParams::of(logistic()) };
    vec![
        tree(),
        knn(Weights::Uniform),
        knn(Weights::Distance),
        logistic(),
        naive_bayes(Distribution::Gaussian),
        naive_bayes(Distribution::Bernoulli),
        Learner::RandomForest(RawForestParams { trees: 5, ..RawForestParams::default() }.check().unwrap()),
        Learner::AdaBoost(RawAdaBoostParams { rounds: 4, ..RawAdaBoostParams::default() }.check().unwrap()),
        Learner::Bagging(bagging.check().unwrap()),
        voting(vec![knn(Weights::Uniform), tree(), naive_bayes(Distribution::Gaussian), logistic()]),
    ]
}

/// Trained on the first third of the records, the last class unseen.
fn model(learner: &Learner, records: ArrayView2<'_, f32>, labels: &[u32]) -> LocalModel {
    let third = labels.len() / 3;
    let records = records.slice_axis(Axis(0), ndarray::Slice::from(..third));
    let labels: Vec<u32> = labels[..third].iter().map(|label| label % 3).collect();
    learner.fit(Samples { records, labels: &labels, classes: CLASSES }, Seed::root(7)).unwrap()
}

fn bits(vectors: &PredictionVectors) -> Vec<u64> {
    vectors.view().iter().map(|share| share.to_bits()).collect()
}

/// Out of order, repeated, all, none, one, and more than any block holds.
fn choices(n: usize) -> Vec<Vec<usize>> {
    vec![
        (0..n).collect(),
        (0..n).rev().collect(),
        vec![5, 5, 0, n - 1, 5, 3],
        vec![n / 2],
        vec![],
        (10..n).collect(),
        (0..n - 1).collect(),
        (0..2_500).map(|place| place * 37 % n).collect(),
    ]
}

#[test]
fn answers_are_those_to_a_copy() {
    let (records, labels) = random(600, WIDTH, 4, 11);
    let columns_first = records.t().as_standard_layout().into_owned().reversed_axes();
    for learner in all() {
        let model = model(&learner, records.view(), &labels);
        let ranked = learner.prepare(records.view()).unwrap();
        let plain = PreparedRecords::new(records.view()).unwrap();
        let turned = PreparedRecords::new(columns_first.view()).unwrap();
        for rows in choices(600) {
            let expected = model.predict_proba(records.select(Axis(0), &rows).view()).unwrap();
            assert_eq!(expected.view().dim(), (rows.len(), CLASSES));
            for prepared in [&ranked, &plain, &turned] {
                let answers = model.predict_rows(prepared, &rows).unwrap();
                assert_eq!(bits(&answers), bits(&expected), "{} of {} rows", learner.name(), rows.len());
            }
        }
    }
}

#[test]
fn wide_records_walk_where_they_stand() {
    // 700 features before a tree of a few splits: too much to read for it. Before a deep one it is read first.
    for (classes, n) in [(2, 40), (40, 600)] {
        let (records, labels) = random(n, 700, classes, 14);
        let samples = Samples { records: records.view(), labels: &labels, classes: classes as usize };
        let model = tree().fit(samples, Seed::root(7)).unwrap();
        let prepared = PreparedRecords::new(records.view()).unwrap();
        for rows in choices(n) {
            let expected = model.predict_proba(records.select(Axis(0), &rows).view()).unwrap();
            assert_eq!(bits(&model.predict_rows(&prepared, &rows).unwrap()), bits(&expected));
        }
    }
}

#[test]
fn records_without_features_are_answered_too() {
    let records = Array2::<f32>::zeros((6, 0));
    let prepared = PreparedRecords::new(records.view()).unwrap();
    for learner in all() {
        let model = model(&learner, records.view(), &[0, 1, 0, 1, 1, 1]);
        for rows in [&[4, 0, 4][..], &[], &[0, 1, 2, 3, 4, 5]] {
            let expected = model.predict_proba(records.select(Axis(0), rows).view()).unwrap();
            let answers = model.predict_rows(&prepared, rows).unwrap();
            assert_eq!(expected.len(), rows.len());
            assert_eq!(bits(&answers), bits(&expected), "{}", learner.name());
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (records, labels) = random(60, WIDTH, 4, 12);
    let prepared = PreparedRecords::new(records.view()).unwrap();
    let narrow = records.view().split_at(Axis(1), WIDTH - 1).0;
    let narrow = PreparedRecords::new(narrow).unwrap();
    let empty = Array2::<f32>::zeros((0, WIDTH));
    let empty = PreparedRecords::new(empty.view()).unwrap();
    for learner in all() {
        let model = model(&learner, records.view(), &labels);
        let refused = |prepared, rows: &[usize]| model.predict_rows(prepared, rows).unwrap_err();
        assert!(matches!(refused(&prepared, &[0, 60, 61]), LearnerError::Row { row: 60, records: 60 }));
        assert!(matches!(refused(&prepared, &[usize::MAX]), LearnerError::Row { row: usize::MAX, .. }));
        assert!(matches!(refused(&empty, &[0]), LearnerError::Row { row: 0, records: 0 }));
        // The width is told first, and also where no row is asked about.
        for rows in [&[0, 60][..], &[]] {
            assert!(matches!(refused(&narrow, rows), LearnerError::Width { expected: WIDTH, got: 5 }));
        }
        assert_eq!(model.predict_rows(&empty, &[]).unwrap().len(), 0);
    }
}

#[test]
fn no_member_of_an_ensemble_sees_what_is_not_finite() {
    let (mut records, labels) = random(60, WIDTH, 4, 13);
    let models: Vec<LocalModel> =
        all().iter().map(|learner| model(learner, records.view(), &labels)).collect();
    records[(41, 2)] = f32::NEG_INFINITY;
    records[(50, 0)] = f32::NAN;
    let expected = |error| matches!(error, LearnerError::NotFinite { row: 41, feature: 2, .. });
    assert!(expected(PreparedRecords::new(records.view()).unwrap_err()));
    for model in models {
        assert!(expected(model.predict_proba(records.view()).unwrap_err()));
    }
}
