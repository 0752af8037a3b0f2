//! k-means: Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii, 2007).
//!
//! Guarantee: the same records in the same order and the same stream give the same clusters to the bit, on any number of
//! threads: only the nearest centre of each record is sought in parallel, and that depends on nothing but the record and the
//! centres; sums run in the order of the records, in f64.

use ndarray::{ArrayView1, ArrayView2};
use rand::RngExt;
use rayon::prelude::*;

use crate::seed::Stream;

/// Passes over the records at most; where the last one still moves records, their clusters are as it left them.
const MAX_PASSES: usize = 100;
/// Partial sums of a squared distance: as many as fill the registers of a processor, fixed so that the order of the sum is.
const LANES: usize = 16;

/// The cluster of each record, from 0, at most `k` different ones: fewer where there are fewer different records. Shape of the
/// records `[n, d]`, finite; `k` is at least 1.
pub(crate) fn k_means(records: ArrayView2<'_, f32>, k: usize, stream: &mut Stream) -> Vec<u32> {
    let records = records.as_standard_layout();
    let (n, d) = records.dim();
    if n == 0 {
        return Vec::new();
    }
    let mut centres = start(records.view(), k, stream);
    let mut clusters = vec![0; n];
    for pass in 0..MAX_PASSES {
        let found: Vec<u32> =
            (0..n).into_par_iter().map(|i| nearest(slice(records.row(i)), &centres).0).collect();
        if pass > 0 && found == clusters {
            break;
        }
        clusters = found;
        let (mut sums, mut counts) = (vec![vec![0.0_f64; d]; centres.len()], vec![0_usize; centres.len()]);
        for (record, &cluster) in records.rows().into_iter().zip(&clusters) {
            counts[cluster as usize] += 1;
            sums[cluster as usize].iter_mut().zip(record).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        for ((centre, sums), count) in centres.iter_mut().zip(sums).zip(counts) {
            // A centre that lost all its records stays where it is.
            if count > 0 {
                centre.iter_mut().zip(sums).for_each(|(value, sum)| *value = (sum / count as f64) as f32);
            }
        }
    }
    clusters
}

/// k-means++: the first centre is any record, each further one a record drawn in proportion to its squared distance from the
/// nearest centre so far, until there are `k` or every record is one.
fn start(records: ArrayView2<'_, f32>, k: usize, stream: &mut Stream) -> Vec<Vec<f32>> {
    let n = records.nrows();
    let row = |i: usize| slice_of(&records, i).to_vec();
    let mut centres = vec![row(stream.random_range(0..n))];
    let mut distances = vec![f32::INFINITY; n];
    while centres.len() < k {
        let last = centres.last().expect("there is a first centre");
        distances.par_iter_mut().enumerate().for_each(|(i, distance)| {
            *distance = distance.min(squared_distance(slice_of(&records, i), last));
        });
        let total: f64 = distances.iter().map(|&distance| f64::from(distance)).sum();
        let mut left = stream.random::<f64>() * total;
        // Rounding may leave something after the last record: then it is the last that is no centre yet.
        let mut drawn = None;
        for (i, &distance) in distances.iter().enumerate().filter(|(_, distance)| **distance > 0.0) {
            drawn = Some(i);
            left -= f64::from(distance);
            if left < 0.0 {
                break;
            }
        }
        match drawn {
            Some(i) => centres.push(row(i)),
            None => break,
        }
    }
    centres
}

/// The nearest centre and its squared distance; the first of equals.
fn nearest(record: &[f32], centres: &[Vec<f32>]) -> (u32, f32) {
    let mut best = (0, f32::INFINITY);
    for (i, centre) in centres.iter().enumerate() {
        let distance = squared_distance(record, centre);
        if distance < best.1 {
            best = (i as u32, distance);
        }
    }
    best
}

fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest =
        a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += (a - b) * (a - b);
        }
    }
    lanes.iter().sum::<f32>() + rest
}

fn slice<'a>(row: ArrayView1<'a, f32>) -> &'a [f32] {
    row.to_slice().expect("a row of an array in standard layout is contiguous")
}

