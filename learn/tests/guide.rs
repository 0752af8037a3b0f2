//! The guide's examples of a learner and a data set of one's own, as its page shows them (docs/src/extending.md), with tests whose
//! answers are known by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// ANCHOR: learner
use ndarray::{Array2, ArrayView2};
use turncoat_learn::{PredictionVectors, PredictionViolation, Samples};

/// Nearest median: a class is the medians of its features; a record goes to the class at the least Manhattan distance. Classes at the
/// same distance share it.
struct NearestMedian {
    /// One row a class, `[classes, d]`; `None` for a class without a record.
    medians: Vec<Option<Vec<f32>>>,
}

impl NearestMedian {
    fn fit(samples: Samples<'_>) -> Self {
        let of_class = |class: u32| {
            let rows: Vec<usize> =
                (0..samples.labels.len()).filter(|&row| samples.labels[row] == class).collect();
            let median = |column: ndarray::ArrayView1<'_, f32>| {
                let mut values: Vec<f32> = rows.iter().map(|&row| column[row]).collect();
                // Sorted, so that the order of the records says nothing: a rule of the house.
                values.sort_by(f32::total_cmp);
                values[values.len() / 2]
            };
            (!rows.is_empty()).then(|| samples.records.columns().into_iter().map(median).collect())
        };
        Self { medians: (0..samples.classes as u32).map(of_class).collect() }
    }

    /// Class probabilities of records `[n, d]`.
    fn predict_proba(&self, records: ArrayView2<'_, f32>) -> Result<PredictionVectors, PredictionViolation> {
        let mut answers = Array2::zeros((records.nrows(), self.medians.len()));
        for (record, mut answer) in records.rows().into_iter().zip(answers.rows_mut()) {
            let distance = |class: &Option<Vec<f32>>| match class {
                Some(median) => record.iter().zip(median).map(|(a, b)| f64::from((a - b).abs())).sum(),
                None => f64::INFINITY,
            };
            let distances: Vec<f64> = self.medians.iter().map(distance).collect();
            let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
            let nearest = distances.iter().filter(|&&distance| distance == least).count();
            for (probability, distance) in answer.iter_mut().zip(distances) {
                *probability = if distance == least { 1.0 / nearest as f64 } else { 0.0 };
            }
        }
        // Every row is checked: finite, from 0 to 1, with a sum of 1.
        PredictionVectors::new(answers)
    }
}
// ANCHOR_END: learner

// ANCHOR: learner_test
#[test]
fn a_record_goes_to_the_nearest_median() {
    let x = ndarray::array![[0.0], [1.0], [100.0], [10.0], [12.0]];
    let samples = Samples { records: x.view(), labels: &[0, 0, 0, 1, 1], classes: 3 };
    let model = NearestMedian::fit(samples);
    // The medians are 1 (100 does not move it) and 12; nobody has class 2.
    let answers = model.predict_proba(ndarray::array![[6.0], [7.0], [6.5]].view()).unwrap();
    assert_eq!(answers.row(0).to_vec(), [1.0, 0.0, 0.0]);
    assert_eq!(answers.row(1).to_vec(), [0.0, 1.0, 0.0]);
    assert_eq!(answers.row(2).to_vec(), [0.5, 0.5, 0.0]);
}
// ANCHOR_END: learner_test

// ANCHOR: data
use rand::RngExt;
use turncoat_learn::{Dataset, DatasetError, Feature, FeatureKind, Seed};

/// Two rings around the origin, of radius 1 and 2: one class each, by turns.
fn two_rings(records: usize, seed: Seed) -> Result<Dataset, DatasetError> {
    let mut x = Array2::zeros((records, 2));
    for (row, mut record) in x.rows_mut().into_iter().enumerate() {
        // A stream for each record: the first n do not depend on how many follow.
        let angle = seed.child("record", row as u64).stream("angle").random::<f64>() * std::f64::consts::TAU;
        let radius = if row % 2 == 0 { 1.0 } else { 2.0 };
        record[0] = (radius * angle.cos()) as f32;
        record[1] = (radius * angle.sin()) as f32;
    }
    let labels = (0..records).map(|row| (row % 2) as u32).collect();
    let feature = |name: &str| Feature { name: name.into(), kind: FeatureKind::Numeric };
    Dataset::new(
        "two-rings",
        x,
        labels,
        vec![feature("x"), feature("y")],
        vec!["inner".into(), "outer".into()],
    )
}
// ANCHOR_END: data

// ANCHOR: data_test
#[test]
fn the_rings_lie_where_they_should() {
    let rings = two_rings(100, Seed::root(1)).unwrap();
    for (record, &label) in rings.records().rows().into_iter().zip(rings.labels()) {
        let radius = record[0].hypot(record[1]);
        assert!((radius - (label + 1) as f32).abs() < 1e-6, "{radius}");
    }
    let first = two_rings(10, Seed::root(1)).unwrap();
    assert_eq!(rings.take(&[0, 9]), first.take(&[0, 9]));
}
// ANCHOR_END: data_test
