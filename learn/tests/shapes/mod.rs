//! Four shapes of data on which trees are held against scikit-learn's and engines against each other, from seeds alone:
//! a, 10,000 mixed records of two classes with noisy labels; d, 30,000 of the same; b, 10,000 x 600 binary, 100 classes (profiles
//! with 20 % of the bits flipped); c, 10,000 x 784 whole numbers of which 17 % are not zero, 10 classes (smeared and shifted
//! figures). Behind the records to learn from stand as many to be judged.

use ndarray::{Array2, Axis, Slice};
use rand::RngExt;
use rand_distr::{Distribution, Normal};
use turncoat_learn::data::{DataFolders, DataSource, RawCensusParams, RawPurchasesParams, Synthetic};
use turncoat_learn::{Samples, Seed};

pub(crate) const NAMES: [&str; 4] = ["a", "d", "b", "c"];

/// Records, labels, and how many of them, from the front, are there to learn from.
pub(crate) struct Shape {
    pub(crate) records: Array2<f32>,
    pub(crate) labels: Vec<u32>,
    pub(crate) classes: usize,
    pub(crate) train: usize,
}

impl Shape {
    pub(crate) fn make(name: &str) -> Self {
        match name {
            "a" => census(10_000),
            "d" => census(30_000),
            "b" => {
                let params = RawPurchasesParams::default().check().expect("its bounds hold");
                generated(&DataSource::Synthetic(Synthetic::Purchases(params)), 10_000)
            }
            "c" => figures(10_000),
            other => panic!("there is no shape {other}"),
        }
    }

    /// The first records to learn from.
    #[allow(dead_code, reason = "the example writes all of them")]
    pub(crate) fn learned(&self, n: usize) -> Samples<'_> {
        let records = self.records.slice_axis(Axis(0), Slice::from(..n));
        Samples { records, labels: &self.labels[..n], classes: self.classes }
    }
}

fn census(train: usize) -> Shape {
    let params = RawCensusParams { records: 2 * train, label_noise: 0.3 };
    generated(&DataSource::Synthetic(Synthetic::Census(params.check().expect("its bounds hold"))), train)
}

fn generated(source: &DataSource, train: usize) -> Shape {
    let data = source.load(&DataFolders::default(), Seed::root(11)).expect("a generator needs no file");
    let (records, labels) = data.take(&(0..data.len()).collect::<Vec<_>>());
    Shape { records, labels, classes: data.classes(), train }
}

/// Side of a figure in pixels.
const SIDE: usize = 28;
/// Figures.
const CLASSES: usize = 10;
/// Share of pixels that are not zero.
const INK: f64 = 0.17;

fn figures(train: usize) -> Shape {
    let mut stream = Seed::root(12).stream("figures");
    let mut templates = vec![[0.0; SIDE * SIDE]; CLASSES];
    for template in &mut templates {
        for _ in 0..6 {
            let (x, y): (f64, f64) = (stream.random_range(6.0..22.0), stream.random_range(6.0..22.0));
            for (pixel, value) in template.iter_mut().enumerate() {
                let (row, column) = ((pixel / SIDE) as f64, (pixel % SIDE) as f64);
                *value += (-((row - x).powi(2) + (column - y).powi(2)) / 8.0).exp();
            }
        }
    }
    let noise = Normal::new(0.0, 60.0).expect("its deviation is positive");
    let n = 2 * train;
    let labels: Vec<u32> = (0..n).map(|_| stream.random_range(0..CLASSES as u32)).collect();
    let mut records = Array2::zeros((n, SIDE * SIDE));
    for (mut record, &label) in records.rows_mut().into_iter().zip(&labels) {
        let (down, right) = (stream.random_range(0..7usize), stream.random_range(0..7usize));
        for (pixel, value) in record.iter_mut().enumerate() {
            let (row, column) =
                ((pixel / SIDE + SIDE + down - 3) % SIDE, (pixel % SIDE + SIDE + right - 3) % SIDE);
            let drawn: f64 = noise.sample(&mut stream);
            *value = (200.0 * templates[label as usize][row * SIDE + column] + drawn) as f32;
        }
    }
    let mut sorted: Vec<f32> = records.slice_axis(Axis(0), Slice::from(..200)).iter().copied().collect();
    sorted.sort_by(f32::total_cmp);
    let threshold = sorted[((1.0 - INK) * sorted.len() as f64) as usize].max(0.5);
    records.mapv_inplace(|value| if value > threshold { value.min(255.0).round() } else { 0.0 });
    Shape { records, labels, classes: CLASSES, train }
}
