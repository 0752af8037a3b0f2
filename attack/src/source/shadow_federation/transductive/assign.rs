//! Targets given to shadow parties under random skews.
//!
//! Party j wants w_j(c) parts of class c, drawn from the exponential distribution (shares uniform on the simplex, up to
//! scale). Classes are then brought to the totals that they have and parties to equal sizes, in turns (iterative
//! proportional fitting; Deming and Stephan, 1940), which changes the odds between two parties by a factor common to all
//! classes. Parts of records are rounded up or down at random, without bias; which records go where is drawn. A party left
//! without a record, as may be among few, gets one of the largest party's.
//!
//! Guarantee: every record is given to one party, and every party gets a record if there is one for each. The assignment depends on the class totals and the stream alone.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, Exp1};
use turncoat_learn::seed::Stream;

/// Rounds of fitting classes and parties in turns; sizes settle to far below a record within them.
const ROUNDS: usize = 30;

/// The owner of each record, `[records]`. `by_class` holds the rows of each class, and each row once.
pub(super) fn assign(by_class: &[Vec<usize>], parties: usize, stream: &mut Stream) -> Vec<usize> {
    let records: usize = by_class.iter().map(Vec::len).sum();
    let size = records as f64 / parties as f64;
    let mut wanted: Vec<Vec<f64>> =
        by_class.iter().map(|_| (0..parties).map(|_| Exp1.sample(stream)).collect()).collect();
    for _ in 0..ROUNDS {
        for (wanted, rows) in wanted.iter_mut().zip(by_class) {
            scale(wanted.iter_mut(), rows.len() as f64);
        }
        for party in 0..parties {
            scale(wanted.iter_mut().map(|class| &mut class[party]), size);
        }
    }
    let mut owners = vec![0; records];
    for (wanted, rows) in wanted.iter().zip(by_class) {
        let mut rows = rows.clone();
        rows.shuffle(stream);
        let all: f64 = wanted.iter().sum();
        let offset: f64 = stream.random();
        let (mut upto, mut next) = (0.0, 0);
        for (party, part) in wanted.iter().enumerate() {
            upto += part;
            let last = party + 1 == parties;
            let end = if last { rows.len() } else { (upto / all * rows.len() as f64 + offset) as usize };
            let end = end.clamp(next, rows.len());
            for &row in &rows[next..end] {
                owners[row] = party;
            }
            next = end;
        }
    }
    for party in 0..parties.min(records) {
        let size = |party: usize| owners.iter().filter(|&&owner| owner == party).count();
        if size(party) == 0 {
            let largest = (0..parties).max_by_key(|&party| size(party));
            let given = owners.iter().position(|&owner| Some(owner) == largest);
            owners[given.expect("the largest of several parties holds a record")] = party;
        }
    }
    owners
}

/// Brings parts to a sum, in proportion.
fn scale<'a>(parts: impl Iterator<Item = &'a mut f64>, total: f64) {
    let parts: Vec<&mut f64> = parts.collect();
    let sum: f64 = parts.iter().map(|part| **part).sum();
    if sum > 0.0 {
        for part in parts {
            *part *= total / sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use turncoat_learn::Seed;

    #[test]
    fn parties_come_out_equal_and_classes_are_skewed() {
        let by_class: Vec<Vec<usize>> =
            vec![(0..400).collect(), (400..900).collect(), vec![], (900..1_200).collect()];
        for parties in [2, 3] {
            let mut largest = 0;
            for repeat in 0..50 {
                let mut stream = Seed::root(3).child("repeat", repeat).stream("deal");
                let owners = assign(&by_class, parties, &mut stream);
                for party in 0..parties {
                    let size = owners.iter().filter(|&&owner| owner == party).count();
                    // Each class rounds by less than a record, and the last round of fitting leaves next to nothing.
                    assert!(size.abs_diff(1_200 / parties) <= 12, "{size} of 1,200 to one of {parties}");
                    largest = largest.max(owners[..400].iter().filter(|&&owner| owner == party).count());
                }
            }
            assert!(largest > 250, "some party gets most of a class at times: {largest}");
        }
    }

    #[test]
    fn no_party_is_left_without_a_record() {
        let by_class: Vec<Vec<usize>> = (0..5).map(|row| vec![row]).collect();
        for repeat in 0..200 {
            let owners = assign(&by_class, 4, &mut Seed::root(4).child("repeat", repeat).stream("deal"));
            assert!((0..4).all(|party| owners.contains(&party)), "{owners:?}");
        }
    }
}
