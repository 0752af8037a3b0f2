//! The records that an attack identifies most reliably, over the repeats.
//!
//! A record is asked about in the repeats in which it is a member (and, of the membership question, counts for the class-matched
//! draw). It is *hit* in one of them if the claim on it is right and its score is no lower than the median score of all claims
//! of that attack in that repeat that are of the same kind (that it is in; whose it is): right, and among the surer half.
//! Records are ordered by the lower end of the 95 % Wilson interval of hits among the times asked, so that three of three does
//! not come before nineteen of twenty; then by hits, then by their number.
//!
//! This is no bound on what an attacker could learn of a record, and no figure of one record's own risk: each repeat trains on
//! another draw of the data, and the largest of many shares is large by chance alone.

use std::collections::BTreeMap;

use super::claims::{Claim, ClaimSet};

/// How many records are shown.
pub(crate) const SHOWN: usize = 20;
/// The 97.5 % point of the standard normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Exposed {
    /// The row of the data set, from 0.
    pub(crate) record: u32,
    /// Its class.
    pub(crate) label: Option<u32>,
    /// In how many repeats and folds it was a member and was asked about.
    pub(crate) queried: u32,
    /// In how many the claim was right.
    pub(crate) right: u32,
    /// In how many the claim was right and among the surer half.
    pub(crate) hit: u32,
}

impl Exposed {
    /// The lower end of the 95 % Wilson interval of hits among the times asked.
    pub(crate) fn at_least(&self) -> f64 {
        let (n, z) = (f64::from(self.queried), NORMAL);
        if n == 0.0 {
            return 0.0;
        }
        let p = f64::from(self.hit) / n;
        let centre = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((centre - half) / (1.0 + z * z / n)).max(0.0)
    }
}

/// The most exposed records of an attack.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// Of all records that were ever hit, the first [`SHOWN`].
    pub(crate) records: Vec<Exposed>,
    /// How many more have as many hits in as many repeats as the last of these.
    pub(crate) ties: usize,
    /// How many were asked about at all.
    pub(crate) queried: usize,
}

/// Finds them.
pub(crate) fn exposed(set: &ClaimSet) -> Found {
    let source = set.key.question == "source";
    let mut records: BTreeMap<u32, Exposed> = BTreeMap::new();
    for block in set.blocks() {
        let counted = || block.iter().filter(|claim| claim.counts[1]);
        let sure = |claim: &&Claim| source || claim.claim == 1;
        let median = upper_median(counted().filter(sure).map(|claim| claim.score).collect());
        for claim in counted().filter(|claim| source || claim.truth == 1) {
            let right = claim.claim == claim.truth;
            let hit = right && median.is_some_and(|median| claim.score >= median);
            let blank = Exposed { record: claim.record, label: claim.label, queried: 0, right: 0, hit: 0 };
            let entry = records.entry(claim.record).or_insert(blank);
            entry.queried += 1;
            entry.right += u32::from(right);
            entry.hit += u32::from(hit);
        }
    }
    let queried = records.len();
    let mut hit: Vec<Exposed> = records.into_values().filter(|record| record.hit > 0).collect();
    // Stable: equal ones stay in the order of their numbers.
    hit.sort_by(|a, b| b.at_least().total_cmp(&a.at_least()).then(b.hit.cmp(&a.hit)));
    let rest = hit.split_off(SHOWN.min(hit.len()));
    let as_last =
        |one: &&Exposed| hit.last().is_some_and(|last| (last.queried, last.hit) == (one.queried, one.hit));
    Found { ties: rest.iter().filter(as_last).count(), records: hit, queried }
}

/// The upper of the two middle values, of an even number.
fn upper_median(mut scores: Vec<f64>) -> Option<f64> {
    scores.sort_by(f64::total_cmp);
    scores.get(scores.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::super::claims::SetKey;
    use super::*;

    /// Records 0 to 3 of the source question: 0 is named rightly and surely in four repeats, 1 rightly and never surely, 2 wrongly
    /// and surely, 3 once in one repeat alone.
    #[test]
    fn the_record_that_is_named_rightly_and_surely_comes_first() {
        let claim = |repeat, record, truth, claim, score| Claim {
            at: (repeat, 0),
            record,
            label: Some(record % 2),
            truth,
            claim,
            score,
            counts: [true; 2],
        };
        let mut claims = Vec::new();
        for repeat in 1..=4 {
            claims.extend([
                claim(repeat, 0, 1, 1, 0.9),
                claim(repeat, 1, 2, 2, 0.1),
                claim(repeat, 2, 1, 2, 0.8),
            ]);
            if repeat == 4 {
                claims.push(claim(repeat, 3, 2, 2, 0.85));
            }
        }
        let key = SetKey { question: "source".into(), ..SetKey::default() };
        let Found { records: found, ties, queried } = exposed(&ClaimSet { key, claims });
        assert_eq!((queried, ties), (4, 0));
        let shown: Vec<_> =
            found.iter().map(|one| (one.record, one.label, one.queried, one.right, one.hit)).collect();
        assert_eq!(shown, [(0, Some(0), 4, 4, 4), (3, Some(1), 1, 1, 1)]);
        // Wilson: n / (n + z^2) where all are hits.
        assert!((found[0].at_least() - 4.0 / (4.0 + NORMAL * NORMAL)).abs() < 1e-12);
    }

    #[test]
    fn only_members_that_count_are_asked_about() {
        let claim = |record, truth, counts| Claim {
            at: (1, 0),
            record,
            label: None,
            truth,
            claim: 1,
            score: 1.0,
            counts: [true, counts],
        };
        let key = SetKey { question: "membership".into(), ..SetKey::default() };
        let claims = vec![claim(5, 1, true), claim(6, 0, true), claim(7, 1, false)];
        let found = exposed(&ClaimSet { key: key.clone(), claims });
        assert_eq!((found.records.len(), found.records[0].record, found.queried), (1, 5, 1));
        let claims = (0..25).map(|record| claim(record, 1, true)).collect();
        let found = exposed(&ClaimSet { key, claims });
        assert_eq!((found.records.len(), found.ties, found.queried), (SHOWN, 5, 25));
    }
}
