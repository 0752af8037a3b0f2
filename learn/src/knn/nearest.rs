//! The k nearest of the records shown so far by exact distance, with all that tie for the last places, and their votes.
//!
//! What is kept is a multiset of (squared distance, class), so the order in which records are shown says nothing. Memory:
//! of the order of k + classes entries, however many records tie.

use super::Weights;

/// Squared distances of a query to N records: squared differences added in f64, from the first feature to the last. The N sums
/// run side by side; each is the sum it would be alone.
#[inline]
pub(super) fn squared_distances<const N: usize>(query: &[f32], records: [&[f32]; N]) -> [f64; N] {
    let records = records.map(|record| &record[..query.len()]);
    let mut sums = [0.0; N];
    for (feature, &requested) in query.iter().enumerate() {
        for (sum, record) in sums.iter_mut().zip(&records) {
            let apart = f64::from(requested) - f64::from(record[feature]);
            *sum += apart * apart;
        }
    }
    sums
}

/// Training records of one class at one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Group {
    /// Squared.
    distance: f64,
    class: u32,
    records: u64,
}

/// The nearest so far.
#[derive(Debug)]
pub(super) struct Nearest {
    k: u64,
    /// Groups that are kept before they are put in order.
    limit: usize,
    groups: Vec<Group>,
    /// Squared distance of the k-th nearest when they were last in order; infinite while there were fewer.
    bound: f64,
}

impl Nearest {
    /// None yet; k is at least 1.
    pub(super) fn new(k: u32, classes: usize) -> Self {
        let limit = (k as usize).saturating_add(classes).saturating_mul(2).saturating_add(32);
        Self { k: u64::from(k), limit, groups: Vec::new(), bound: f64::INFINITY }
    }

    /// Shows records of one class at one squared distance.
    pub(super) fn show(&mut self, distance: f64, class: u32, records: u32) {
        if distance > self.bound {
            return;
        }
        self.groups.push(Group { distance, class, records: u64::from(records) });
        if self.groups.len() >= self.limit {
            self.put_in_order();
        }
    }

    /// Squared distance of the k-th nearest record shown so far; infinite while there are fewer.
    pub(super) fn bound(&mut self) -> f64 {
        self.put_in_order();
        self.bound
    }

