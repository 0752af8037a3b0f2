//! Records that are equal: the same value in every feature, as learners see them.
//!
//! Two records of the same features and class are copies: whoever trains on the one has trained on the other. Records of the same
//! features and another class contradict each other, which is no model's fault, and are not copies.
//!
//! Rows are sorted by a hash of their content and compared where hashes are equal, so that 60,000 images take a moment, and
//! what is found does not depend on the hash.

use std::cmp::Ordering;

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use crate::dataset::Dataset;

/// Which records of a data set are equal.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::data::{DataFolders, DataSource};
/// use turncoat_learn::{EqualRecords, Seed};
///
/// let records = array![[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [1.0, 2.0]];
/// let equal = EqualRecords::of(records.view(), &[0, 1, 0, 1]);
/// assert_eq!((equal.repeated(), equal.contradicting()), (1, 3));
/// // Rows 1 to 3 without copies of row 0: row 3 is of another class.
/// assert_eq!(equal.without_copies(&[1, 2, 3], [0]), [1, 3]);
///
/// let iris = DataSource::Iris.load(&DataFolders::default(), Seed::root(1))?;
/// assert_eq!(EqualRecords::of_data(&iris).distinct().len(), 147);
/// # Ok::<(), turncoat_learn::data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EqualRecords {
    /// For each row the first one of the same features and class, itself for most.
    first: Vec<usize>,
    contradicting: usize,
}

impl EqualRecords {
    /// Of records `[n, d]` and their labels `[n]`.
    ///
    /// # Panics
    /// When there are fewer labels than records.
    #[must_use]
    pub fn of(records: ArrayView2<'_, f32>, labels: &[u32]) -> Self {
        let rows = records.nrows();
        let hashes: Vec<u64> = (0..rows).into_par_iter().map(|row| record_key(records.row(row)).0).collect();
        let order = |a: &usize, b: &usize| {
            let same_hash = || compare(records.row(*a), records.row(*b));
            hashes[*a].cmp(&hashes[*b]).then_with(same_hash).then((labels[*a], *a).cmp(&(labels[*b], *b)))
        };
        let mut sorted: Vec<usize> = (0..rows).collect();
        sorted.par_sort_unstable_by(order);
        let mut first: Vec<usize> = (0..rows).collect();
        let mut contradicting = 0;
        let alike = |a: &usize, b: &usize| {
            hashes[*a] == hashes[*b] && compare(records.row(*a), records.row(*b)) == Ordering::Equal
        };
        for equal in sorted.chunk_by(alike) {
            let mut classes = 0;
            for copies in equal.chunk_by(|a, b| labels[*a] == labels[*b]) {
                classes += 1;
                copies.iter().for_each(|&row| first[row] = copies[0]);
            }
            if classes > 1 {
                contradicting += equal.len();
            }
        }
        Self { first, contradicting }
    }

    /// Of a data set.
    #[must_use]
    pub fn of_data(data: &Dataset) -> Self {
        Self::of(data.records(), data.labels())
    }

    /// Rows that are the first of their features and class, ascending.
    #[must_use]
    pub fn distinct(&self) -> Vec<usize> {
        (0..self.first.len()).filter(|&row| self.first[row] == row).collect()
    }

    /// How many records equal an earlier one in features and class.
    #[must_use]
    pub fn repeated(&self) -> usize {
        (0..self.first.len()).filter(|&row| self.first[row] != row).count()
    }

    /// How many records equal another one in all features, and are of another class.
    #[must_use]
    pub fn contradicting(&self) -> usize {
        self.contradicting
    }

    /// Those of these rows that are no copy of one of the others, in their order.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn without_copies(&self, rows: &[usize], others: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut held = vec![false; self.first.len()];
        others.into_iter().for_each(|row| held[self.first[row]] = true);
        rows.iter().copied().filter(|&row| !held[self.first[row]]).collect()
    }
}

