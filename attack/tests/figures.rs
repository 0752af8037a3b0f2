//! Scoring against figures computed by scikit-learn (tests/sklearn/figures.py) and by hand.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::party;
use turncoat_attack::{
    ChallengeError, MembershipChallenge, MembershipClaim, NonMembers, SourceChallenge, SourceClaim,
};
use turncoat_learn::{PartyId, Seed};

const SEED: u64 = 5;

fn close(got: Option<f64>, expected: &str) -> bool {
    let expected: f64 = expected.parse().unwrap();
    match got {
        None => expected.is_nan(),
        Some(got) => (got - expected).abs() < 1e-12,
    }
}

/// A challenge on rows of one class, of which the first half are members, and the claims in its order.
fn membership(records: &[(f64, bool, bool)]) -> (MembershipChallenge, Vec<MembershipClaim>) {
    let rows = |truth| (0..records.len()).filter(|&row| records[row].2 == truth).collect::<Vec<_>>();
    let members = BTreeMap::from([(party(1), rows(true))]);
    let challenge = MembershipChallenge::new(
        &[party(1)],
        &members,
        &rows(false),
        &vec![0; records.len()],
        1,
        Seed::root(SEED),
    )
    .unwrap();
    let claim = |&row: &usize| MembershipClaim { member: records[row].1, score: records[row].0 };
    let claims = challenge.rows().iter().map(claim).collect();
    (challenge, claims)
}

/// A challenge on rows of the given labels and owners, and the claims in its order.
fn source(
    claimed: &[u32],
    owners: &[u32],
    labels: &[u32],
    parties: u32,
) -> (SourceChallenge, Vec<SourceClaim>) {
    let candidates: Vec<PartyId> = PartyId::first(parties).collect();
    let rows = |of: PartyId| (0..owners.len()).filter(|&row| owners[row] == of.get()).collect();
    let members = candidates.iter().map(|&party| (party, rows(party))).collect();
    let challenge = SourceChallenge::new(&candidates, &members, labels, 2, Seed::root(SEED)).unwrap();
    let claim = |&row: &usize| SourceClaim { party: party(claimed[row]), score: 0.5 };
    let claims = challenge.rows().iter().map(claim).collect();
    (challenge, claims)
}

#[test]
fn figures_agree_with_scikit_learn() {
    let lines: Vec<&str> = include_str!("sklearn/figures.txt").lines().collect();
    let mut cases = 0;
    for case in lines.chunks(2) {
        let expected: Vec<&str> = case[0].split(' ').collect();
        let records: Vec<Vec<&str>> = case[1].split(' ').map(|record| record.split(',').collect()).collect();
        if expected[0] == "membership" {
            let records: Vec<(f64, bool, bool)> =
                records.iter().map(|r| (r[0].parse().unwrap(), r[1] == "1", r[2] == "1")).collect();
            let (challenge, claims) = membership(&records);
            for draw in NonMembers::ALL {
                let figures = challenge.score(draw, &claims).unwrap();
                assert_eq!(figures.records, records.len());
                let got = [
                    figures.precision,
                    figures.accuracy,
                    figures.recall,
                    figures.auc,
                    figures.advantage,
                    figures.tpr_at_fpr_1pct,
                    figures.tpr_at_fpr_0_1pct,
                ];
                for (got, expected) in got.into_iter().zip(&expected[1..]) {
                    assert!(close(got, expected), "{got:?}, scikit-learn {expected}");
                }
            }
        } else {
            let number = |column: usize| -> Vec<u32> {
                records.iter().map(|record| record[column].parse().unwrap()).collect()
            };
            let (claimed, owners) = (number(0), number(1));
            let parties = *owners.iter().max().unwrap();
            let (challenge, claims) = source(&claimed, &owners, &vec![0; owners.len()], parties);
            let figures = challenge.score(&claims).unwrap();
            let got = [figures.precision, figures.accuracy, figures.recall];
            for (got, expected) in got.into_iter().zip(&expected[1..]) {
                assert!(close(got, expected), "{got:?}, scikit-learn {expected}");
            }
        }
        cases += 1;
    }
    assert_eq!(cases, 10);
}

