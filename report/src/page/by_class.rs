//! An attack's accuracy class by class: the fraction of its claims on records of a class that are right.
//!
//! Of the source question that is the class's share of records whose owner was named; of membership, on the class-matched draw,
//! in which half of a class's records are members, one half is what guessing gives. A repeat's figure is over its folds together;
//! mean and 95 % interval are over the repeats in which the class was asked about.

use std::collections::BTreeMap;

use turncoat_attack::Summary;

use super::claims::ClaimSet;

/// One class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfClass {
    /// Its number, from 0.
    pub(crate) class: u32,
    /// Claims on its records, mean over the repeats with any.
    pub(crate) claims: f64,
    /// Fraction of claims that are right.
    pub(crate) accuracy: Summary,
}

/// Every class that was asked about, in their order; none where the classes are not known.
pub(crate) fn by_class(set: &ClaimSet) -> Vec<OfClass> {
    let mut repeats: Vec<u32> = set.claims.iter().map(|claim| claim.at.0).collect();
    repeats.sort_unstable();
    repeats.dedup();
    let mut found: BTreeMap<u32, Vec<[usize; 2]>> = BTreeMap::new();
    for claim in set.claims.iter().filter(|claim| claim.counts[1]) {
        let (Some(label), Ok(place)) = (claim.label, repeats.binary_search(&claim.at.0)) else { continue };
        let counts = &mut found.entry(label).or_insert_with(|| vec![[0; 2]; repeats.len()])[place];
        counts[0] += usize::from(claim.claim == claim.truth);
        counts[1] += 1;
    }
    let summed = |(class, repeats): (u32, Vec<[usize; 2]>)| OfClass {
        class,
        claims: repeats.iter().map(|[_, all]| *all as f64).sum::<f64>()
            / repeats.iter().filter(|[_, all]| *all > 0).count() as f64,
        accuracy: Summary::new(
            repeats.iter().map(|&[right, all]| (all > 0).then(|| right as f64 / all as f64)).collect(),
        ),
    };
    found.into_iter().map(summed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::claims::Claim;
    use super::*;

    #[test]
    fn two_classes_by_hand() {
        let claim = |repeat, label, right: bool| Claim {
            at: (repeat, 0),
            record: 0,
            label: Some(label),
            truth: 1,
            claim: u32::from(right),
            score: 0.0,
            counts: [false, true],
        };
        let claims = vec![
            claim(1, 0, true),
            claim(1, 0, false),
            claim(1, 3, true),
            claim(2, 0, true),
            claim(2, 0, true),
        ];
        let found = by_class(&ClaimSet { claims, ..ClaimSet::default() });
        assert_eq!(found.iter().map(|one| (one.class, one.claims)).collect::<Vec<_>>(), [(0, 2.0), (3, 1.0)]);
        assert_eq!(found[0].accuracy.by_repeat, [Some(0.5), Some(1.0)]);
        assert_eq!(found[1].accuracy.by_repeat, [Some(1.0), None]);
        assert_eq!(found[0].accuracy.mean, Some(0.75));
    }
}
