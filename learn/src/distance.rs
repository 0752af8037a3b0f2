//! How far two shards are from each other, class by class (Truex et al., section 4.7.2, Figure 11).
//!
//! Features are in [0, 1] ([`UnitScale`] of the whole data set), distances Euclidean, sums in f64 in the order of the rows:
//!
//! - in-class distance: for each class that both shards hold, the distance between the class's mean records in the two;
//!   averaged over these classes, each counting the same;
//! - pairwise distance: for each such class, the mean of the distances between a record of the one and a record of the other;
//!   averaged likewise. Of a class with more than [`MAX_PAIRWISE_RECORDS`] records in a shard as many are drawn for it, without
//!   replacement, from the seed; with fewer it is exact.
//!
//! Both are from 0 to the root of the number of features. Swapping the shards changes neither beyond the drawn records.

use rand::seq::index;
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::seed::Seed;
use crate::unit_scale::UnitScale;

/// Records of a class and a shard between which pairwise distances are measured, at most.
pub const MAX_PAIRWISE_RECORDS: usize = 1000;

/// The mean over the classes in both shards of the distance between the class's mean records; `None` when they share no class.
/// `a` and `b` are rows of the data.
///
/// # Panics
/// When a row is not in the data set.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::distance::in_class_distance;
/// use turncoat_learn::{Dataset, Feature, FeatureKind, UnitScale};
///
/// let x = Feature { name: "x".into(), kind: FeatureKind::Numeric };
/// let line = Dataset::new("line", array![[0.0], [0.0], [2.0]], vec![0, 0, 0], vec![x], vec!["all".into()])?;
/// let scale = UnitScale::of(line.records());
/// // Between rows at the two ends of the scale.
/// assert_eq!(in_class_distance(&line, &scale, &[0, 1], &[2]), Some(1.0));
/// # Ok::<(), turncoat_learn::DatasetError>(())
/// ```
#[must_use]
pub fn in_class_distance(data: &Dataset, scale: &UnitScale, a: &[usize], b: &[usize]) -> Option<f64> {
    let (a, b) = (class_means(data, scale, a), class_means(data, scale, b));
    let distances = a.iter().zip(&b).filter_map(|pair| match pair {
        (Some(a), Some(b)) => Some(euclidean(a, b)),
        _ => None,
    });
    mean(distances)
}

/// The mean over the classes in both shards of the mean distance between their records; `None` when they share no class. `a` and
/// `b` are rows of the data; what is drawn of large classes comes from the streams `pairwise` below `seed`.
///
/// # Panics
/// When a row is not in the data set.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::distance::pairwise_distance;
/// use turncoat_learn::{Dataset, Feature, FeatureKind, Seed, UnitScale};
///
/// let x = Feature { name: "x".into(), kind: FeatureKind::Numeric };
/// let line = Dataset::new("line", array![[0.0], [0.0], [2.0]], vec![0, 0, 0], vec![x], vec!["all".into()])?;
/// let scale = UnitScale::of(line.records());
/// // Between rows at the two ends of the scale.
/// assert_eq!(pairwise_distance(&line, &scale, &[0], &[2], Seed::root(1)), Some(1.0));
/// # Ok::<(), turncoat_learn::DatasetError>(())
/// ```
#[must_use]
pub fn pairwise_distance(
    data: &Dataset,
    scale: &UnitScale,
    a: &[usize],
    b: &[usize],
    seed: Seed,
) -> Option<f64> {
    let (a, b) = (by_class(data, a), by_class(data, b));
    let distances = a.iter().zip(&b).enumerate().filter(|(_, (a, b))| !a.is_empty() && !b.is_empty()).map(
        |(class, (a, b))| {
            let seed = seed.child("class", class as u64);
            let a = scaled(data, scale, &at_most(a, seed.child("shard", 0)));
            let b = scaled(data, scale, &at_most(b, seed.child("shard", 1)));
            let blocks: Vec<Block> = b.chunks(LANES).map(Block::new).collect();
            // One sum a record of the one shard, on whatever thread; the sums are summed in the order of the records.
            let sum = |a: &Vec<f64>| blocks.iter().flat_map(|block| block.distances(a)).sum::<f64>();
            let sums: Vec<f64> = a.par_iter().map(sum).collect();
            sums.iter().sum::<f64>() / (a.len() * b.len()) as f64
        },
    );
    mean(distances)
}

/// Records to which a distance is measured at a time.
const LANES: usize = 8;

/// As many records, value by value: their distances to another one are sums that do not wait for each other, each in the order of the
/// features, as one by one.
struct Block {
    values: Vec<[f64; LANES]>,
    records: usize,
}

impl Block {
    fn new(records: &[Vec<f64>]) -> Self {
        let value = |feature: usize| {
            std::array::from_fn(|lane| records.get(lane).map_or(0.0, |record: &Vec<f64>| record[feature]))
        };
        let values = (0..records.first().map_or(0, Vec::len)).map(value).collect();
        Self { values, records: records.len() }
    }

