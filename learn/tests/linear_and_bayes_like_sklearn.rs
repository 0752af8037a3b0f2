//! Logistic regression and naive Bayes on real data against stored scikit-learn output (`sklearn/linear_and_bayes.py` made
//! `sklearn/linear_and_bayes.json`).
//!
//! Logistic regression must come within 1e-4 of the objective that scikit-learn reaches at tight tolerance, and with a tight
//! tolerance of its own give its probabilities. Naive Bayes must give its probabilities.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod real;

use ndarray::Array2;
use serde_json::Value;
use turncoat_learn::logistic::{LogisticRegression, RawLogisticParams};
use turncoat_learn::naive_bayes::{Distribution, NaiveBayes, RawNaiveBayesParams};
use turncoat_learn::{Model, PredictionVectors, Samples};

struct Data {
    records: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
}

impl Data {
    /// What the script read, where the files are there.
    fn load(stored: &Value) -> Option<Self> {
        let name = stored["data"].as_str().expect("the script writes it");
        let set = real::load(name)?;
        let rows: Vec<usize> =
            (0..stored["records"].as_u64().expect("the script writes it") as usize).collect();
        let (mut records, labels) = set.take(&rows);
        if name == "mnist" {
            records.mapv_inplace(|value| value / 256.0);
        }
        let sum: f64 = records.iter().map(|&value| f64::from(value)).sum();
        let expected = stored["sum"].as_f64().expect("the script writes it");
        assert!((sum - expected).abs() <= 1e-9 * expected, "{name}: values sum to {sum}, not {expected}");
        Some(Self { records, labels, classes: set.classes() })
    }

    fn samples(&self) -> Samples<'_> {
        Samples { records: self.records.view(), labels: &self.labels, classes: self.classes }
    }

    /// Largest distance of a probability from the stored one, over the records that were stored.
    fn apart(&self, vectors: &PredictionVectors, stored: &Value) -> f64 {
        let stored = stored.as_array().expect("the script writes it");
        let step = self.labels.len() / 25;
        assert_eq!(stored.len(), self.labels.len().div_ceil(step));
        let mut largest = 0.0f64;
        for (place, expected) in stored.iter().enumerate() {
            let expected = expected.as_array().expect("the script writes it");
            let vector = vectors.row(place * step);
            assert_eq!(expected.len(), vector.len());
            for (got, expected) in vector.iter().zip(expected) {
                largest = largest.max((got - expected.as_f64().expect("the script writes it")).abs());
            }
        }
        largest
    }
}

fn results() -> Vec<Value> {
    let stored: Value =
        serde_json::from_str(include_str!("sklearn/linear_and_bayes.json")).expect("the script writes it");
    let results = stored["results"].as_array().expect("the script writes it").clone();
    assert_eq!(results.len(), 4);
    results
}

#[test]
fn logistic_regression_comes_to_the_same_minimum() {
    for stored in results() {
        let Some(data) = Data::load(&stored) else { continue };
        for stored_fit in stored["logistic"].as_array().unwrap() {
            let c = stored_fit["c"].as_f64().unwrap();
            let expected = stored_fit["objective"].as_f64().unwrap();
            let at = format!("{}, c {c}", stored["data"]);
            for (tolerance, within, close) in [(1e-3, 1e-4, 2e-3), (1e-5, 1e-7, 1e-4)] {
                let params = RawLogisticParams { c, tolerance, max_iterations: 10_000 };
                let model =
                    LogisticRegression::fit_samples(&params.check().unwrap(), data.samples()).unwrap();
                let reported = model.convergence().unwrap();
                assert!(reported.converged, "{at}: {reported:?}");
                let over = reported.objective / expected - 1.0;
                assert!(over.abs() <= within, "{at}: {over:e} over {expected} with {reported:?}");
                let vectors = model.predict_proba(data.records.view()).unwrap();
                let apart = data.apart(&vectors, &stored_fit["probabilities"]);
                println!("{at}, {tolerance}: {} steps, {over:e} over, {apart:e} apart", reported.iterations);
                assert!(apart <= close, "{at}, tolerance {tolerance}: {apart:e} apart");
            }
        }
    }
}

#[test]
fn naive_bayes_gives_the_same_probabilities() {
    for stored in results() {
        let Some(data) = Data::load(&stored) else { continue };
        let fit = |params: RawNaiveBayesParams| {
            let model = NaiveBayes::fit_samples(&params.check().unwrap(), data.samples()).unwrap();
            model.predict_proba(data.records.view()).unwrap()
        };
        let apart = data.apart(&fit(RawNaiveBayesParams::default()), &stored["gaussian"]);
        println!("{}, gaussian: {apart:e} apart", stored["data"]);
        assert!(apart <= 1e-9, "{}, gaussian: {apart:e} apart", stored["data"]);
        for coins in stored["bernoulli"].as_array().unwrap() {
            let params = RawNaiveBayesParams {
                distribution: Distribution::Bernoulli,
                alpha: coins["alpha"].as_f64().unwrap(),
                threshold: coins["threshold"].as_f64().unwrap(),
                ..RawNaiveBayesParams::default()
            };
            let apart = data.apart(&fit(params), &coins["probabilities"]);
            assert!(apart <= 1e-10, "{}, bernoulli {coins:.40}: {apart:e} apart", stored["data"]);
        }
    }
}
