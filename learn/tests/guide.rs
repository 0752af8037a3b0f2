//! The guide's example of a data set of one's own, as its page shows it (docs/src/extending.md), with a test whose answer is known by
//! hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// ANCHOR: data
use ndarray::Array2;
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
