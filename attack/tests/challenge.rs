//! What challenges ask about: who counts as a member, how non-members are drawn, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::party;
use rand::RngExt;
use turncoat_attack::{
    ChallengeError, MembershipChallenge, MembershipClaim, NonMembers, SourceChallenge, SourceClaim,
};
use turncoat_learn::{PartyId, Seed};

/// The row modulo 4 where the row is below 400 (in a shard) or a multiple of ten, else class 0.
fn labels(rows: usize) -> Vec<u32> {
    (0..rows).map(|row| if row < 400 || row % 10 == 0 { (row % 4) as u32 } else { 0 }).collect()
}

fn members() -> BTreeMap<PartyId, Vec<usize>> {
    BTreeMap::from([
        (party(1), (0..100).collect()),
        (party(2), (100..300).collect()),
        (party(3), (300..400).collect()),
    ])
}

fn challenge(held_out: std::ops::Range<usize>) -> MembershipChallenge {
    let labels = labels(held_out.end);
    let held_out: Vec<usize> = held_out.collect();
    MembershipChallenge::new(&[party(1), party(2)], &members(), &held_out, &labels, 4, Seed::root(1)).unwrap()
}

fn classes(challenge: &MembershipChallenge, draw: NonMembers, truth: bool, labels: &[u32]) -> [usize; 4] {
    let mut counts = [0; 4];
    for &place in challenge.places(draw) {
        if challenge.truth()[place] == truth {
            counts[labels[challenge.rows()[place]] as usize] += 1;
        }
    }
    counts
}

#[test]
fn as_many_non_members_as_members_in_both_draws() {
    let labels = labels(4_400);
    let challenge = challenge(400..4_400);
    assert_eq!(challenge.places(NonMembers::Uniform).len(), 600);
    let uniform = classes(&challenge, NonMembers::Uniform, true, &labels);
    assert_eq!(uniform, [75; 4]);
    let others = classes(&challenge, NonMembers::Uniform, false, &labels);
    assert!(others.iter().sum::<usize>() == 300 && others[0] > 250, "{others:?}");
    // The held-out rows that are multiples of ten are even: no class 1 or 3 among them, and 200 of class 2.
    assert_eq!(classes(&challenge, NonMembers::Matched, true, &labels), [75, 0, 75, 0]);
    assert_eq!(classes(&challenge, NonMembers::Matched, false, &labels), [75, 0, 75, 0]);
}

#[test]
fn members_are_sampled_down_to_the_held_out() {
    let challenge = challenge(400..450);
    assert_eq!(challenge.places(NonMembers::Uniform).len(), 100);
    let members = challenge.places(NonMembers::Uniform).iter().filter(|&&place| challenge.truth()[place]);
    assert_eq!(members.count(), 50);
}

