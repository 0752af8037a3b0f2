//! Which training records cannot be among the k nearest: rounded distances from a matrix product, with a proven bound.
//!
//! Records x and queries q are moved and scaled to a = (x - c) s and b = (q - c) s, c near the mean and s a power of two so
//! that values of a are within [-1, 1], and rounded to f32. With A and B the squared norms of the rounded a and b, D the
//! squared distance of a and b before they were rounded, u = 2^-24 the rounding unit of f32 and K = d + 1 the length of
//! the products, each record gets the number
//!
//! g = fl( sum over features of a_i (-2 b_i) + fl((1 - r) A) * 1 ).
//!
//! **Bound.** Any order of adding K products, with or without fused multiply-adds, errs by at most m = Ku / (1 - Ku) times
//! the sum of their magnitudes (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), which is at most
//! 2 sqrt(A B) + A <= 2A + B. Rounding a and b moves the distance by at most u (sqrt A + sqrt B), its square by 4u (A + B)
//! and what is of second order; rounding A costs u A. So with r = 2m + 8u
//!
//! g + (1 - r) B - e <= D <= g + 2r A + (1 + r) B + e,
//!
//! where e, K * 2^-100, is far above what underflow can do to values within 2^20. The distances that decide
//! are sums in f64 whose relative error is at most 2^-31; a slack of 2^-28 covers these and what is computed here in f64.
//!
//! If w is the k-th smallest of all g + 2r A, then k records have D <= w + (1 + r) B + e, and a record with
//! g > w + 2r B + 2e (+ slack) is not among the k nearest, nor does it tie with the last of them.

//!
//! None of this depends on c, nor on whether products with 0 are left out: records most of whose values are 0 stay where they
//! are and are kept as [lists](super::sparse).

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis, Slice};

use super::sparse::{self, Lists, SparseQueries};

/// Rounding unit of f32.
const UNIT: f64 = 1.0 / (1 << 24) as f64;
/// Covers rounding in f64, relative.
const SLACK: f64 = 1.0 / (1 << 28) as f64;
/// Largest value of a scaled query that the bound was proven for.
const REACH: f32 = (1 << 20) as f32;
/// Most features the bound is proven for: m <= 1/3.
pub(super) const MOST_FEATURES: usize = 1 << 22;

/// Most records in one matrix product.
const RECORDS: usize = 1024;

/// Training records, made ready.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    /// c: what is taken off each feature.
    centre: Vec<f32>,
    /// s.
    scale: f64,
    records: Records,
    /// 2r A of each record, rounded up.
    width: Vec<f32>,
    /// r.
    relative: f64,
}

/// The rounded a and (1 - r) A.
#[derive(Clone, Debug, PartialEq)]
enum Records {
    /// Shape `[n, d + 1]`.
    Dense(Array2<f32>),
    Sparse(Lists),
}

/// Minus twice the rounded b.
#[derive(Debug)]
enum Values {
    /// Shape `[q, d + 1]`, the last column 1.
    Dense(Array2<f32>),
    Sparse(SparseQueries),
}

/// Queries, made ready.
#[derive(Debug)]
pub(super) struct Queries {
    values: Values,
    /// B of each query; `None` for one so far from all records that the bound does not hold.
    norms: Vec<Option<f64>>,
}

