//! Points around records (Truex et al., section 3.1.2 and Figure 4): uniform in the part of a hypercube that lies within
//! the ranges of the features, with the label of its centre.

use ndarray::{Array2, Axis};
use rand::RngExt;
use rayon::prelude::*;
use turncoat_learn::Seed;

use super::data::Draft;
use super::params::Region;

/// Each record followed by the points around it, `wanted` in all or as many as there are. `ranges` hold the least and the
/// largest value of each feature; where a centre lies beyond, its hypercube ends at the centre.
pub(super) fn around(
    params: &Region,
    centres: &Draft,
    ranges: &[(f32, f32)],
    wanted: usize,
    seed: Seed,
) -> Draft {
    let each = params.of_one();
    let count = centres.len().saturating_mul(each).min(wanted);
    let half = params.side / 2.0;
    let mut records = Array2::zeros((count, ranges.len()));
    records.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut record)| {
        let centre = centres.records.row(row / each);
        if row % each == 0 {
            record.assign(&centre);
            return;
        }
        let mut stream = seed.child("point", row as u64).stream("region");
        for ((value, &centre), &(low, high)) in record.iter_mut().zip(centre).zip(ranges) {
            let centre = f64::from(centre);
            let low = (centre - half).max(f64::from(low)).min(centre);
            let high = (centre + half).min(f64::from(high)).max(centre);
            *value = (low + stream.random::<f64>() * (high - low)) as f32;
        }
    });
    let labels = (0..count).map(|row| centres.labels[row / each]).collect();
    let answered = (0..count).map(|row| row % each == 0 && centres.answered[row / each]).collect();
    Draft { records, labels, answered }
}