#[test]
fn rows_are_asked_once_and_belong_to_the_candidates_or_nobody() {
    let challenge = challenge(400..4_400);
    let rows: BTreeSet<usize> = challenge.rows().iter().copied().collect();
    assert_eq!(rows.len(), challenge.rows().len());
    assert!(rows.iter().all(|row| !(300..400).contains(row)), "party 3 is no candidate");
    for (&row, &member) in challenge.rows().iter().zip(challenge.truth()) {
        assert_eq!(member, row < 300);
    }
    assert!(challenge.rows().windows(2).any(|pair| pair[0] > pair[1]), "the order is shuffled");
    for draw in NonMembers::ALL {
        assert!(challenge.places(draw).windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn the_prior_helps_on_the_uniform_draw_and_not_on_the_matched_one() {
    let challenge = challenge(400..4_400);
    let claims = vec![MembershipClaim { member: true, score: 0.0 }; challenge.rows().len()];
    let uniform = challenge.score(NonMembers::Uniform, &claims).unwrap().prior_only.accuracy.unwrap();
    // Nearly all others are of class 0, a quarter of the members are: in iff not of class 0.
    assert!(uniform > 0.8, "{uniform}");
    let matched = challenge.score(NonMembers::Matched, &claims).unwrap().prior_only.accuracy.unwrap();
    // 300 fair coins: four standard deviations are 4 * 0.5 / sqrt(300) = 0.115.
    assert!((matched - 0.5).abs() < 0.116, "{matched}");
    assert_eq!(challenge.score(NonMembers::Matched, &claims).unwrap().prior_only.accuracy, Some(matched));
}

#[test]
fn the_source_challenge_asks_about_every_record_of_the_candidates() {
    let candidates = [party(1), party(3)];
    let challenge = SourceChallenge::new(&candidates, &members(), &labels(400), 4, Seed::root(2)).unwrap();
    assert_eq!(challenge.rows().len(), 200);
    for (&row, &owner) in challenge.rows().iter().zip(challenge.owners()) {
        assert_eq!(owner, if row < 100 { party(1) } else { party(3) });
    }
    let again = SourceChallenge::new(&candidates, &members(), &labels(400), 4, Seed::root(2)).unwrap();
    assert_eq!(challenge.rows(), again.rows());
    let other = SourceChallenge::new(&candidates, &members(), &labels(400), 4, Seed::root(3)).unwrap();
    assert_ne!(challenge.rows(), other.rows());
}

#[test]
fn asked_about_a_part_the_prior_still_knows_the_whole() {
    // Of class 0 party 1 has one record more than party 2, and the part asked about says otherwise.
    let members = BTreeMap::from([(party(1), vec![0, 1, 2]), (party(2), vec![3, 4])]);
    let whole = SourceChallenge::new(&[party(1), party(2)], &members, &[0; 5], 1, Seed::root(1)).unwrap();
    let part = whole.clone().about(&[2, 3, 4, 7].into()).unwrap();
    let order: Vec<usize> = whole.rows().iter().copied().filter(|row| *row >= 2).collect();
    assert_eq!((part.rows(), part.labels().len()), (&order[..], 3));
    let claims = [SourceClaim { party: party(2), score: 0.0 }; 3];
    let figures = part.score(&claims).unwrap();
    assert_eq!((figures.accuracy, figures.prior_only.accuracy), (Some(2.0 / 3.0), Some(1.0 / 3.0)));
    assert!(matches!(whole.about(&[7].into()), Err(ChallengeError::NoMembers)));
}

#[test]
fn what_cannot_be_asked_is_refused_by_name() {
    let make = |candidates: &[PartyId], held_out: &[usize], classes| {
        MembershipChallenge::new(candidates, &members(), held_out, &labels(500), classes, Seed::root(1))
            .map(|_| ())
    };
    assert_eq!(make(&[], &[400], 4), Err(ChallengeError::NoCandidates));
    assert_eq!(make(&[party(4)], &[400], 4), Err(ChallengeError::Candidate(party(4))));
    assert_eq!(make(&[party(1), party(1)], &[400], 4), Err(ChallengeError::Candidate(party(1))));
    assert_eq!(make(&[party(1)], &[], 4), Err(ChallengeError::NoNonMembers));
    assert_eq!(make(&[party(1)], &[500], 4), Err(ChallengeError::Row { row: 500, rows: 500 }));
    assert_eq!(make(&[party(1)], &[99], 4), Err(ChallengeError::Overlap(99)));
    assert_eq!(make(&[party(1)], &[400], 3), Err(ChallengeError::Label { row: 3, label: 3, classes: 3 }));
    let nobody = BTreeMap::from([(party(1), Vec::new())]);
    let empty = MembershipChallenge::new(&[party(1)], &nobody, &[0], &[0], 1, Seed::root(1));
    assert_eq!(empty.map(|_| ()), Err(ChallengeError::NoMembers));
    let apart = BTreeMap::from([(party(1), vec![0])]);
    let unmatched = MembershipChallenge::new(&[party(1)], &apart, &[1], &[0, 1], 2, Seed::root(1));
    assert_eq!(unmatched.map(|_| ()), Err(ChallengeError::NoMatch));
}

#[test]
fn the_prior_knows_the_counts_that_came_out_where_chance_drew_them() {
    // 3,000 rows of 50 classes drawn by chance: 600 to each of two parties, the rest to nobody.
    let mut stream = Seed::root(7).stream("labels");
    let labels: Vec<u32> = (0..3_000).map(|_| stream.random_range(0..50)).collect();
    let members = BTreeMap::from([(party(1), (0..600).collect()), (party(2), (600..1_200).collect())]);
    let held_out: Vec<usize> = (1_200..3_000).collect();
    let candidates = [party(1), party(2)];
    // Of each class the larger count is right, so on average half of it where both are equal.
    let best = |sides: [&[u32]; 2]| -> f64 {
        let count = |side: &[u32], class| side.iter().filter(|&&label| label == class).count();
        let of = |class| count(sides[0], class).max(count(sides[1], class));
        (0..50).map(of).sum::<usize>() as f64 / (sides[0].len() + sides[1].len()) as f64
    };

    let source = SourceChallenge::new(&candidates, &members, &labels, 50, Seed::root(8)).unwrap();
    let claims = vec![SourceClaim { party: party(1), score: 0.0 }; 1_200];
    let prior = source.score(&claims).unwrap().prior_only.accuracy.unwrap();
    let expected = best([&labels[..600], &labels[600..1_200]]);
    // Only classes of equal counts are left to coins, some 70 of 1,200 records: four deviations are below 0.015.
    assert!((prior - expected).abs() < 0.015, "{prior} against {expected}");
    // That is far more than a coin: 1,200 coins are off by four deviations at 0.058.
    assert!(prior > 0.558, "{prior}");

    let membership =
        MembershipChallenge::new(&candidates, &members, &held_out, &labels, 50, Seed::root(9)).unwrap();
    let claims = vec![MembershipClaim { member: true, score: 0.0 }; membership.rows().len()];
    for draw in NonMembers::ALL {
        let side = |member| -> Vec<u32> {
            let places = membership.places(draw).iter().filter(|&&place| membership.truth()[place] == member);
            places.map(|&place| membership.labels()[place]).collect()
        };
        let prior = membership.score(draw, &claims).unwrap().prior_only.accuracy.unwrap();
        let (expected, coins) = match draw {
            NonMembers::Uniform => (best([&side(true), &side(false)]), 0.015),
            // Matched counts leave everything to coins.
            NonMembers::Matched => (0.5, 0.058),
        };
        assert!((prior - expected).abs() < coins, "{draw:?}: {prior} against {expected}");
    }
}
