//! The products of the filter where few values of the training records are not 0: lists of these by feature.
//!
//! A query goes through the lists of those of its features that are not 0 and adds to g of each record it meets. What is left
//! out is a product with 0, so this is one of the orders of adding that the bound of the [filter](super::filter) is proven
//! for. Records are taken in blocks whose g stay in the nearest cache and whose places fit into two bytes.

use ndarray::ArrayView2;

/// Records in a block: 32 KiB of g.
const BLOCK: usize = 1 << 13;
/// Records are sparse when fewer than one value in so many is apart from its centre. Lists then gain on a matrix product for
/// queries about as sparse as that, and lose for those without zeros.
const SPARSE: usize = 10;

/// Values of training records by block and feature.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lists {
    features: usize,
    /// g before anything was added to it, of each record.
    first: Vec<f32>,
    /// Where the values of a feature in a block start, in the order of block and feature; then how many there are.
    starts: Vec<usize>,
    /// Place of the record in its block.
    places: Vec<u16>,
    values: Vec<f32>,
}

impl Lists {
    /// Lists of `first.len()` records. `entries` gives their features that are not at the centre, and their values.
    pub(super) fn new<E: Iterator<Item = (usize, f32)>>(
        features: usize,
        first: Vec<f32>,
        entries: impl Fn(usize) -> E,
    ) -> Self {
        let mut starts = vec![0; first.len().div_ceil(BLOCK) * features + 1];
        let list = |record: usize, feature: usize| record / BLOCK * features + feature;
        for record in 0..first.len() {
            entries(record).for_each(|(feature, _)| starts[list(record, feature) + 1] += 1);
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let all = starts.last().copied().unwrap_or(0);
        let (mut places, mut values) = (vec![0u16; all], vec![0.0; all]);
        let mut next = starts.clone();
        for record in 0..first.len() {
            for (feature, value) in entries(record) {
                let next = &mut next[list(record, feature)];
                places[*next] = (record % BLOCK) as u16;
                values[*next] = value;
                *next += 1;
            }
        }
        Self { features, first, starts, places, values }
    }

    /// Shows g of all queries and records: the query, the first of some records, and their g.
    pub(super) fn distances(&self, queries: &SparseQueries, mut show: impl FnMut(usize, usize, &[f32])) {
        let mut sums = [0.0f32; BLOCK];
        for (block, first) in self.first.chunks(BLOCK).enumerate() {
            let starts = &self.starts[block * self.features..][..=self.features];
            let sums = &mut sums[..first.len()];
            for (query, ends) in queries.ends.windows(2).enumerate() {
                sums.copy_from_slice(first);
                for &(feature, weight) in &queries.entries[ends[0]..ends[1]] {
                    let list = starts[feature as usize]..starts[feature as usize + 1];
                    for (&place, &value) in self.places[list.clone()].iter().zip(&self.values[list]) {
                        sums[usize::from(place)] += weight * value;
                    }
                }
                show(query, block * BLOCK, sums);
            }
        }
    }

    /// Bytes of its arrays.
    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(&self.first[..])
            + size_of_val(&self.starts[..])
            + size_of_val(&self.places[..])
            + size_of_val(&self.values[..])
    }
}

/// Values of queries that are not 0.
#[derive(Debug)]
pub(super) struct SparseQueries {
    /// Feature and minus twice the value, ascending by feature.
    entries: Vec<(u32, f32)>,
    /// Where the entries of each query end, after a 0.
    ends: Vec<usize>,
}

impl SparseQueries {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), ends: vec![0] }
    }

    /// Another query: the factors of its features.
    pub(super) fn push(&mut self, factors: &[f32]) {
        let entries = factors.iter().enumerate().filter(|(_, factor)| **factor != 0.0);
        self.entries.extend(entries.map(|(feature, &factor)| (feature as u32, factor)));
        self.ends.push(self.entries.len());
    }
}

/// The centre to keep records around as lists; `None` where too many values are apart from it.
///
/// It is 0 where at least half of the records have that, else the mean, which a feature that is constant is not apart from.
pub(super) fn centre(records: ArrayView2<'_, f32>, means: &[f32]) -> Option<Vec<f32>> {
    let (n, d) = records.dim();
    let mut others = vec![0usize; d];
    for record in records.rows() {
        others.iter_mut().zip(record).for_each(|(others, &value)| *others += usize::from(value != 0.0));
    }
    let few = |apart: usize| apart.saturating_mul(SPARSE) < n * d;
    // Around 0 these are apart for sure.
    if !few(others.iter().filter(|others| **others <= n / 2).sum()) {
        return None;
    }
    let chosen = others.iter().zip(means);
    let centre: Vec<f32> = chosen.map(|(&others, &mean)| if others > n / 2 { mean } else { 0.0 }).collect();
    let apart = records.rows().into_iter().map(|record| {
        record.iter().zip(&centre).map(|(value, centre)| usize::from(value != centre)).sum::<usize>()
    });
    few(apart.sum()).then_some(centre)
}

