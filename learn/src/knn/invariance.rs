//! What must not change an answer: the order of rows, duplicates written as rows or as counts, threads, blocks and
//! rounding; and an oracle that looks at every record in f64.

use ndarray::{Array2, Axis};
use proptest::prelude::*;
use rand::RngExt;

use super::tests::{fit, params};
use super::*;
use crate::learner::Model;
use crate::seed::Seed;
use crate::tree::random;

fn weights(by_distance: bool) -> Weights {
    if by_distance { Weights::Distance } else { Weights::Uniform }
}

/// The definition, one query and one record at a time: neighbours from a full sort, places shared out among ties.
fn by_definition(
    params: &KnnParams,
    records: &Array2<f32>,
    labels: &[u32],
    classes: usize,
    query: &[f32],
) -> Vec<f64> {
    let mut all: Vec<(f64, u32)> = records
        .rows()
        .into_iter()
        .zip(labels)
        .map(|(record, &label)| {
            let mut sum = 0.0;
            for (&a, &b) in query.iter().zip(record) {
                let apart = f64::from(a) - f64::from(b);
                sum += apart * apart;
            }
            (sum, label)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let k = (params.get().k as usize).min(all.len());
    let last = all[k - 1].0;
    let nearer = all.iter().filter(|(distance, _)| *distance < last).count();
    let tied = all.iter().filter(|(distance, _)| *distance == last).count();
    let places = (k - nearer) as f64 / tied as f64;
    let mut shares = vec![0.0; classes];
    match params.get().weights {
        Weights::Uniform => {
            for &(distance, label) in all.iter().filter(|(distance, _)| *distance <= last) {
                // In units of a place over those that tie, which are whole.
                shares[label as usize] += if distance < last { tied as f64 } else { (k - nearer) as f64 };
            }
        }
        Weights::Distance if all[0].0 == 0.0 => {
            all.iter()
                .filter(|(distance, _)| *distance == 0.0)
                .for_each(|(_, label)| shares[*label as usize] += 1.0);
        }
        Weights::Distance => {
            // Equal votes are counted, then weighed.
            for equal in all.chunk_by(|a, b| a == b).take_while(|equal| equal[0].0 <= last) {
                let (distance, label) = equal[0];
                let share = if distance < last { 1.0 } else { places };
                shares[label as usize] += equal.len() as f64 * share / distance.sqrt();
            }
        }
    }
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

/// Records of several kinds: grids full of ties, mixed features, far from the origin, of all sizes at once.
fn data(kind: u32, n: usize, d: usize, seed: u64) -> (Array2<f32>, Vec<u32>) {
    let (mixed, labels) = random(n, d, 3, seed);
    let mut stream = Seed::root(seed).stream("knn test");
    let records = match kind {
        0 => mixed.mapv(|_| f32::from(u8::from(stream.random::<f32>() < 0.5))),
        1 => mixed,
        2 => mixed.mapv(|value| value / 256.0 + 1e6),
        _ => mixed.mapv(|value| (value - 0.4) * 10f32.powi((stream.random::<f32>() * 60.0) as i32 - 30)),
    };
    (records, labels)
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_the_definition_bit_by_bit(
        seed in 0u64..10_000, kind in 0u32..4, n in 1usize..160, d in 1usize..20, k in 1u32..12, by_distance: bool,
    ) {
        let (records, labels) = data(kind, n, d, seed);
        let (requested, _) = data(kind, 20, d, seed + 1);
        let params = params(k, weights(by_distance));
        let model = fit(&params, &records, &labels, 4);
        for queries in [&requested, &records] {
            let answers = model.predict_proba(queries.view()).unwrap();
            for (query, answer) in queries.rows().into_iter().zip(answers.view().rows()) {
                let expected = by_definition(&params, &records, &labels, 4, &query.to_vec());
                prop_assert_eq!(answer.to_vec(), expected);
            }
            for answer in answers.view().rows() {
                prop_assert!(answer.iter().all(|share| (0.0..=1.0).contains(share)));
                prop_assert!((answer.sum() - 1.0).abs() < 1e-12);
                prop_assert_eq!(answer[3], 0.0);
            }
        }
    }

    #[test]
    fn any_order_of_rows_gives_the_same_model(
        seed in 0u64..10_000, kind in 0u32..4, n in 1usize..120,
        order in Just((0..120usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (records, labels) = data(kind, n, 5, seed);
        let order: Vec<usize> = order.into_iter().filter(|&row| row < n).collect();
        let shuffled: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let model = fit(&KnnParams::default(), &records, &labels, 3);
        prop_assert_eq!(fit(&KnnParams::default(), &records.select(Axis(0), &order), &shuffled, 3), model);
    }

    #[test]
    fn rows_that_repeat_count_as_often(seed in 0u64..10_000, kind in 0u32..4, k in 1u32..7, by_distance: bool) {
        let (records, labels) = data(kind, 40, 4, seed);
        let twice: Vec<usize> = (0..40).chain(0..40).collect();
        let twice_labels: Vec<u32> = twice.iter().map(|&row| labels[row]).collect();
        // Twice the records and twice the places.
        let once = fit(&params(k, weights(by_distance)), &records, &labels, 3);
        let doubled = fit(&params(2 * k, weights(by_distance)), &records.select(Axis(0), &twice), &twice_labels, 3);
        prop_assert_eq!(once.heap_bytes(), doubled.heap_bytes());
        let (requested, _) = data(kind, 30, 4, seed + 1);
        let (a, b) = (once.predict_proba(requested.view()).unwrap(), doubled.predict_proba(requested.view()).unwrap());
        for (a, b) in a.view().iter().zip(b.view()) {
            prop_assert!((a - b).abs() < 1e-14);
        }
    }
}

#[test]
fn neither_threads_nor_blocks_change_a_bit() {
    // More records than a product takes, and binary ones, among which many tie.
    for (kind, d) in [(0, 12), (1, 30), (2, 3)] {
        let (records, labels) = data(kind, 2500, d, 9);
        let (requested, _) = data(kind, 700, d, 10);
        for weights in [Weights::Uniform, Weights::Distance] {
            let model = fit(&params(5, weights), &records, &labels, 3);
            let one = on_threads(1, || model.predict_proba(requested.view()).unwrap());
            for threads in [2, 5] {
                assert_eq!(on_threads(threads, || model.predict_proba(requested.view()).unwrap()), one);
            }
            for row in (0..700).step_by(97) {
                let query = requested.select(Axis(0), &[row]);
                let alone = model.predict_proba(query.view()).unwrap();
                assert_eq!(alone.view().row(0), one.view().row(row));
                let expected = by_definition(model.params(), &records, &labels, 3, query.as_slice().unwrap());
                assert_eq!(one.view().row(row).to_vec(), expected);
            }
        }
    }
}