    fn distances(&self, a: &[f64]) -> impl Iterator<Item = f64> + use<> {
        let mut sums = [0.0; LANES];
        for (a, b) in a.iter().zip(&self.values) {
            for lane in 0..LANES {
                sums[lane] += (a - b[lane]) * (a - b[lane]);
            }
        }
        sums.into_iter().take(self.records).map(f64::sqrt)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn euclidean(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

fn by_class(data: &Dataset, rows: &[usize]) -> Vec<Vec<usize>> {
    let mut classes = vec![Vec::new(); data.classes()];
    rows.iter().for_each(|&row| classes[data.labels()[row] as usize].push(row));
    classes
}

/// The mean record of each class, features in [0, 1].
fn class_means(data: &Dataset, scale: &UnitScale, rows: &[usize]) -> Vec<Option<Vec<f64>>> {
    let records = data.records();
    let of_class = |rows: Vec<usize>| {
        let mut sums = vec![0.0; data.records().ncols()];
        for &row in &rows {
            sums.iter_mut().zip(scale.scaled(records.row(row))).for_each(|(sum, value)| *sum += value);
        }
        (!rows.is_empty()).then(|| sums.into_iter().map(|sum| sum / rows.len() as f64).collect())
    };
    by_class(data, rows).into_iter().map(of_class).collect()
}

fn scaled(data: &Dataset, scale: &UnitScale, rows: &[usize]) -> Vec<Vec<f64>> {
    let records = data.records();
    rows.iter().map(|&row| scale.scaled(records.row(row)).collect()).collect()
}

/// The rows, or as many of them as are allowed, in their order.
fn at_most(rows: &[usize], seed: Seed) -> Vec<usize> {
    if rows.len() <= MAX_PAIRWISE_RECORDS {
        return rows.to_vec();
    }
    let drawn = index::sample(&mut seed.stream("pairwise"), rows.len(), MAX_PAIRWISE_RECORDS);
    let mut places = drawn.into_vec();
    places.sort_unstable();
    places.into_iter().map(|place| rows[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Feature, FeatureKind};
    use ndarray::{Array2, array};

    fn data(records: Array2<f32>, labels: Vec<u32>, classes: usize) -> Dataset {
        let feature = |c: usize| Feature { name: format!("f{c}"), kind: FeatureKind::Numeric };
        let features = (0..records.ncols()).map(feature).collect();
        Dataset::new("set", records, labels, features, (0..classes).map(|c| c.to_string()).collect()).unwrap()
    }

    fn both(data: &Dataset, a: &[usize], b: &[usize]) -> (Option<f64>, Option<f64>) {
        let scale = UnitScale::of(data.records());
        (in_class_distance(data, &scale, a, b), pairwise_distance(data, &scale, a, b, Seed::root(1)))
    }

    /// The first feature is divided by 10, the second by 4, the third is constant.
    #[test]
    fn three_classes_by_hand() {
        let set = data(
            array![
                [0.0, 0.0, 7.0],  // class 0, first shard: (0, 0)
                [3.0, 1.6, 7.0],  // class 0, second: (0.3, 0.4), 0.5 from it
                [10.0, 4.0, 7.0], // class 1, first: (1, 1)
                [8.0, 4.0, 7.0],  // class 1, first: (0.8, 1)
                [9.0, 0.0, 7.0],  // class 1, second: (0.9, 0), 1 from their mean
                [5.0, 2.0, 7.0],  // class 2, first shard only
            ],
            vec![0, 0, 1, 1, 1, 2],
            4,
        );
        let (in_class, pairwise) = both(&set, &[0, 2, 3, 5], &[1, 4]);
        assert!((in_class.unwrap() - 0.75).abs() < 1e-7, "{in_class:?}");
        // Both records of class 1 are the root of 1.01 from the one of the other shard.
        assert!((pairwise.unwrap() - (0.5 + 1.01_f64.sqrt()) / 2.0).abs() < 1e-7, "{pairwise:?}");
        assert_eq!(both(&set, &[1, 4], &[0, 2, 3, 5]), (in_class, pairwise));
    }

    #[test]
    fn a_shard_is_at_no_distance_from_itself_and_at_none_from_other_classes() {
        let set = data(array![[0.0], [1.0], [0.25], [0.5]], vec![0, 0, 1, 1], 2);
        let (in_class, pairwise) = both(&set, &[0, 1], &[0, 1]);
        assert_eq!(in_class, Some(0.0));
        // Of the four pairs two are of a record with itself.
        assert_eq!(pairwise, Some(0.5));
        assert_eq!(both(&set, &[0, 1], &[2, 3]), (None, None));
        assert_eq!(both(&set, &[], &[2, 3]), (None, None));
    }

    /// 0 or 1 at random in one shard, always 0 in the other: on average half a unit away, whichever 1,000 are drawn.
    #[test]
    fn large_classes_are_measured_on_a_seeded_sample() {
        let values: Vec<f32> = (0..5000).map(|i| if i < 3000 { (i % 2) as f32 } else { 0.0 }).collect();
        let set = data(Array2::from_shape_vec((5000, 1), values).unwrap(), vec![0; 5000], 1);
        let (a, b): (Vec<usize>, Vec<usize>) = ((0..3000).collect(), (3000..5000).collect());
        let (in_class, pairwise) = both(&set, &a, &b);
        assert_eq!(in_class, Some(0.5));
        let pairwise = pairwise.unwrap();
        // Its standard deviation is below 0.5 / sqrt(1000) = 0.016.
        assert!((pairwise - 0.5).abs() < 0.06 && pairwise != 0.5, "{pairwise}");
        assert_eq!(both(&set, &a, &b).1, Some(pairwise));
    }
}
