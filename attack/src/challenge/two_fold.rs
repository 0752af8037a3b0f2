//! Who is in the target's training data: two-fold splits of a pool of records, for cross-validation.
//!
//! Fold 2g halves the pool at random, class by class: one half trains the target, the other stays out. Fold 2g + 1 is the
//! same split with the roles changed, so that over an even number of folds each record is in as often as out (the
//! repeated two-fold scheme of Dietterich, 1998). Both halves hold equally many records of each class: a class with an odd
//! number leaves one record out of the fold, drawn anew for each split. Non-members are therefore class-matched.

use rand::seq::SliceRandom;
use turncoat_learn::Seed;

/// One fold: rows that train the target, and as many of each class that do not. Both ascending.
///
/// ```
/// use turncoat_attack::challenge::Halves;
/// use turncoat_learn::Seed;
///
/// let (pool, labels) = ([0, 1, 2, 3], [0, 0, 1, 1]);
/// let [fold, next] = [0, 1].map(|fold| Halves::of_fold(&pool, &labels, fold, Seed::root(1)));
/// assert_eq!((fold.inside.len(), fold.outside.len()), (2, 2));
/// assert_eq!(fold.inside, next.outside, "the roles change");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halves {
    /// Members.
    pub inside: Vec<usize>,
    /// Non-members.
    pub outside: Vec<usize>,
}

impl Halves {
    /// Fold `fold` of the pool's rows, whose classes are looked up in `labels`.
    ///
    /// # Panics
    /// When a row has no label: rows are drawn from the data set that the labels are of.
    #[must_use]
    pub fn of_fold(pool: &[usize], labels: &[u32], fold: u32, seed: Seed) -> Self {
        let mut stream = seed.child("halving", u64::from(fold / 2)).stream("halve");
        let mut rows: Vec<usize> = pool.to_vec();
        // Shuffled first, then put in class order: each class stands in a random order of its own.
        rows.shuffle(&mut stream);
        rows.sort_by_key(|&row| labels[row]);
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for class in rows.chunk_by(|&a, &b| labels[a] == labels[b]) {
            let half = class.len() / 2;
            inside.extend_from_slice(&class[..half]);
            outside.extend_from_slice(&class[half..2 * half]);
        }
        if fold % 2 == 1 {
            std::mem::swap(&mut inside, &mut outside);
        }
        inside.sort_unstable();
        outside.sort_unstable();
        Self { inside, outside }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_disjoint_alike_and_change_roles() {
        let labels: Vec<u32> = (0..101).map(|row| if row < 41 { 0 } else { 1 + row % 3 }).collect();
        let pool: Vec<usize> = (0..100).collect();
        let fold = |fold| Halves::of_fold(&pool, &labels, fold, Seed::root(5));
        let counts = |rows: &[usize]| {
            [0, 1, 2, 3].map(|class| rows.iter().filter(|&&row| labels[row] == class).count())
        };
        let first = fold(0);
        // 41, 20, 19 and 20 records.
        assert_eq!(counts(&first.inside), [20, 10, 9, 10]);
        assert_eq!(counts(&first.outside), [20, 10, 9, 10]);
        assert!(first.inside.iter().all(|row| !first.outside.contains(row)));
        assert_eq!((fold(1).inside, fold(1).outside), (first.outside.clone(), first.inside.clone()));
        assert_ne!(fold(2), first);
        assert_eq!(fold(0), first);
    }
}
