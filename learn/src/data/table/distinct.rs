//! How many different values a column has, in memory that grows with these and not with the rows.

/// Values kept before those that are there twice are let go.
const LEAST: usize = 1 << 10;

/// Counts different values.
#[derive(Debug, Default)]
pub(super) struct Distinct<T> {
    seen: Vec<T>,
    /// When to look for those that are there twice.
    full: usize,
}

impl<T: Ord + Copy> Distinct<T> {
    pub(super) fn add(&mut self, value: T) {
        if self.seen.last() == Some(&value) {
            return;
        }
        self.seen.push(value);
        if self.seen.len() >= self.full.max(LEAST) {
            self.tidy();
            self.full = 2 * self.seen.len();
        }
    }

    /// The different values, in order.
    pub(super) fn values(&mut self) -> &[T] {
        self.tidy();
        &self.seen
    }

    fn tidy(&mut self) {
        self.seen.sort_unstable();
        self.seen.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_once_however_many_there_are() {
        for (values, each) in [(7_u64, 1_000_u64), (5_000, 3), (1, 1)] {
            let mut distinct = Distinct::default();
            (0..values * each).for_each(|at| distinct.add(at * 31 % values));
            assert_eq!(distinct.values(), (0..values).collect::<Vec<_>>());
            assert!(distinct.seen.capacity() as u64 <= 4 * values + 2 * LEAST as u64);
        }
    }
}
