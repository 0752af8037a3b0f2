//! Random records for tests: a mixture of the kinds of columns that trees meet.

use ndarray::Array2;
use rand::RngExt;

use crate::seed::Seed;

/// Records `[n, d]` whose columns are in turn 0/1, small whole numbers, mostly zero, and continuous; labels that depend on
/// them weakly.
pub(crate) fn random(n: usize, d: usize, classes: u32, seed: u64) -> (Array2<f32>, Vec<u32>) {
    let mut stream = Seed::root(seed).stream("tree test");
    let records = Array2::from_shape_simple_fn((n, d), || stream.random::<f32>());
    let labels = records
        .rows()
        .into_iter()
        .map(|record| {
            let told = record.iter().take(2).sum::<f32>() / 2.0;
            let share = if stream.random::<f32>() < 0.4 { stream.random::<f32>() } else { told };
            ((share * classes as f32) as u32).min(classes - 1)
        })
        .collect();
    let mut records = records;
    for (feature, mut column) in records.columns_mut().into_iter().enumerate() {
        match feature % 4 {
            0 => column.mapv_inplace(|value| f32::from(u8::from(value > 0.6))),
            1 => column.mapv_inplace(|value| (value * 9.0).floor()),
            2 => column.mapv_inplace(|value| if value < 0.7 { 0.0 } else { (value * 300.0).floor() }),
            _ => column.mapv_inplace(|value| value - 0.5),
        }
    }
    (records, labels)
}
