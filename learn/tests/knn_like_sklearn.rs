//! k-nearest neighbours on real data against stored scikit-learn output (`sklearn/knn.py` made `sklearn/knn.json`).
//!
//! Each answer is the same within 1e-6; with uniform weights within what the stored answers were rounded to. Records whose
//! neighbours scikit-learn chooses by the order of rows are left out by the script.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod real;

use ndarray::Axis;
use turncoat_learn::knn::{RawKnnParams, Weights};
use turncoat_learn::{Learner, Samples, Seed};

#[test]
fn answers_as_scikit_learn_does() {
    let stored: serde_json::Value = serde_json::from_str(include_str!("sklearn/knn.json")).unwrap();
    let k = stored["k"].as_u64().unwrap() as u32;
    let results = stored["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let name = result["data"].as_str().unwrap();
        let Some(set) = real::load(name) else { continue };
        for stored in result["by_weights"].as_array().unwrap() {
            let (weights, within) = match stored["weights"].as_str().unwrap() {
                "uniform" => (Weights::Uniform, 1e-9),
                _ => (Weights::Distance, 1e-6),
            };
            let expected = stored["answers"].as_array().unwrap();
            // Every fifth record of the slice was asked about.
            let rows = set.len().min(2_500);
            assert_eq!(expected.len(), rows.div_ceil(5), "{name}");
            let (requested, trained): (Vec<usize>, Vec<usize>) = (0..rows).partition(|row| row % 5 == 0);
            let (records, labels) = set.take(&trained);
            let learner = Learner::Knn(RawKnnParams { k, weights }.check().unwrap());
            let samples = Samples { records: records.view(), labels: &labels, classes: set.classes() };
            let model = learner.fit(samples, Seed::root(0)).unwrap();
            let queries = set.records().select(Axis(0), &requested);
            let answers = model.predict_proba(queries.view()).unwrap();
            let mut compared = 0;
            for (row, (answer, expected)) in answers.view().rows().into_iter().zip(expected).enumerate() {
                let Some(expected) = expected.as_array() else { continue };
                compared += 1;
                assert_eq!(expected.len(), answer.len(), "{name}");
                for (got, expected) in answer.iter().zip(expected) {
                    let apart = (got - expected.as_f64().unwrap()).abs();
                    assert!(apart <= within, "{name}, {weights:?}, record {row}: {answer} and {expected:?}");
                }
            }
            assert!(compared * 2 >= expected.len(), "{name}, {weights:?}: only {compared} compared");
        }
    }
}
