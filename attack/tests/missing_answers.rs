//! What attacks do where parties did not answer: nothing is put in the place of an answer.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::{
    Answers as From_, CONFIDENCE, GAP, LEAST_LOSS, PRIOR_AWARE, Sees, TestFederation, knowledge, own, party,
    run, shadow_federation, shadow_model, synthetic, tables, targets, train,
};
use ndarray::{Array2, ArrayView2, array};
use turncoat_attack::{
    Attack, AttackError, Claims, Knowledge, MembershipChallenge, MembershipClaim, NonMembers, Observation,
    Oracle, SourceChallenge, SourceClaim, Targets, Vantage,
};
use turncoat_learn::{Answers, GRID, PartyId, PredictionVectors, Seed, Shard};

const SHADOW_MODEL: Attack = shadow_model(2);

/// A federation of which some parties do not answer some records.
struct Silenced<F: Fn(PartyId, f32) -> bool + Send + Sync> {
    federation: TestFederation,
    /// Whether a party answers the record of that first feature.
    answers: F,
}

impl<F: Fn(PartyId, f32) -> bool + Send + Sync> Oracle for Silenced<F> {
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
        let Observation::PerParty { mean, parties } = self.federation.observe(records)? else {
            panic!("only single vectors can be missing one by one")
        };
        let silence = |(party, answers): (PartyId, Answers)| {
            let row = |row: usize| (self.answers)(party, records[[row, 0]]).then_some(row);
            let rows: Vec<Option<usize>> = (0..records.nrows()).map(row).collect();
            (party, Answers::of_rows(answers.complete().unwrap().clone(), &rows).unwrap())
        };
        Ok(Observation::PerParty { mean, parties: parties.into_iter().map(silence).collect() })
    }
}

/// Records whose one feature is their row.
fn numbered(labels: &[u32], candidates: &[PartyId]) -> Targets {
    let records = Array2::from_shape_fn((labels.len(), 1), |(row, _)| row as f32);
    Targets { records, labels: labels.to_vec(), candidates: candidates.to_vec() }
}

#[test]
fn without_an_answer_gap_claims_nothing_and_names_no_class() {
    // Both say class 1 of every record. Party 2 does not answer records 1 and 2, party 1 does not answer record 2.
    let sure = || array![[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]];
    let answers = |who: PartyId, record: f32| record < if who == party(1) { 2.0 } else { 1.0 };
    let federation = Silenced { federation: tables(vec![sure(), sure()], Sees::All), answers };
    // Of class 0, which the uniform vector would predict: out, out, and nothing that could be said.
    let targets = numbered(&[0, 0, 0], &[party(1), party(2)]);
    let claims = run(&GAP, &knowledge(Vantage::Aggregator, 2, 2), &targets, &federation).unwrap();
    let out = Some(MembershipClaim { member: false, score: 0.0 });
    assert_eq!(claims, Claims::Membership(vec![out, out, None]));
}

#[test]
fn a_party_that_did_not_answer_is_no_choice() {
    // Party 1 is surest of every record, then party 2. Who answers: all; 2 and 3; 3 alone; nobody.
    let table = |p: f64| Array2::from_shape_fn((4, 2), |(_, class)| if class == 0 { p } else { 1.0 - p });
    let answers = |who: PartyId, record: f32| record < [1.0, 2.0, 3.0][who.index()];
    let federation =
        Silenced { federation: tables(vec![table(1.0), table(0.75), table(0.25)], Sees::All), answers };
    let targets = numbered(&[0; 4], &PartyId::first(3).collect::<Vec<_>>());
    let claims = run(&LEAST_LOSS, &knowledge(Vantage::Aggregator, 3, 2), &targets, &federation).unwrap();
    let claim = |number, score| Some(SourceClaim { party: party(number), score });
    assert_eq!(claims, Claims::Source(vec![claim(1, 0.25), claim(2, 0.5), claim(3, 0.0), None]));
}