    /// Ascending by distance and class, one group for each, none behind the distance of the k-th record.
    fn put_in_order(&mut self) {
        self.groups.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance).then(a.class.cmp(&b.class)));
        self.groups.dedup_by(|later, kept| {
            let same = later.distance == kept.distance && later.class == kept.class;
            if same {
                kept.records += later.records;
            }
            same
        });
        let mut seated = 0;
        for group in &self.groups {
            seated += group.records;
            if seated >= self.k {
                self.bound = group.distance;
                break;
            }
        }
        let bound = self.bound;
        let kept = self.groups.partition_point(|group| group.distance <= bound);
        self.groups.truncate(kept);
    }

    /// Writes the class shares of the k nearest over zeros, one place a class. At least one record was shown.
    ///
    /// With n nearer records in the first n < k places and t records that tie for the k - n left, each of these votes
    /// with (k - n) / t of its weight.
    pub(super) fn vote(&mut self, weights: Weights, shares: &mut [f64]) {
        self.put_in_order();
        let last = self.groups.last().expect("a record was shown").distance;
        let nearer = self.groups.partition_point(|group| group.distance < last);
        let seated: u64 = self.groups[..nearer].iter().map(|group| group.records).sum();
        let tied: u64 = self.groups[nearer..].iter().map(|group| group.records).sum();
        let places = (self.k - seated).min(tied);
        let closest = self.groups[0].distance;
        match weights {
            // Whole numbers until the one division: k * t and what adds up to it.
            Weights::Uniform => {
                let (places, tied) = if places == tied { (1, 1) } else { (places, tied) };
                for (place, group) in self.groups.iter().enumerate() {
                    let share = if place < nearer { tied } else { places };
                    shares[group.class as usize] += (group.records * share) as f64;
                }
            }
            Weights::Distance if closest == 0.0 => {
                for group in self.groups.iter().take_while(|group| group.distance == 0.0) {
                    shares[group.class as usize] += group.records as f64;
                }
            }
            Weights::Distance => {
                for (place, group) in self.groups.iter().enumerate() {
                    let share = if place < nearer { 1.0 } else { places as f64 / tied as f64 };
                    shares[group.class as usize] += group.records as f64 * share / group.distance.sqrt();
                }
            }
        }
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(k: u32, weights: Weights, shown: &[(f64, u32, u32)]) -> Vec<f64> {
        let mut answers: Vec<Vec<f64>> = [false, true]
            .map(|turned| {
                let mut nearest = Nearest::new(k, 3);
                let mut shown = shown.to_vec();
                if turned {
                    shown.reverse();
                }
                shown.iter().for_each(|&(distance, class, records)| nearest.show(distance, class, records));
                let mut shares = vec![0.0; 3];
                nearest.vote(weights, &mut shares);
                shares
            })
            .into();
        assert_eq!(answers[0], answers[1]);
        answers.remove(0)
    }

    #[test]
    fn places_left_are_shared_among_all_that_tie() {
        // One nearer record of class 0; two places for three records of class 1 and one of class 2.
        let shown = [(1.0, 0, 1), (4.0, 1, 3), (4.0, 2, 1), (9.0, 2, 100)];
        assert_eq!(vote(3, Weights::Uniform, &shown), [4.0 / 12.0, 6.0 / 12.0, 2.0 / 12.0]);
        // Weights 1 and 1/2, the latter halved: 1, 3/4, 1/4 of 2.
        assert_eq!(vote(3, Weights::Distance, &shown), [0.5, 0.375, 0.125]);
        // No tie left to break: all five.
        assert_eq!(vote(5, Weights::Uniform, &shown), [0.2, 0.6, 0.2]);
        // More places than records.
        assert_eq!(vote(1000, Weights::Uniform, &shown[..3]), [0.2, 0.6, 0.2]);
        // Only the tie.
        assert_eq!(vote(1, Weights::Uniform, &shown[1..3]), [0.0, 0.75, 0.25]);
    }

    #[test]
    fn where_the_distance_is_zero_only_that_counts() {
        let shown = [(0.0, 0, 1), (0.0, 1, 3), (1e-300, 2, 7)];
        assert_eq!(vote(9, Weights::Distance, &shown), [0.25, 0.75, 0.0]);
        assert_eq!(vote(2, Weights::Distance, &shown), [0.25, 0.75, 0.0]);
        assert_eq!(vote(8, Weights::Uniform, &shown), [0.125, 0.375, 0.5]);
    }

    #[test]
    fn many_that_tie_take_little_room() {
        let mut nearest = Nearest::new(3, 2);
        for shown in 0..100_000u32 {
            nearest.show(f64::from(shown % 5), shown % 2, 1);
            assert!(nearest.groups.len() < 42);
        }
        assert_eq!(nearest.bound(), 0.0);
        let mut shares = [0.0; 2];
        nearest.vote(Weights::Uniform, &mut shares);
        assert_eq!(shares, [0.5, 0.5]);
    }

    #[test]
    fn sums_side_by_side_are_those_of_one_alone() {
        let rows: Vec<Vec<f32>> =
            (0..4).map(|row| (0..9).map(|i| ((row * 9 + i) as f32).sin() * 1e3).collect()).collect();
        let query: Vec<f32> = (0..9).map(|i| (i as f32).cos()).collect();
        let together = squared_distances(&query, [0, 1, 2, 3].map(|row: usize| rows[row].as_slice()));
        for (row, distance) in rows.iter().zip(together) {
            assert_eq!(squared_distances(&query, [row.as_slice()]), [distance]);
            let sum: f64 = row
                .iter()
                .zip(&query)
                .map(|(&a, &b)| (f64::from(b) - f64::from(a)).powi(2))
                .fold(0.0, |sum, term| sum + term);
            assert_eq!(sum, distance);
        }
    }
}