impl Filter {
    /// Makes records `[n, d]` ready, d at most [`MOST_FEATURES`]. The order of the records says nothing to answers.
    pub(super) fn new(records: ArrayView2<'_, f32>) -> Self {
        let (n, d) = records.dim();
        let mut sums = vec![0.0f64; d];
        for record in records.rows() {
            sums.iter_mut().zip(record).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let means: Vec<f32> = sums.iter().map(|sum| (sum / n.max(1) as f64) as f32).collect();
        match sparse::centre(records, &means) {
            Some(centre) => Self::around(records, centre, true),
            None => Self::around(records, means, false),
        }
    }

    /// With c and the form of the records given.
    pub(super) fn around(records: ArrayView2<'_, f32>, centre: Vec<f32>, sparse: bool) -> Self {
        let (n, d) = records.dim();
        let mut largest = 0.0f64;
        for record in records.rows() {
            for (&value, &centre) in record.iter().zip(&centre) {
                largest = largest.max((f64::from(value) - f64::from(centre)).abs());
            }
        }
        let scale = if largest > 0.0 { 2f64.powi(-(largest.log2().ceil() as i32)) } else { 1.0 };
        let terms = (d + 1) as f64 * UNIT;
        let relative = 2.0 * terms / (1.0 - terms) + 8.0 * UNIT;
        let nothing = Records::Dense(Array2::zeros((0, 0)));
        let mut filter = Self { centre, scale, records: nothing, width: Vec::with_capacity(n), relative };
        filter.records = if sparse {
            let mut first = Vec::with_capacity(n);
            for record in records.rows() {
                let values = record.iter().enumerate().map(|(feature, &value)| filter.moved(feature, value));
                let norm = values.map(|value| f64::from(value) * f64::from(value)).sum();
                first.push(filter.weigh(norm));
            }
            Records::Sparse(Lists::new(d, first, |record| {
                let values = records.row(record).into_iter().enumerate();
                let moved = values.map(|(feature, &value)| (feature, filter.moved(feature, value)));
                moved.filter(|(_, value)| *value != 0.0)
            }))
        } else {
            let mut ready = Array2::zeros((n, d + 1));
            for (record, mut row) in records.rows().into_iter().zip(ready.rows_mut()) {
                let mut norm = 0.0;
                for (feature, &value) in record.iter().enumerate() {
                    let value = filter.moved(feature, value);
                    norm += f64::from(value) * f64::from(value);
                    row[feature] = value;
                }
                row[d] = filter.weigh(norm);
            }
            Records::Dense(ready)
        };
        filter
    }

    /// Keeps the width of the next record, of the norm A, and gives (1 - r) A.
    fn weigh(&mut self, norm: f64) -> f32 {
        self.width.push(round_up(2.0 * self.relative * norm));
        ((1.0 - self.relative) * norm) as f32
    }

    /// A value moved and scaled, rounded once to f32 and once, far below, to f64.
    #[inline]
    fn moved(&self, feature: usize, value: f32) -> f32 {
        ((f64::from(value) - f64::from(self.centre[feature])) * self.scale) as f32
    }

    /// Makes queries `[q, d]` ready.
    pub(super) fn queries(&self, queries: ArrayView2<'_, f32>) -> Queries {
        let (n, d) = queries.dim();
        let mut norms = Vec::with_capacity(n);
        // Minus twice the rounded b, then 1.
        let mut prepare = |query: ArrayView1<'_, f32>, row: &mut [f32]| {
            let (mut norm, mut within) = (0.0, true);
            for (feature, (&value, factor)) in query.iter().zip(&mut *row).enumerate() {
                let value = self.moved(feature, value);
                within &= value.abs() <= REACH;
                norm += f64::from(value) * f64::from(value);
                *factor = -2.0 * value;
            }
            row[d] = 1.0;
            if !within {
                // Its products are not looked at; nothing infinite shall come near the others.
                row.fill(0.0);
            }
            norms.push(within.then_some(norm));
        };
        let values = match &self.records {
            Records::Dense(_) => {
                let mut values = Array2::zeros((n, d + 1));
                for (query, mut row) in queries.rows().into_iter().zip(values.rows_mut()) {
                    prepare(query, row.as_slice_mut().expect("rows of a fresh array are contiguous"));
                }
                Values::Dense(values)
            }
            Records::Sparse(_) => {
                let (mut values, mut row) = (SparseQueries::new(), vec![0.0; d + 1]);
                for query in queries.rows() {
                    prepare(query, &mut row);
                    values.push(&row[..d]);
                }
                Values::Sparse(values)
            }
        };
        Queries { values, norms }
    }

    /// Shows g of all queries and records: the query, the first of some records, and their g. The records of a query come in
    /// their order, the queries were made ready by this filter.
    pub(super) fn distances(&self, queries: &Queries, mut show: impl FnMut(usize, usize, &[f32])) {
        match (&self.records, &queries.values) {
            (Records::Sparse(lists), Values::Sparse(values)) => lists.distances(values, show),
            (Records::Dense(records), Values::Dense(values)) => {
                let n = records.nrows();
                let mut rounded = Array2::zeros((values.nrows(), RECORDS.min(n)));
                for start in (0..n).step_by(RECORDS) {
                    let end = n.min(start + RECORDS);
                    let records = records.slice_axis(Axis(0), Slice::from(start..end));
                    let mut rounded = rounded.slice_axis_mut(Axis(1), Slice::from(..end - start));
                    general_mat_mul(1.0, values, &records.t(), 0.0, &mut rounded);
                    for (query, rounded) in rounded.rows().into_iter().enumerate() {
                        show(query, start, rounded.as_slice().expect("rows are contiguous"));
                    }
                }
            }
            _ => unreachable!("queries are in the form of the records they were made ready for"),
        }
    }

    /// 2r A of each record.
    pub(super) fn widths(&self) -> &[f32] {
        &self.width
    }

    /// Bounds for one query; `None` when all records have to be looked at.
    pub(super) fn bounds(&self, queries: &Queries, query: usize) -> Option<Bounds> {
        let underflow = (self.centre.len() + 1) as f64 * 2f64.powi(-100);
        queries.norms[query].map(|norm| Bounds {
            norm,
            relative: self.relative,
            underflow,
            square_of_scale: self.scale * self.scale,
        })
    }