#[test]
fn shares_are_estimated_from_the_probes_that_were_answered() {
    // All are equally sure of the targets (records 0 and 1, of class 0). Probes are records 2 and 3: party 1 says class 0
    // of both, party 2 says class 1 of record 2 and is missing for record 3.
    let first = array![[0.5, 0.5], [0.5, 0.5], [1.0, 0.0], [1.0, 0.0]];
    let second = array![[0.5, 0.5], [0.5, 0.5], [0.75, 0.25], [1.0, 0.0]];
    let held = Shard::new(array![[2.0], [3.0]], vec![0, 1]).unwrap();
    let hub = Knowledge { auxiliary: Some(held), ..knowledge(Vantage::Aggregator, 2, 2) };
    let targets = numbered(&[0, 0], &[party(1), party(2)]);
    let claims = |missing: &'static [f32]| {
        let answers = move |who: PartyId, record: f32| who == party(1) || !missing.contains(&record);
        let federation =
            Silenced { federation: tables(vec![first.clone(), second.clone()], Sees::All), answers };
        match run(&PRIOR_AWARE, &hub, &targets, &federation).unwrap() {
            Claims::Source(claims) => claims,
            Claims::Membership(_) => panic!("the source was asked for"),
        }
    };
    // The shares of class 0: 1 against 3/4, which is the mean over one probe.
    let by_share = Some(SourceClaim { party: party(1), score: GRID * 0.25 });
    assert_eq!(claims(&[3.0]), [by_share, by_share]);
    // Nothing is known of party 2's share: a tie in everything that is.
    assert!(claims(&[2.0, 3.0]).iter().all(|claim| claim.unwrap().score == 0.0));
    // Not there for a target, it is no choice for it.
    assert_eq!(claims(&[0.0, 2.0, 3.0])[0], Some(SourceClaim { party: party(1), score: 0.0 }));
}

/// Three trees on 100 records each, whose owners are candidates; an adversary with 200 records of nobody's.
struct Trees {
    data: Shard,
    hub: Knowledge,
}

impl Trees {
    fn new() -> Self {
        let data = synthetic(600, 3, 3, 0.3, Seed::root(5));
        let held = own(&data, &(400..600).collect::<Vec<_>>(), 3).shard;
        let hub = Knowledge { auxiliary: Some(held), ..knowledge(Vantage::Aggregator, 3, 3) };
        Self { data, hub }
    }

    fn claims(&self, attack: &Attack, answers: impl Fn(PartyId, f32) -> bool + Send + Sync) -> Claims {
        let model = |of: PartyId| {
            let rows: Vec<usize> = (of.index() * 100..(of.index() + 1) * 100).collect();
            From_::Model(Box::new(train(&self.data, &rows, 3)))
        };
        let parties = PartyId::first(3).map(|party| (party, model(party))).collect();
        let federation = Silenced { federation: TestFederation { parties, sees: Sees::All }, answers };
        let rows: Vec<usize> = (0..300).collect();
        let targets = targets(&self.data, &rows, &PartyId::first(3).collect::<Vec<_>>());
        run(attack, &self.hub, &targets, &federation).unwrap()
    }

    fn first_feature(&self, row: usize) -> f32 {
        self.data.records()[[row, 0]]
    }
}

#[test]
fn no_attack_claims_what_nobody_answered_and_none_names_a_party_that_is_missing() {
    let trees = Trees::new();
    let silent: Vec<f32> = (0..40).map(|row| trees.first_feature(row)).collect();
    let attacks = [
        GAP,
        CONFIDENCE,
        SHADOW_MODEL,
        LEAST_LOSS,
        PRIOR_AWARE,
        shadow_federation(4, false),
        shadow_federation(4, true),
    ];
    for attack in attacks {
        // Nobody answers the first 40 targets, and party 2 answers no target and no probe.
        let claims = trees.claims(&attack, |who, record| who != party(2) && !silent.contains(&record));
        let made: Vec<bool> = match &claims {
            Claims::Membership(claims) => claims.iter().map(Option::is_some).collect(),
            Claims::Source(claims) => {
                assert!(claims.iter().flatten().all(|claim| claim.party != party(2)), "{attack:?}");
                claims.iter().map(Option::is_some).collect()
            }
        };
        let expected: Vec<bool> = (0..300).map(|row| row >= 40).collect();
        assert_eq!(made, expected, "{attack:?}");
    }
}

