//! How far apart the shards are that an adversary has to tell apart (Truex et al., section 4.7.2, Figure 11).
//!
//! The mean over the pairs of parties asked about, in the order of their ids; a pair that shares no class has no distance and
//! counts for none. Of many pairs, [`MAX_PAIRS`] are drawn from the seed.

use std::collections::BTreeMap;

use rand::seq::index;
use turncoat_attack::{Question, Vantage};
use turncoat_learn::distance::{in_class_distance, pairwise_distance};
use turncoat_learn::{Dataset, Partition, PartyId, Seed, UnitScale};

use super::repeat::candidates;
use crate::scenario::Scenario;

/// Pairs of parties that are measured at most: all pairs of 14 parties.
const MAX_PAIRS: usize = 91;

/// Of the parties asked about, in one repeat.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Distances {
    /// Between the mean records of the same class.
    pub in_class: Option<f64>,
    /// The mean over the records of the same class.
    pub pairwise: Option<f64>,
}

/// The sets of parties whose distances are measured: the honest ones, and those that each adversary has to choose from.
fn measured(scenario: &Scenario) -> Vec<Vec<PartyId>> {
    let choosing = scenario.adversaries.iter().filter(|adversary| {
        adversary.attacks.iter().any(|named| named.attack.question() == Question::Source)
    });
    let mut sets: Vec<_> = choosing.map(|adversary| candidates(scenario, adversary.vantage)).collect();
    sets.push(honest(scenario));
    sets.sort();
    sets.dedup();
    sets
}

/// The parties that are no adversary; all where there is none such.
pub(super) fn honest(scenario: &Scenario) -> Vec<PartyId> {
    candidates(scenario, Vantage::Outsider)
}

/// Measures one repeat. The result depends on the data, the partition and the seed of the repeat.
pub(super) fn distances(
    scenario: &Scenario,
    data: &Dataset,
    scale: &UnitScale,
    partition: &Partition,
    seed: Seed,
) -> BTreeMap<Vec<PartyId>, Distances> {
    let mut of_pair: BTreeMap<(PartyId, PartyId), Distances> = BTreeMap::new();
    let mut of_set = BTreeMap::new();
    for set in measured(scenario) {
        let measured: Vec<Distances> = pairs(&set, seed)
            .into_iter()
            .map(|(a, b)| {
                *of_pair.entry((a, b)).or_insert_with(|| {
                    let (rows_a, rows_b) = (partition.rows(a), partition.rows(b));
                    let seed = seed.child("first", u64::from(a.get())).child("second", u64::from(b.get()));
                    Distances {
                        in_class: in_class_distance(data, scale, rows_a, rows_b),
                        pairwise: pairwise_distance(data, scale, rows_a, rows_b, seed),
                    }
                })
            })
            .collect();
        let mean = |figure: fn(&Distances) -> Option<f64>| {
            let known: Vec<f64> = measured.iter().filter_map(figure).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        of_set.insert(set, Distances { in_class: mean(|d| d.in_class), pairwise: mean(|d| d.pairwise) });
    }
    of_set
}

/// All pairs of a set, or as many as are measured.
fn pairs(set: &[PartyId], seed: Seed) -> Vec<(PartyId, PartyId)> {
    let all: Vec<_> =
        set.iter().enumerate().flat_map(|(i, &a)| set[i + 1..].iter().map(move |&b| (a, b))).collect();
    if all.len() <= MAX_PAIRS {
        return all;
    }
    let mut drawn = index::sample(&mut seed.stream("pairs"), all.len(), MAX_PAIRS).into_vec();
    drawn.sort_unstable();
    drawn.into_iter().map(|place| all[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pairs_are_all_measured_and_many_drawn() {
        let set = |n| PartyId::first(n).collect::<Vec<_>>();
        let numbers = |n| -> Vec<_> {
            pairs(&set(n), Seed::root(1)).into_iter().map(|(a, b)| (a.get(), b.get())).collect()
        };
        assert_eq!(numbers(3), [(1, 2), (1, 3), (2, 3)]);
        assert!(numbers(1).is_empty());
        assert_eq!(numbers(14).len(), 91);
        let many = numbers(30);
        assert!(many.len() == 91 && many.is_sorted() && many.iter().all(|(a, b)| a < b));
        assert_eq!(many, numbers(30));
    }
}