#[cfg(test)]
mod tests {
    use crate::learner::Model;
    use ndarray::{Array2, Axis};
    use rand::RngExt;

    use super::*;
    use crate::knn::Weights;
    use crate::knn::filter::Filter;
    use crate::knn::tests::{fit, params};
    use crate::seed::Seed;

    /// Sparse records with duplicates, a feature that is constant, one that is nowhere 0 and one that is always 0.
    fn records(stream: &mut impl rand::Rng, n: usize, d: usize, kind: usize) -> Array2<f32> {
        let mut records = Array2::from_shape_fn((n, d), |(_, feature)| {
            let drawn = stream.random::<f32>();
            let size = match kind {
                0 => 1.0,
                1 => (drawn * 1e4).fract() - 0.5,
                _ => ((drawn * 1e4).fract() * 90.0 - 45.0).exp2(),
            };
            match feature {
                0 => 7.3,
                1 => 2000.0 + drawn,
                2 => -0.0,
                _ if drawn < 0.04 => size,
                _ => 0.0,
            }
        });
        for row in (0..n / 3).map(|row| row * 3) {
            let other = records.row(row / 2).to_owned();
            records.row_mut(row).assign(&other);
        }
        records
    }

    /// Around the means as a matrix, which is what records that are not sparse get.
    #[test]
    fn lists_and_matrix_answer_alike() {
        let mut stream = Seed::root(5).stream("lists");
        // The last more than a block.
        let shapes = [(1, 40), (60, 40), (700, 120), (BLOCK + 300, 40)];
        for (case, (n, d)) in (0..3).flat_map(|kind| shapes.map(|shape| (kind, shape))) {
            let known = records(&mut stream, n, d, case);
            let labels: Vec<u32> = (0..n).map(|_| stream.random_range(0..4)).collect();
            let mut requested = records(&mut stream, 60, d, case);
            for row in 0..20.min(n) {
                requested.row_mut(row).assign(&known.row(n - 1 - row));
            }
            // Dense, at 0, and one that the bound does not hold for.
            requested.row_mut(20).iter_mut().for_each(|value| *value = stream.random());
            requested.row_mut(21).fill(0.0);
            requested.row_mut(22).fill(1e30);
            for (k, weights) in [(1, Weights::Uniform), (5, Weights::Uniform), (5, Weights::Distance)] {
                let lists = fit(&params(k, weights), &known, &labels, 4);
                let means = lists.records.mean_axis(Axis(0)).unwrap().to_vec();
                assert!(centre(lists.records.view(), &means).is_some(), "case {case}");
                let mut matrix = lists.clone();
                matrix.filter = Filter::around(matrix.records.view(), means, false);
                assert_ne!(lists.filter, matrix.filter);
                if n > 1 {
                    assert!(lists.heap_bytes() < matrix.heap_bytes());
                }
                let answers = [lists, matrix]
                    .map(|model| model.predict_proba(requested.view()).unwrap().view().to_owned());
                let bits = |vectors: &Array2<f64>| vectors.mapv(f64::to_bits);
                assert_eq!(bits(&answers[0]), bits(&answers[1]), "case {case}, {n} records, k = {k}");
            }
        }
    }

    #[test]
    fn g_by_hand() {
        // Features 0 and 2 of two records; a query that has features 1 and 2.
        let entries = [vec![(0, 1.0), (2, 0.5)], vec![(2, -1.0)]];
        let lists = Lists::new(3, vec![10.0, 20.0], |record| entries[record].iter().copied());
        let mut queries = SparseQueries::new();
        queries.push(&[0.0, -4.0, -2.0]);
        queries.push(&[0.0, 0.0, 0.0]);
        let mut shown = Vec::new();
        lists.distances(&queries, |query, start, g| shown.push((query, start, g.to_vec())));
        assert_eq!(shown, [(0, 0, vec![9.0, 22.0]), (1, 0, vec![10.0, 20.0])]);
    }

    #[test]
    fn few_values_apart_make_lists() {
        let of = |records: Array2<f32>| {
            let means = records.mean_axis(Axis(0)).unwrap().to_vec();
            centre(records.view(), &means)
        };
        let some = |number: usize| {
            Array2::from_shape_fn((10, 10), move |(i, j)| f32::from(u8::from(i * 10 + j < number)))
        };
        assert_eq!(of(some(9)), Some(vec![0.0; 10]));
        assert_eq!(of(some(10)), None);
        // Constant but not 0.
        assert_eq!(of(Array2::from_elem((10, 10), 0.5)), Some(vec![0.5; 10]));
        // One feature that is nowhere 0 is one too many here.
        let mut dense = Array2::zeros((10, 10));
        dense.column_mut(3).iter_mut().enumerate().for_each(|(row, value)| *value = row as f32 + 1.0);
        assert_eq!(of(dense), None);
    }
}