fn slice_of<'a>(records: &'a ArrayView2<'_, f32>, i: usize) -> &'a [f32] {
    slice(records.row(i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use ndarray::{Array2, array};

    fn clusters(records: &Array2<f32>, k: usize, seed: u64) -> Vec<u32> {
        k_means(records.view(), k, &mut Seed::root(seed).stream("k-means"))
    }

    /// Four heaps far from each other, of 50 records each within 0.05 of their middle.
    fn heaps() -> Array2<f32> {
        let mut stream = Seed::root(5).stream("heaps");
        Array2::from_shape_fn((200, 3), |(row, column)| {
            let middle = if (row % 4) >> column & 1 == 1 { 0.9 } else { 0.1 };
            middle + (stream.random::<f32>() - 0.5) * 0.1
        })
    }

    #[test]
    fn heaps_far_from_each_other_are_its_clusters() {
        let records = heaps();
        for seed in 0..20 {
            let found = clusters(&records, 4, seed);
            for row in 4..200 {
                assert_eq!(found[row], found[row % 4], "seed {seed}, row {row}");
            }
            let mut heaps = found[..4].to_vec();
            heaps.sort_unstable();
            assert_eq!(heaps, [0, 1, 2, 3], "seed {seed}");
        }
    }

    /// On a line, 0, 1, 2 and 10, 11, 12 part at any start, and one cluster is all.
    #[test]
    fn two_groups_on_a_line() {
        let records = array![[0.0], [10.0], [1.0], [11.0], [2.0], [12.0]];
        for seed in 0..20 {
            let found = clusters(&records, 2, seed);
            assert!(found.chunks(2).all(|pair| pair == &found[..2]) && found[0] != found[1], "{found:?}");
        }
        assert_eq!(clusters(&records, 1, 0), [0; 6]);
    }

    #[test]
    fn there_are_no_more_clusters_than_different_records() {
        let records = array![[1.0], [1.0], [3.0], [1.0]];
        let found = clusters(&records, 8, 1);
        assert_eq!((found[0], found[0]), (found[1], found[3]));
        assert_ne!(found[0], found[2]);
        assert!(found.iter().all(|&cluster| cluster < 2), "{found:?}");
        assert!(clusters(&Array2::zeros((0, 2)), 3, 1).is_empty());
        assert_eq!(clusters(&Array2::zeros((3, 0)), 2, 1), [0; 3]);
    }

    /// Records without heaps, where the last bit of a sum decides the cluster of some.
    #[test]
    fn threads_change_nothing() {
        let mut stream = Seed::root(6).stream("records");
        let records = Array2::from_shape_fn((3000, 37), |_| stream.random::<f32>());
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| clusters(&records, 8, 7))
        };
        let one = with(1);
        assert_eq!(one, with(4));
        assert_ne!(one, clusters(&records, 8, 8), "another stream starts elsewhere");
    }

    /// At the end every record is in the cluster whose mean is nearest: a fixed point of Lloyd's step.
    #[test]
    fn every_record_is_nearest_to_the_mean_of_its_own_cluster() {
        let mut stream = Seed::root(9).stream("records");
        let records = Array2::from_shape_fn((400, 2), |_| stream.random::<f32>());
        let found = clusters(&records, 5, 3);
        let means: Vec<Vec<f32>> = (0..5)
            .map(|cluster| {
                let own: Vec<usize> = (0..400).filter(|&row| found[row] == cluster).collect();
                (0..2).map(|c| own.iter().map(|&r| records[[r, c]]).sum::<f32>() / own.len() as f32).collect()
            })
            .collect();
        for (row, &cluster) in found.iter().enumerate() {
            let record = records.row(row).to_vec();
            let to = |mean: &Vec<f32>| squared_distance(&record, mean);
            let nearest = means.iter().map(to).fold(f32::INFINITY, f32::min);
            assert!(to(&means[cluster as usize]) <= nearest + 1e-5);
        }
    }
}
