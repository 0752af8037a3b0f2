//! Answers known by hand or by construction, ties and extremes included; parameters; the model in bytes.

use ndarray::{Array2, array};

use super::*;
use crate::learner::{Learner, LearnerError, LocalModel, Reader, TrainingSet, Writer};
use crate::learner::{Model, SavedModel};
use crate::seed::Seed;
use crate::{PredictionVectors, Samples};

pub(super) fn params(k: u32, weights: Weights) -> KnnParams {
    RawKnnParams { k, weights }.check().unwrap()
}

pub(super) fn fit(params: &KnnParams, records: &Array2<f32>, labels: &[u32], classes: usize) -> KnnModel {
    let rows: Vec<usize> = (0..labels.len()).collect();
    KnnModel::fit(params, TrainingSet::new(records.view(), labels, &rows, classes).unwrap()).unwrap()
}

/// One row of answers.
fn ask(model: &KnnModel, query: &[f32]) -> Vec<f64> {
    let query = Array2::from_shape_vec((1, query.len()), query.to_vec()).unwrap();
    model.predict_proba(query.view()).unwrap().view().row(0).to_vec()
}

const UNIFORM: Weights = Weights::Uniform;
const DISTANCE: Weights = Weights::Distance;

#[test]
fn neighbours_by_hand() {
    // On a line, with distances from 0: 1, 2, 3, 4, 10.
    let (records, labels) = (array![[1.0], [-2.0], [3.0], [4.0], [10.0]], [0, 1, 1, 0, 2]);
    let at = |k, weights| ask(&fit(&params(k, weights), &records, &labels, 4), &[0.0]);
    assert_eq!(at(1, UNIFORM), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(at(3, UNIFORM), [1.0 / 3.0, 2.0 / 3.0, 0.0, 0.0]);
    assert_eq!(at(5, UNIFORM), [0.4, 0.4, 0.2, 0.0]);
    // Weights 1, 1/2, 1/4 (k = 4 without the 3): 1 + 1/4 of class 0, 1/2 + 1/3 of class 1, of 25/12.
    let answer = at(4, DISTANCE);
    for (got, expected) in answer.iter().zip([15.0 / 25.0, 10.0 / 25.0, 0.0, 0.0]) {
        assert!((got - expected).abs() < 1e-15, "{answer:?}");
    }
}

#[test]
fn ties_at_the_last_place_are_shared_evenly() {
    // From the origin: one record at 1, four corners of a square at distance 5, of classes 0, 1, 1, 1.
    let records = array![[0.0, 1.0], [3.0, 4.0], [-3.0, 4.0], [3.0, -4.0], [-4.0, -3.0]];
    let labels = [2, 0, 1, 1, 1];
    let at = |k, weights| ask(&fit(&params(k, weights), &records, &labels, 3), &[0.0, 0.0]);
    // Two places for four: each takes half of one.
    assert_eq!(at(3, UNIFORM), [0.5 / 3.0, 1.5 / 3.0, 1.0 / 3.0]);
    // 1 and two times 1/5.
    let answer = at(3, DISTANCE);
    for (got, expected) in answer.iter().zip([0.1 / 1.4, 0.3 / 1.4, 1.0 / 1.4]) {
        assert!((got - expected).abs() < 1e-15, "{answer:?}");
    }
    assert_eq!(at(5, UNIFORM), [0.2, 0.6, 0.2]);
}

#[test]
fn a_training_record_finds_itself() {
    let (records, labels) = (array![[0.0], [1.0], [3.0]], [0, 1, 1]);
    assert_eq!(ask(&fit(&params(1, UNIFORM), &records, &labels, 2), &[0.0]), [1.0, 0.0]);
    assert_eq!(ask(&fit(&params(3, UNIFORM), &records, &labels, 2), &[0.0]), [1.0 / 3.0, 2.0 / 3.0]);
    // At distance 0 it alone counts, and so do all that equal it.
    assert_eq!(ask(&fit(&params(3, DISTANCE), &records, &labels, 2), &[0.0]), [1.0, 0.0]);
    let (records, labels) = (array![[0.0], [-0.0], [0.0], [0.0], [1.0]], [0, 1, 1, 1, 0]);
    assert_eq!(ask(&fit(&params(2, DISTANCE), &records, &labels, 2), &[0.0]), [0.25, 0.75]);
}

#[test]
fn fewer_records_than_neighbours_all_vote() {
    let (records, labels) = (array![[0.0], [1.0], [9.0]], [0, 2, 2]);
    for k in [3, 4, 1000, u32::MAX] {
        let answer = ask(&fit(&params(k, UNIFORM), &records, &labels, 4), &[5.0]);
        assert_eq!(answer, [1.0 / 3.0, 0.0, 2.0 / 3.0, 0.0], "k = {k}");
    }
    let one = fit(&params(5, DISTANCE), &array![[7.0, 7.0]], &[1], 3);
    assert_eq!(ask(&one, &[-7.0, 1e30]), [0.0, 1.0, 0.0]);
    assert_eq!(ask(&one, &[7.0, 7.0]), [0.0, 1.0, 0.0]);
}

#[test]
fn nothing_to_learn_from_gives_the_uniform_vector() {
    for features in [0, 2] {
        let model = fit(&params(5, UNIFORM), &Array2::zeros((0, features)), &[], 4);
        assert_eq!(ask(&model, &vec![1.0; features]), [0.25; 4]);
    }
    let none = fit(&params(5, UNIFORM), &array![[1.0]], &[0], 1);
    assert_eq!(none.predict_proba(Array2::zeros((0, 1)).view()).unwrap().len(), 0);
}

#[test]
fn without_features_all_records_are_at_distance_zero() {
    let model = fit(&params(2, UNIFORM), &Array2::zeros((4, 0)), &[0, 1, 1, 1], 2);
    assert_eq!(ask(&model, &[]), [0.25, 0.75]);
    let model = fit(&params(2, DISTANCE), &Array2::zeros((4, 0)), &[0, 1, 1, 1], 2);
    assert_eq!(ask(&model, &[]), [0.25, 0.75]);
}

#[test]
fn one_class_and_constant_features() {
    let model =
        fit(&params(3, DISTANCE), &array![[1.0, 5.0], [2.0, 5.0], [4.0, 5.0], [9.0, 5.0]], &[1; 4], 2);
    assert_eq!(ask(&model, &[2.5, 5.0]), [0.0, 1.0]);
    // All the same: every record ties, whatever is asked.
    let model = fit(&params(3, UNIFORM), &Array2::from_elem((8, 3), 5.0), &[0, 0, 1, 1, 1, 1, 1, 1], 2);
    assert_eq!(ask(&model, &[5.0, 5.0, 5.0]), [0.25, 0.75]);
    assert_eq!(ask(&model, &[-1e9, 5.0, 3e38]), [0.25, 0.75]);
}

#[test]
fn many_identical_records_take_the_room_of_few() {
    let n = 100_000;
    let records = Array2::from_elem((n, 4), 0.5);
    let labels: Vec<u32> = (0..n as u32).map(|row| u32::from(row % 4 == 0)).collect();
    let model = fit(&params(5, UNIFORM), &records, &labels, 2);
    assert!(model.heap_bytes() < 200, "{}", model.heap_bytes());
    let vectors = model.predict_proba(records.view()).unwrap();
    assert!(vectors.view().rows().into_iter().all(|row| row.to_vec() == [0.75, 0.25]));
}

#[test]
fn many_that_tie_without_being_equal() {
    // Records on two axes at one distance: as many as tie, none the same.
    let n = 3000;
    let records = Array2::from_shape_fn((n, n / 2), |(row, feature)| match row % (n / 2) == feature {
        true if row < n / 2 => 2.0,
        true => -2.0,
        false => 0.0,
    });
    let labels: Vec<u32> = (0..n as u32).map(|row| u32::from(row % 3 == 0)).collect();
    let model = fit(&params(5, UNIFORM), &records, &labels, 2);
    assert_eq!(ask(&model, &vec![0.0; n / 2]), [2.0 / 3.0, 1.0 / 3.0]);
}

#[test]
fn fifty_thousand_features() {
    let records =
        Array2::from_shape_fn((30, 50_000), |(row, feature)| ((row * 31 + feature * 7) % 97) as f32);
    let labels: Vec<u32> = (0..30).map(|row| row % 3).collect();
    let model = fit(&params(1, UNIFORM), &records, &labels, 3);
    let vectors = model.predict_proba(records.view()).unwrap();
    assert_eq!(vectors.accuracy(&labels), Some(1.0));
}

#[test]
fn huge_and_tiny_values_keep_their_order() {
    // Squares that f32 cannot hold, an outlier beside which all else is nothing, and values near nothing.
    for scale in [1e30f32, 3e37, 1.0, 1e-30, 1e-44] {
        let records = array![[0.0], [1.0], [2.0], [3.0], [8.0]] * scale;
        let model = fit(&params(1, DISTANCE), &records, &[0, 1, 2, 3, 4], 5);
        let vectors = model.predict_proba(records.view()).unwrap();
        assert_eq!(vectors.accuracy(&[0, 1, 2, 3, 4]), Some(1.0), "{scale}");
    }
    let records = array![[1e30f32, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 3.0], [-1e38, 0.0]];
    let model = fit(&params(2, UNIFORM), &records, &[0, 1, 2, 3, 4], 5);
    assert_eq!(ask(&model, &[0.0, 1.4]), [0.0, 0.5, 0.5, 0.0, 0.0]);
    assert_eq!(ask(&model, &[0.0, 2.6]), [0.0, 0.0, 0.5, 0.5, 0.0]);
    let far = ask(&fit(&params(2, DISTANCE), &records, &[0, 1, 2, 3, 4], 5), &[f32::MAX, f32::MIN]);
    assert!(far.iter().all(|share| share.is_finite()) && (far.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn parameters_are_checked() {
    let refused = RawKnnParams { k: 0, weights: UNIFORM }.check().unwrap_err();
    assert!(matches!(refused[..], [LearnerError::Parameter { parameter: "k", .. }]));
    let learner = Learner::Knn(KnnParams::default());
    assert_eq!(learner.name(), "knn");
    assert!(learner.reproducible(100));
    let text = serde_json::to_string(&learner).unwrap();
    assert_eq!(text, r#"{"knn":{"k":5,"weights":"uniform"}}"#);
    assert_eq!(serde_json::from_str::<Learner>(&text).unwrap(), learner);
    let read = |text| serde_json::from_str::<KnnParams>(text);
    assert_eq!(read(r#"{"weights":"distance"}"#).unwrap(), params(5, DISTANCE));
    assert!(read(r#"{"k":0}"#).unwrap_err().to_string().contains("at least 1"));
    assert!(read(r#"{"n_neighbors":3}"#).is_err());
}

#[test]
fn behind_the_interface_as_alone() {
    let (records, labels) = crate::tree::random(80, 6, 3, 4);
    let samples = Samples { records: records.view(), labels: &labels, classes: 3 };
    let learner = Learner::Knn(params(3, DISTANCE));
    let model = learner.fit(samples, Seed::root(0)).unwrap();
    let alone = fit(&params(3, DISTANCE), &records, &labels, 3);
    assert_eq!(model, alone.clone().into_local());
    assert_eq!((model.features(), model.classes()), (6, 3));
    assert!(model.memory_bytes() > alone.heap_bytes() && alone.heap_bytes() >= 80 * (6 + 7 + 3) * 4);
    let turned = records.t().as_standard_layout().into_owned();
    let answers: PredictionVectors = model.predict_proba(turned.t()).unwrap();
    assert_eq!(answers, model.predict_proba(records.view()).unwrap());
    assert!(matches!(
        model.predict_proba(Array2::zeros((1, 5)).view()),
        Err(LearnerError::Width { expected: 6, got: 5 })
    ));
    let nan = Array2::from_elem((1, 6), f32::NAN);
    assert!(matches!(model.predict_proba(nan.view()), Err(LearnerError::NotFinite { .. })));
    assert!(matches!(
        learner.fit(Samples { records: nan.view(), labels: &[0], classes: 1 }, Seed::root(0)),
        Err(LearnerError::NotFinite { .. })
    ));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("knn.model");
    model.save(&path).unwrap();
    assert_eq!(LocalModel::load(&path).unwrap(), model);
}

#[test]
fn bytes_that_make_no_model_say_why() {
    let records = array![[1.0, 2.0], [1.0, 3.0], [0.0, 5.0]];
    let model = fit(&params(2, UNIFORM), &records, &[0, 0, 1], 2);
    let mut writer = Writer::default();
    model.write(&mut writer);
    let good = writer.into_bytes();
    let mut reader = Reader::new(&good);
    assert_eq!(KnnModel::decode(2, &mut reader, 0).unwrap(), model);
    assert_eq!(reader.left(), 0);
    for length in 0..good.len() {
        assert!(KnnModel::decode(2, &mut Reader::new(&good[..length]), 0).is_err());
    }
    let with = |place: usize, word: u32| {
        let mut bytes = good.clone();
        bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
        KnnModel::decode(2, &mut Reader::new(&bytes), 0).unwrap_err()
    };
    assert!(with(0, 0).contains("k is 0"));
    assert!(with(4, 7).contains("weights 7"));
    // Features, classes and records follow from byte 5, eight bytes each; labels from 29, counts from 41, values from 53.
    assert!(with(5, u32::MAX).contains("features"));
    assert!(with(13, 0).contains("0 classes"));
    assert!(with(21, u32::MAX).contains("cut short"));
    assert!(with(29, 2).contains("class 2 of 2"));
    assert!(with(29, 1).contains("out of order"));
    assert!(with(41, 0).contains("stands for none"));
    assert!(with(41, u32::MAX).contains("more records"));
    assert!(with(53, f32::NAN.to_bits()).contains("NaN"));
    assert!(with(53, 1.5f32.to_bits()).contains("out of order"));
    assert!(with(65, 2.0f32.to_bits()).contains("out of order"), "equal records of a class are one");
    assert!(with(69, (-0.0f32).to_bits()).contains("minus zero"));
    for place in 0..good.len() {
        let mut bytes = good.clone();
        bytes[place] ^= 0x81;
        let _ = KnnModel::decode(2, &mut Reader::new(&bytes), 0);
    }
}