#[test]
fn what_all_answered_is_claimed_as_if_nothing_were_missing() {
    // A claim on one record does not depend on who is missing from another, but for what is learned of all together.
    let trees = Trees::new();
    let silent: Vec<f32> = (0..40).map(|row| trees.first_feature(row)).collect();
    for attack in [GAP, CONFIDENCE, SHADOW_MODEL, LEAST_LOSS, PRIOR_AWARE, shadow_federation(4, false)] {
        let whole = trees.claims(&attack, |_, _| true);
        let holed = trees.claims(&attack, |who, record| who != party(2) || !silent.contains(&record));
        match (whole, holed) {
            (Claims::Membership(whole), Claims::Membership(holed)) => assert_eq!(whole[40..], holed[40..]),
            (Claims::Source(whole), Claims::Source(holed)) => assert_eq!(whole[40..], holed[40..]),
            _ => panic!("one question"),
        }
    }
}

#[test]
fn a_member_that_learns_nothing_of_the_others_claims_nothing() {
    struct Alone;
    impl Oracle for Alone {
        fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
            // Of two parties, party 1 is the only one averaged in every other record.
            let vectors = PredictionVectors::new(Array2::from_elem((records.nrows(), 2), 0.5))?;
            let averaged = |row| turncoat_attack::Averaged { parties: 1 + row % 2, own: true };
            let averaged: Vec<_> = (0..records.nrows() as u32).map(averaged).collect();
            Ok(Observation::residual_of(vectors.clone(), vectors, &averaged)?)
        }
    }
    let member = knowledge(Vantage::Party(party(1)), 2, 2);
    let claims = run(&GAP, &member, &numbered(&[0, 0], &[party(2)]), &Alone).unwrap();
    assert_eq!(claims, Claims::Membership(vec![None, Some(MembershipClaim { member: true, score: 1.0 })]));
}

#[test]
fn records_without_a_claim_count_in_no_figure() {
    let members = BTreeMap::from([(party(1), vec![0, 1]), (party(2), vec![2, 3])]);
    let candidates = [party(1), party(2)];
    let labels = [0, 0, 1, 1, 0, 0, 1, 1];
    let source = SourceChallenge::new(&candidates, &members, &labels, 2, Seed::root(1)).unwrap();
    // Right on the first, wrong on the second, no claim on the other two.
    let other = |owner: PartyId| if owner == party(1) { party(2) } else { party(1) };
    let owners = source.owners();
    let claim = |party| Some(SourceClaim { party, score: 0.0 });
    let figures = source.score(&[claim(owners[0]), claim(other(owners[1])), None, None]).unwrap();
    assert_eq!((figures.records, figures.unclaimed, figures.accuracy), (2, 2, Some(0.5)));
    assert_eq!(
        figures
            .by_party
            .iter()
            .map(|party| (party.records, party.claims))
            .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
        (2, 2)
    );
    // Who knows the class counts is always right here, on whichever records count.
    assert_eq!(figures.prior_only.accuracy, Some(1.0));

    let held_out = [4, 5, 6, 7];
    let membership =
        MembershipChallenge::new(&candidates, &members, &held_out, &labels, 2, Seed::root(1)).unwrap();
    // No claim on any non-member, and all members found.
    let claims: Vec<Option<MembershipClaim>> = membership
        .truth()
        .iter()
        .map(|&member| member.then_some(MembershipClaim { member: true, score: 1.0 }))
        .collect();
    let figures = membership.score(NonMembers::Uniform, &claims).unwrap();
    assert_eq!((figures.records, figures.unclaimed), (4, 4));
    assert_eq!((figures.precision, figures.recall, figures.auc), (Some(1.0), Some(1.0), None));
    let nothing = vec![None::<MembershipClaim>; 8];
    let figures = membership.score(NonMembers::Uniform, &nothing).unwrap();
    assert_eq!((figures.records, figures.accuracy, figures.prior_only.accuracy), (0, None, None));
}
