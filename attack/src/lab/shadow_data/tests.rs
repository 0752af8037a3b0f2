//! What the steps make, on populations and targets whose right answer is known by construction.

use ndarray::{Array2, Axis};
use rand::RngExt;
use turncoat_learn::{Samples, Seed};

use super::*;
use crate::lab::{Knowledge, RawKnowledge};

/// A population to make knowledge of.
struct Population {
    records: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
}

impl Population {
    fn real(&self) -> Samples<'_> {
        Samples { records: self.records.view(), labels: &self.labels, classes: self.classes }
    }
}

/// Binary features: the class (1 with chance 0.1), f0 copies it, f1 copies f0, f2 copies f1, f3 copies the class, each but
/// for one time in ten; f4 is a fair coin that nothing depends on.
fn chain(n: usize) -> Population {
    let mut stream = Seed::root(11).stream("chain");
    let mut records = Array2::zeros((n, 5));
    let mut labels = Vec::new();
    for mut record in records.axis_iter_mut(Axis(0)) {
        let mut copy = |of: bool| if stream.random_bool(0.1) { !of } else { of };
        let class = copy(false);
        let (f0, f3) = (copy(class), copy(class));
        let f1 = copy(f0);
        let f2 = copy(f1);
        let values = [f0, f1, f2, f3, stream.random_bool(0.5)];
        record.iter_mut().zip(values).for_each(|(into, value)| *into = f32::from(u8::from(value)));
        labels.push(u32::from(class));
    }
    Population { records, labels, classes: 2 }
}

fn plan(records: usize, steps: Vec<Step>) -> ShadowPlan {
    RawShadowPlan { records, noise: 0.0, steps }.check().unwrap()
}

fn white() -> Knowledge {
    RawKnowledge::white_box().check().unwrap()
}

#[test]
fn same_distribution_gives_the_real_records_themselves() {
    let mut population = chain(300);
    population.records.column_mut(0).iter_mut().enumerate().for_each(|(row, value)| *value = row as f32);
    let made = plan(200, vec![Step::SameDistribution])
        .develop(&white(), population.real(), None, Seed::root(1))
        .unwrap();
    let mut rows: Vec<usize> = made.data.records.column(0).iter().map(|&value| value as usize).collect();
    for (place, &row) in rows.iter().enumerate() {
        assert_eq!(made.data.records.row(place), population.records.row(row));
        assert_eq!(made.data.labels[place], population.labels[row]);
    }
    rows.sort_unstable();
    rows.dedup();
    assert_eq!((rows.len(), made.queries, made.search), (200, 0, None));
}
