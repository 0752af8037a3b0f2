//! Populations and targets whose right answer is known by construction.

use ndarray::{Array2, Axis};
use rand::RngExt;
use turncoat_learn::tree::RawTreeParams;
use turncoat_learn::{Learner, LocalModel, Samples, Seed};

use super::{RawShadowPlan, ShadowPlan, Step};
use crate::single_target::{Knowledge, RawKnowledge};

/// Records and labels to make knowledge or a target of.
pub(super) struct Population {
    pub(super) records: Array2<f32>,
    pub(super) labels: Vec<u32>,
    pub(super) classes: usize,
}

impl Population {
    pub(super) fn real(&self) -> Samples<'_> {
        Samples { records: self.records.view(), labels: &self.labels, classes: self.classes }
    }
}

/// Binary features: the class is 1 with chance 0.3; f0 copies it, f1 copies f0, f2 copies f1, f3 copies the class, each but
/// for one time in ten; f4 is a fair coin that hangs on nothing.
pub(super) fn chain(n: usize) -> Population {
    let mut stream = Seed::root(11).stream("chain");
    let mut records = Array2::zeros((n, 5));
    let mut labels = Vec::new();
    for mut record in records.axis_iter_mut(Axis(0)) {
        let class = stream.random_bool(0.3);
        let mut copy = |of: bool| of ^ stream.random_bool(0.1);
        let f0 = copy(class);
        let f1 = copy(f0);
        let values = [f0, f1, copy(f1), copy(class), stream.random_bool(0.5)];
        record.iter_mut().zip(values).for_each(|(into, value)| *into = f32::from(u8::from(value)));
        labels.push(u32::from(class));
    }
    Population { records, labels, classes: 2 }
}

/// Three classes far from each other: squares of side 0.2 around (0.2, 0.2), (0.8, 0.2) and (0.5, 0.8).
pub(super) fn blobs(n: usize) -> Population {
    let mut stream = Seed::root(12).stream("blobs");
    let labels: Vec<u32> = (0..n as u32).map(|row| row % 3).collect();
    let centres = [[0.2, 0.2], [0.8, 0.2], [0.5, 0.8]];
    let records = Array2::from_shape_fn((n, 2), |(row, feature)| {
        centres[row % 3][feature] + 0.2 * (stream.random::<f32>() - 0.5)
    });
    Population { records, labels, classes: 3 }
}

/// A target on five features that is sure (1.0, class 1) exactly where the first is above 0.5, and elsewhere says class 0
/// with 0.6.
pub(super) fn sure_above_half() -> LocalModel {
    let records =
        Array2::from_shape_fn(
            (20, 5),
            |(row, feature)| {
                if feature == 0 { if row < 10 { 0.25 } else { 0.75 } } else { 0.5 }
            },
        );
    let labels: Vec<u32> = (0..20).map(|row| u32::from(!(0..6).contains(&row))).collect();
    let stump = RawTreeParams { max_depth: Some(1), ..RawTreeParams::default() }.check().unwrap();
    let samples = Samples { records: records.view(), labels: &labels, classes: 2 };
    Learner::DecisionTree(stump).fit(samples, Seed::root(1)).unwrap()
}

/// A target that knows the blobs.
pub(super) fn knows(population: &Population) -> LocalModel {
    Learner::DecisionTree(Default::default()).fit(population.real(), Seed::root(1)).unwrap()
}

pub(super) fn plan(records: usize, steps: Vec<Step>) -> ShadowPlan {
    RawShadowPlan { records, noise: 0.0, steps }.check().unwrap()
}

pub(super) fn black() -> Knowledge {
    RawKnowledge::BlackBox.check().unwrap()
}

pub(super) fn grey() -> Knowledge {
    RawKnowledge::GreyBox { records: None }.check().unwrap()
}

pub(super) fn white() -> Knowledge {
    RawKnowledge::white_box().check().unwrap()
}