    /// Bytes of its arrays.
    pub(super) fn heap_bytes(&self) -> usize {
        let records = match &self.records {
            Records::Dense(records) => records.len() * size_of::<f32>(),
            Records::Sparse(lists) => lists.heap_bytes(),
        };
        (self.centre.len() + self.width.len()) * size_of::<f32>() + records
    }
}

/// What g can tell about one query.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// B.
    norm: f64,
    /// r.
    relative: f64,
    /// e.
    underflow: f64,
    square_of_scale: f64,
}

impl Bounds {
    /// The largest g that a record among the k nearest, or tied with them, can have: w is the k-th smallest g + 2r A of any
    /// records.
    pub(super) fn most_by_widened(&self, w: f64) -> f32 {
        let slack = SLACK * (w.abs() + 2.0 * self.norm);
        round_up(w + 2.0 * self.relative * self.norm + 2.0 * self.underflow + slack)
    }

    /// The same from the exact squared distance of the k-th nearest of any records.
    pub(super) fn most_by_exact(&self, squared_distance: f64) -> f32 {
        let scaled = squared_distance * self.square_of_scale;
        let slack = SLACK * (scaled + self.norm);
        round_up(scaled - (1.0 - self.relative) * self.norm + self.underflow + slack)
    }
}

/// The smallest f32 that is not below.
fn round_up(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value { near.next_up() } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::nearest::squared_distances;
    use crate::seed::Seed;
    use rand::RngExt;

    /// Holds the bound against distances in f64 on records of all kinds.
    #[test]
    fn rounded_distances_are_within_their_bound() {
        let mut stream = Seed::root(3).stream("bound");
        for case in 0..75 {
            let (n, d) = (40, [1, 3, 14, 200, 784][case % 5]);
            let kind = case / 5 % 5;
            let mut value = |row: usize| {
                let drawn = stream.random::<f32>();
                match kind {
                    0 => drawn,
                    1 => 2000.0 + drawn,
                    2 => f32::from(u8::from(drawn < 0.3)),
                    3 => drawn * f32::from(u8::from(drawn < 0.04)),
                    _ => (drawn - 0.5) * 10f32.powi(row as i32 - 20),
                }
            };
            let records = Array2::from_shape_fn((n, d), |(row, _)| value(row));
            let requested = Array2::from_shape_fn((n, d), |(row, _)| value(row));
            let filter = Filter::new(records.view());
            let queries = filter.queries(requested.view());
            if d > 14 {
                assert_eq!(matches!(filter.records, Records::Sparse(_)), kind == 3);
            }
            let mut g = Array2::zeros((n, n));
            filter.distances(&queries, |query, start, shown: &[f32]| {
                assert_eq!((start, shown.len()), (0, n));
                g.row_mut(query).iter_mut().zip(shown).for_each(|(g, &shown)| *g = shown);
            });
            for ((q, x), &g) in g.indexed_iter() {
                let bounds = filter.bounds(&queries, q).expect("queries are like records");
                let exact = squared_distances(
                    requested.row(q).as_slice().unwrap(),
                    [records.row(x).as_slice().unwrap()],
                );
                let scaled = exact[0] * bounds.square_of_scale;
                let above = f64::from(g) + (1.0 - bounds.relative) * bounds.norm - bounds.underflow;
                let below = f64::from(g)
                    + f64::from(filter.width[x])
                    + (1.0 + bounds.relative) * bounds.norm
                    + bounds.underflow;
                assert!(
                    above <= scaled * (1.0 + SLACK) + SLACK * bounds.norm,
                    "case {case}: {above} {scaled}"
                );
                assert!(
                    scaled <= below * (1.0 + SLACK) + SLACK * bounds.norm,
                    "case {case}: {scaled} {below}"
                );
                // What decides: a record alone is a candidate under its own bounds.
                assert!(g <= bounds.most_by_exact(exact[0]));
                assert!(g <= bounds.most_by_widened(f64::from(g) + f64::from(filter.width[x])));
            }
        }
    }

    #[test]
    fn rounding_up_is_up() {
        for value in [0.1, 1.0, -0.1, 1e-60, -1e-60, 1e300, 3.0e38] {
            assert!(f64::from(round_up(value)) >= value);
        }
        assert_eq!(round_up(0.5), 0.5);
    }

    #[test]
    fn a_query_out_of_reach_is_reported() {
        let records = ndarray::array![[0.0f32], [1.0]];
        let filter = Filter::new(records.view());
        let queries = filter.queries(ndarray::array![[0.3f32], [1e30], [-3e6]].view());
        let reported = [0, 1, 2].map(|query| filter.bounds(&queries, query).is_some());
        assert_eq!(reported, [true, false, false]);
        let Values::Dense(values) = queries.values else { panic!("the records are dense") };
        assert!(values.iter().all(|value| value.is_finite()));
    }
}
