//! Partitions by clusters: shards in which the same class looks different.
//!
//! 1. Each cluster of each class is shared out whole: one draw from the symmetric Dirichlet distribution over the parties,
//!    weighted by the number of records each is asked to get, says how many of the cluster's rows (in a shuffled order) fall to
//!    whom. What falls to a party in all clusters is its portion.
//! 2. A party gets the number of records it is asked to get, from the clusters in proportion to its portion of them (whole
//!    numbers by largest remainders). A portion smaller than that is given whole, and what is missing is reported by class.
//!
//! Rows of a portion beyond the number asked are held out. No party's records depend on the order of the parties.

use rand::seq::SliceRandom;

use super::clusters::Clusters;
use super::draw::{PartyRows, inhabited};
use super::error::Shortfall;
use super::skew::{apportion, dirichlet};
use crate::dataset::Dataset;
use crate::party_id::PartyId;
use crate::seed::Seed;

/// What each party gets, and where a portion was too small. `alpha` is finite and > 0.
pub(super) fn draw_clustered(
    records: &[usize],
    alpha: f64,
    clusters: &Clusters,
    available: &[usize],
    data: &Dataset,
    seed: Seed,
) -> (Vec<PartyRows>, Vec<Shortfall>) {
    let mut cells: Vec<Vec<Vec<usize>>> = vec![Vec::new(); data.classes()];
    for &row in available {
        let (of_class, cluster) = (&mut cells[data.labels()[row] as usize], clusters.of(row) as usize);
        if of_class.len() <= cluster {
            of_class.resize(cluster + 1, Vec::new());
        }
        of_class[cluster].push(row);
    }
    // The portion of each party: its rows of each cluster, in class order, with the class.
    let mut portions: Vec<Vec<(usize, Vec<usize>)>> = vec![Vec::new(); records.len()];
    for (class, of_class) in cells.into_iter().enumerate() {
        for (cluster, mut rows) in of_class.into_iter().enumerate() {
            let seed = seed.child("class", class as u64).child("cluster", cluster as u64);
            rows.shuffle(&mut seed.stream("pool"));
            let draw = dirichlet(alpha, records.len(), &mut seed.stream("skew"));
            let mut rows = rows.into_iter();
            let numbers = apportion(&weighted(&draw, records), rows.len());
            for (portion, number) in portions.iter_mut().zip(numbers) {
                portion.push((class, rows.by_ref().take(number).collect()));
            }
        }
    }
    let mut even = vec![0; data.classes()];
    inhabited(data).into_iter().for_each(|class| even[class] = 1);
    let mut shortfalls = Vec::new();
    let parties = u32::try_from(records.len()).expect("a checked partition has a bounded number of parties");
    let drawn = PartyId::first(parties)
        .zip(records)
        .zip(portions)
        .map(|((party, &requested), portion)| {
            let mut of_class = vec![0; data.classes()];
            portion.iter().for_each(|(class, rows)| of_class[*class] += rows.len());
            let held: usize = of_class.iter().sum();
            let mut rows = Vec::with_capacity(requested.min(held));
            if held <= requested {
                rows.extend(portion.into_iter().flat_map(|(_, rows)| rows));
                shortfalls.extend(missing(party, &of_class, &even, requested));
            } else {
                let sizes: Vec<usize> = portion.iter().map(|(_, rows)| rows.len()).collect();
                for ((_, own), number) in portion.into_iter().zip(in_proportion(&sizes, requested)) {
                    rows.extend(own.into_iter().take(number));
                }
            }
            rows.sort_unstable();
            let shares = of_class.iter().map(|&count| count as f64 / held.max(1) as f64).collect();
            PartyRows { rows, shares }
        })
        .collect();
    (drawn, shortfalls)
}

/// A draw over the parties weighted by the records they are asked to get; all zero where it falls to none that asks for any.
fn weighted(draw: &[f64], records: &[usize]) -> Vec<f64> {
    let weights: Vec<f64> =
        draw.iter().zip(records).map(|(share, &records)| share * records as f64).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| if sum > 0.0 { weight / sum } else { 0.0 }).collect()
}

/// What a party is missing, spread over its classes as its portion is; a party without any portion misses it as `even` says, of
/// every class alike that somebody is in.
fn missing(party: PartyId, of_class: &[usize], even: &[usize], requested: usize) -> Vec<Shortfall> {
    let held: usize = of_class.iter().sum();
    let wanted = if held == 0 { in_proportion(even, requested) } else { in_proportion(of_class, requested) };
    wanted
        .into_iter()
        .zip(of_class)
        .enumerate()
        .filter(|(_, (wanted, given))| wanted > given)
        .map(|(class, (wanted, &given))| Shortfall { party, class, wanted, given })
        .collect()
}

/// `total` in proportion to whole numbers of which one at least is above zero: floors, and the rest to the largest remainders
/// (ties to the lower index). Exact, so that no number exceeds its size where `total` is at most the sum.
fn in_proportion(sizes: &[usize], total: usize) -> Vec<usize> {
    let sum: u128 = sizes.iter().map(|&size| size as u128).sum();
    let product = |i: usize| sizes[i] as u128 * total as u128;
    let mut numbers: Vec<usize> = (0..sizes.len()).map(|i| (product(i) / sum) as usize).collect();
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|&i| (std::cmp::Reverse(product(i) % sum), i));
    let rest = total - numbers.iter().sum::<usize>();
    by_remainder.into_iter().take(rest).for_each(|i| numbers[i] += 1);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_in_proportion_sum_to_the_total() {
        assert_eq!(in_proportion(&[5, 3, 2], 10), [5, 3, 2]);
        // 2.5, 1.5, 1: the rest goes to the first of the two halves.
        assert_eq!(in_proportion(&[5, 3, 2], 5), [3, 1, 1]);
        assert_eq!(in_proportion(&[0, 1, 0], 7), [0, 7, 0]);
        assert_eq!(in_proportion(&[1, 1, 1], 2), [1, 1, 0]);
        assert_eq!(in_proportion(&[usize::MAX, usize::MAX], 3), [2, 1]);
    }

    #[test]
    fn a_draw_is_weighted_by_the_records_asked() {
        assert_eq!(weighted(&[0.5, 0.25, 0.25], &[10, 20, 0]), [0.5, 0.5, 0.0]);
        assert_eq!(weighted(&[1.0, 0.0], &[0, 5]), [0.0, 0.0]);
    }
}