/// Value by value; 0.0 and -0.0 are equal, as they are to a learner.
fn compare(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> Ordering {
    let pairs = a.iter().zip(b).map(|(a, b)| (a + 0.0).total_cmp(&(b + 0.0)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

/// 128 bits by which a record is known within a process: equal records have equal keys, and others by chance of 2^-128. Nothing is drawn
/// from it and nothing is written with it. It takes a twentieth of a [`fingerprint`]'s time, for its steps do not wait for each other:
/// products of two words, folded, as in wyhash (Wang, 2019).
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::record_key;
///
/// assert_eq!(record_key(array![0.0, 1.5].view()), record_key(array![-0.0, 1.5].view()));
/// assert_ne!(record_key(array![0.0, 1.5].view()), record_key(array![1.5, 0.0].view()));
/// ```
#[must_use]
pub fn record_key(record: ArrayView1<'_, f32>) -> (u64, u64) {
    // Digits of pi.
    const KEYS: [u64; 8] = [
        0x243f_6a88_85a3_08d3,
        0x1319_8a2e_0370_7344,
        0xa409_3822_299f_31d0,
        0x082e_fa98_ec4e_6c89,
        0x4528_21e6_38d0_1377,
        0xbe54_66cf_34e9_0c6c,
        0xc0ac_29b7_c97c_50dd,
        0x3f84_d5b5_b547_0917,
    ];
    let folded = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    };
    let owned;
    let values = match record.as_slice() {
        Some(values) => values,
        None => {
            owned = record.to_vec();
            &owned
        }
    };
    let bits = |value: &f32| u64::from((value + 0.0).to_bits());
    let mut lanes = KEYS;
    let (pieces, rest) = values.as_chunks::<16>();
    let mut take = |piece: &[f32; 16]| {
        for (lane, pair) in lanes.iter_mut().zip(piece.as_chunks::<2>().0) {
            let word = bits(&pair[0]) << 32 | bits(&pair[1]);
            *lane = folded(*lane ^ word, KEYS[1] ^ lane.rotate_left(32)) ^ word;
        }
    };
    pieces.iter().for_each(&mut take);
    let mut last = [0.0; 16];
    last[..rest.len()].copy_from_slice(rest);
    take(&last);
    let end = |key: u64| {
        lanes
            .iter()
            .zip(KEYS)
            .fold(key ^ values.len() as u64, |so_far, (lane, key)| folded(so_far ^ lane, key))
    };
    (end(KEYS[2]), end(KEYS[5]))
}

/// 64 bits of a record and a number that goes with it: a chain of multiply-and-shift steps, bijective in each value, so that
/// records that differ in one feature never share a fingerprint and others do by chance of 2^-64.
///
/// ```
/// use ndarray::array;
/// use turncoat_learn::fingerprint;
///
/// let record = array![0.0, 1.5];
/// assert_eq!(fingerprint(record.view(), 2), fingerprint(array![-0.0, 1.5].view(), 2));
/// assert_ne!(fingerprint(record.view(), 2), fingerprint(record.view(), 3));
/// ```
#[must_use]
pub fn fingerprint(record: ArrayView1<'_, f32>, with: u32) -> u64 {
    // Adding zero turns -0.0 into 0.0: equal records are equal to a learner, too.
    record.iter().fold(mix(u64::from(with)), |hash, value| mix(hash ^ u64::from((value + 0.0).to_bits())))
}

/// A bijection of 64 bits in which every input bit reaches every output bit (the finaliser of SplitMix64, Steele et
/// al., 2014).
fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        let records = array![[0.0, 1.0], [-0.0, 1.0], [0.0, 2.0], [0.0, 1.0], [0.0, 2.0]];
        let equal = EqualRecords::of(records.view(), &[0, 0, 1, 1, 1]);
        assert_eq!(equal.first, [0, 0, 2, 3, 2]);
        assert_eq!(equal.distinct(), [0, 2, 3]);
        // Rows 0, 1 and 3 share their features and not their class.
        assert_eq!((equal.repeated(), equal.contradicting()), (2, 3));
        assert_eq!(equal.without_copies(&[4, 3, 1], [0, 2]), [3]);
        assert_eq!(equal.without_copies(&[4, 3, 1], []), [4, 3, 1]);
    }

    #[test]
    fn records_without_features_are_all_equal() {
        let equal = EqualRecords::of(Array2::zeros((3, 0)).view(), &[1, 0, 1]);
        assert_eq!((equal.first, equal.contradicting), (vec![0, 1, 0], 3));
    }

    proptest! {
        #[test]
        fn every_pair_is_compared_as_if_by_hand(
            rows in proptest::collection::vec((proptest::collection::vec(0_u8..3, 3), 0_u32..2), 1..30)
        ) {
            let records = Array2::from_shape_fn((rows.len(), 3), |(row, column)| f32::from(rows[row].0[column]));
            let labels: Vec<u32> = rows.iter().map(|(_, label)| *label).collect();
            let equal = EqualRecords::of(records.view(), &labels);
            let first: Vec<usize> =
                rows.iter().map(|row| rows.iter().position(|other| other == row).unwrap()).collect();
            let contradicting =
                rows.iter().filter(|a| rows.iter().any(|b| a.0 == b.0 && a.1 != b.1)).count();
            prop_assert_eq!((&equal.first, equal.contradicting()), (&first, contradicting));
        }
    }
}
