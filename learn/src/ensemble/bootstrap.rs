//! Bootstrap samples: as many rows as there are, drawn with replacement.

use rand::RngExt;

use crate::seed::Seed;

/// A sample of rows, which are given in an order that the records alone decide; so the sample is one of records, wherever
/// they stand in the data set.
pub(super) fn bootstrap(rows: &[usize], seed: Seed) -> Vec<usize> {
    let mut stream = seed.stream("bootstrap");
    let n = rows.len() as u64;
    rows.iter().map(|_| rows[stream.random_range(0..n) as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_third_of_the_rows_is_left_out() {
        let rows: Vec<usize> = (100..10_100).collect();
        let mut sample = bootstrap(&rows, Seed::root(3));
        assert_eq!(sample.len(), rows.len());
        sample.sort_unstable();
        sample.dedup();
        // 1 - 1/e of 10,000, standard deviation 31.
        assert!((6200..6440).contains(&sample.len()), "{}", sample.len());
        assert!(sample.iter().all(|row| rows.contains(row)));
        assert_ne!(bootstrap(&rows, Seed::root(3)), bootstrap(&rows, Seed::root(4)));
        assert!(bootstrap(&[], Seed::root(3)).is_empty());
    }
}