#[test]
fn membership_by_hand() {
    // Claims: two of three members in, one of three others in.
    let (challenge, claims) = membership(&[
        (0.9, true, true),
        (0.8, true, true),
        (0.1, false, true),
        (0.8, true, false),
        (0.1, false, false),
        (0.0, false, false),
    ]);
    let figures = challenge.score(NonMembers::Uniform, &claims).unwrap();
    assert_eq!(figures.precision, Some(2.0 / 3.0));
    assert_eq!(figures.accuracy, Some(4.0 / 6.0));
    assert_eq!(figures.recall, Some(2.0 / 3.0));
    assert!((figures.advantage.unwrap() - 1.0 / 3.0).abs() < 1e-15);
    // Nine pairs: 0.9 beats 3, 0.8 beats 2 and ties 1, 0.1 beats 1 and ties 1: 7 of 9.
    assert_eq!(figures.auc, Some(7.0 / 9.0));
    assert_eq!(figures.tpr_at_fpr_1pct, Some(1.0 / 3.0));
    assert_eq!((figures.chance, figures.by_party.len()), (0.5, 0));
}

#[test]
fn nothing_claimed_in_has_no_precision() {
    let (challenge, claims) = membership(&[(0.0, false, true), (0.0, false, false)]);
    let figures = challenge.score(NonMembers::Matched, &claims).unwrap();
    assert_eq!((figures.precision, figures.recall), (None, Some(0.0)));
    assert_eq!((figures.accuracy, figures.auc), (Some(0.5), Some(0.5)));
}

#[test]
fn source_by_hand() {
    // Party 1 owns four records, party 2 two, party 3 one that nobody is claimed to own.
    let (challenge, claims) =
        source(&[1, 1, 1, 2, 2, 1, 1], &[1, 1, 1, 1, 2, 2, 3], &[0, 0, 0, 1, 1, 1, 0], 3);
    let figures = challenge.score(&claims).unwrap();
    // Party 1: 3 of 5 claims, 3 of 4 records. Party 2: 1 of 2 and 1 of 2. Party 3: no claim, 0 of 1.
    // An owner that nobody is claimed to be counts as zero, as scikit-learn has it.
    assert_eq!(figures.precision, Some((3.0 / 5.0 + 0.5 + 0.0) / 3.0));
    assert_eq!(figures.accuracy, Some(4.0 / 7.0));
    assert_eq!(figures.recall, Some((0.75 + 0.5 + 0.0) / 3.0));
    assert_eq!(figures.chance, 1.0 / 3.0);
    assert_eq!((figures.auc, figures.tpr_at_fpr_1pct, figures.advantage), (None, None, None));
    let third = figures.by_party[2];
    assert_eq!((third.party, third.records, third.claims), (party(3), 1, 0));
    assert_eq!((third.precision, third.recall), (None, Some(0.0)));
    // Most of class 0 is party 1's (3 of 4), most of class 1 party 2's (2 of 3): 5 of 7 right.
    assert_eq!(figures.prior_only.accuracy, Some(5.0 / 7.0));
    assert_eq!(figures.prior_only.precision, Some((3.0 / 4.0 + 2.0 / 3.0 + 0.0) / 3.0));
}

#[test]
fn a_candidate_without_records_counts_in_the_macro_precision() {
    let owners = BTreeMap::from([(party(1), vec![0, 1, 2, 3]), (party(2), Vec::new())]);
    let challenge =
        SourceChallenge::new(&[party(1), party(2)], &owners, &[0, 0, 1, 1], 2, Seed::root(1)).unwrap();
    let precision = |second: usize| {
        let claim = |place| SourceClaim { party: party(if place < second { 2 } else { 1 }), score: 0.0 };
        let figures = challenge.score(&(0..4).map(claim).collect::<Vec<_>>()).unwrap();
        (figures.precision, figures.prior_only.precision)
    };
    // All claims on the first: (1 + 0) / 2, as with one claim on the empty one. The prior names the first only, too.
    assert_eq!([precision(0), precision(1)], [(Some(0.5), Some(0.5)); 2]);
}

#[test]
fn claims_that_are_no_answer_are_refused() {
    let (challenge, mut claims) = membership(&[(0.5, true, true), (0.5, true, false)]);
    assert_eq!(
        challenge.score(NonMembers::Uniform, &claims[..1]),
        Err(ChallengeError::Length { expected: 2, got: 1 })
    );
    claims[1].score = f64::NAN;
    assert!(matches!(
        challenge.score(NonMembers::Uniform, &claims),
        Err(ChallengeError::Score { place: 1, .. })
    ));
    let (challenge, mut claims) = source(&[1, 2], &[1, 2], &[0, 0], 2);
    claims[0].party = party(3);
    let refused = challenge.score(&claims);
    assert_eq!(refused, Err(ChallengeError::Claimed { place: 0, party: party(3) }));
}
