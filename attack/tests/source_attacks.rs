//! Attacks on the source, on federations where the right answer is known by construction.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::{
    Answers, LEAST_LOSS, PRIOR_AWARE, Sees, TestFederation, full_tree, knowledge, own, party, run,
    shadow_federation, sources, synthetic, tables, targets, train,
};
use ndarray::{Array2, array};
use turncoat_attack::{AttackError, Knowledge, SourceChallenge, SourceClaim, Targets, Vantage};
use turncoat_learn::{PartyId, Seed, Shard};

/// Records whose one feature is their row.
fn numbered(labels: Vec<u32>) -> Shard {
    Shard::new(Array2::from_shape_fn((labels.len(), 1), |(row, _)| row as f32), labels).unwrap()
}

#[test]
fn parties_that_look_their_records_up_are_told_apart_without_fail() {
    // Record k is owned by party k mod 3 + 1, which alone is sure of its label; the others know nothing.
    let labels: Vec<u32> = (0..300).map(|row| row % 2).collect();
    let data = numbered(labels.clone());
    let table = |of: usize| {
        Array2::from_shape_fn((300, 2), |(row, class)| match (row % 3 == of, class == row % 2) {
            (true, sure) => f64::from(u8::from(sure)),
            (false, _) => 0.5,
        })
    };
    let federation = tables((0..3).map(table).collect(), Sees::All);
    let candidates: Vec<PartyId> = PartyId::first(3).collect();
    let members = PartyId::first(3).map(|party| (party, (party.index()..300).step_by(3).collect())).collect();
    let challenge = SourceChallenge::new(&candidates, &members, &labels, 2, Seed::root(1)).unwrap();
    let targets = targets(&data, challenge.rows(), &candidates);
    let claims =
        sources(run(&LEAST_LOSS, &knowledge(Vantage::Aggregator, 3, 2), &targets, &federation).unwrap());
    let figures = challenge.score(&claims).unwrap();
    assert_eq!((figures.accuracy, figures.precision, figures.recall), (Some(1.0), Some(1.0), Some(1.0)));
    assert!(claims.iter().all(|claim| claim.score == 0.5), "sure of it by one half");
}

#[test]
fn identical_shards_are_a_fair_coin() {
    // Rows k and k + 600 are the same record, owned by parties 1 and 2: two equal shards, two equal models.
    let half = synthetic(600, 4, 3, 0.3, Seed::root(2));
    let records = ndarray::concatenate(ndarray::Axis(0), &[half.records(), half.records()]).unwrap();
    let labels = [half.labels(), half.labels()].concat();
    let data = Shard::new(records, labels.clone()).unwrap();
    let (first, second): (Vec<usize>, Vec<usize>) = ((0..600).collect(), (600..1_200).collect());
    let spare = synthetic(300, 4, 3, 0.3, Seed::root(3));
    let spare_rows: Vec<usize> = (0..300).collect();
    let models = [train(&data, &first, 3), train(&data, &second, 3), train(&spare, &spare_rows, 3)];
    assert_eq!(models[0], models[1]);
    let parties = PartyId::first(3).zip(models.map(|model| Answers::Model(Box::new(model)))).collect();
    let federation = TestFederation { parties, sees: Sees::All };

    let candidates = [party(1), party(2)];
    let members = BTreeMap::from([(party(1), first), (party(2), second)]);
    let challenge = SourceChallenge::new(&candidates, &members, &labels, 3, Seed::root(4)).unwrap();
    let targets = targets(&data, challenge.rows(), &candidates);
    let insider =
        Knowledge { own: Some(own(&spare, &spare_rows, 3)), ..knowledge(Vantage::Party(party(3)), 3, 3) };
    for attack in [LEAST_LOSS, PRIOR_AWARE] {
        let claims = sources(run(&attack, &insider, &targets, &federation).unwrap());
        let figures = challenge.score(&claims).unwrap();
        // The coin belongs to the record, so each pair of equal records has one right answer and one wrong.
        assert_eq!((figures.accuracy, figures.chance), (Some(0.5), 0.5));
        let first = claims.iter().filter(|claim| claim.party == party(1)).count();
        // 600 fair coins counted twice: four standard deviations are 4 * 2 * sqrt(150) = 98.
        assert!(first.abs_diff(600) < 98, "{first}");
        // Equal shards have equal class shares: the prior is a coin, too (1,200 of them, 4 * sqrt(1/4800) = 0.058).
        assert!((figures.prior_only.accuracy.unwrap() - 0.5).abs() < 0.058);
    }
}

#[test]
fn ties_are_never_broken_by_index() {
    let labels: Vec<u32> = vec![0; 900];
    let data = numbered(labels);
    let table = Array2::from_elem((900, 2), 0.5);
    let federation = tables(vec![table.clone(), table.clone(), table], Sees::All);
    let candidates: Vec<PartyId> = PartyId::first(3).collect();
    let rows: Vec<usize> = (0..900).collect();
    let targets = targets(&data, &rows, &candidates);
    let claims =
        sources(run(&LEAST_LOSS, &knowledge(Vantage::Aggregator, 3, 2), &targets, &federation).unwrap());
    for candidate in candidates {
        let count = claims.iter().filter(|claim| claim.party == candidate).count();
        // Binomial (900, 1/3): four standard deviations are 4 * sqrt(200) = 57.
        assert!(count.abs_diff(300) < 57, "{candidate}: {count}");
    }
    assert!(claims.iter().all(|claim| claim.score == 0.0));
}

#[test]
fn without_single_vectors_every_candidate_ties() {
    // Party 1 is sure and right about everything; but only the mean, or the residual, is seen.
    let rows: Vec<usize> = (0..900).collect();
    let data = numbered(vec![1; 900]);
    let sure = Array2::from_shape_fn((900, 2), |(_, class)| class as f64);
    let even = Array2::from_elem((900, 2), 0.5);
    let targets = targets(&data, &rows, &[party(1), party(2)]);
    for (vantage, sees) in
        [(Vantage::Outsider, Sees::Mean), (Vantage::Party(party(3)), Sees::Residual(party(3)))]
    {
        let federation = tables(vec![sure.clone(), even.clone(), even.clone()], sees);
        for attack in [LEAST_LOSS, PRIOR_AWARE] {
            let claims = sources(run(&attack, &knowledge(vantage, 3, 2), &targets, &federation).unwrap());
            let first = claims.iter().filter(|claim| claim.party == party(1)).count();
            // Binomial (900, 1/2): four standard deviations are 60.
            assert!(first.abs_diff(450) < 60, "{vantage:?}, {attack:?}: {first}");
        }
    }
}

#[test]
fn prior_aware_breaks_ties_by_the_mean_answer_to_its_probes() {
    // Rows 0 and 1 are targets on which both tie; rows 2 to 5 are probes. Party 1 answers class 0 more often.
    let data = numbered(vec![0, 1, 0, 0, 1, 1]);
    let first = array![[0.5, 0.5], [0.5, 0.5], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    let second = array![[0.5, 0.5], [0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]];
    let near = array![[0.5 - 4e-10, 0.5 + 4e-10], [0.5, 0.5], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
    let probes = common::take(&data, &[2, 3, 4, 5]);
    let auxiliary = Some(Shard::new(probes.0, probes.1).unwrap());
    let aggregator = Knowledge { auxiliary, ..knowledge(Vantage::Aggregator, 2, 2) };
    let targets = targets(&data, &[0, 1], &[party(1), party(2)]);
    for tables_of in [[first.clone(), second.clone()], [near, second.clone()]] {
        let federation = tables(tables_of.to_vec(), Sees::All);
        let claims = sources(run(&PRIOR_AWARE, &aggregator, &targets, &federation).unwrap());
        // Shares 3/4 and 1/4: class 0 is party 1's, class 1 party 2's.
        assert_eq!([claims[0].party, claims[1].party], [party(1), party(2)]);
        assert!(claims.iter().all(|claim| claim.score > 0.0 && claim.score < 1e-8));
    }
    // A margin beyond a near-tie outweighs any share.
    let mut sure = second.clone();
    sure[[0, 0]] = 0.5 + 1e-6;
    sure[[0, 1]] = 0.5 - 1e-6;
    let claims =
        sources(run(&PRIOR_AWARE, &aggregator, &targets, &tables(vec![first, sure], Sees::All)).unwrap());
    assert_eq!(claims[0].party, party(2));
}

#[test]
fn a_member_estimates_shares_on_its_own_shard_alone() {
    // On its own records (row 1) party 1 says class 0; on the auxiliary ones (rows 2, 3) it says class 1.
    let data = numbered(vec![0, 0, 1, 1]);
    let first = array![[0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]];
    let second = array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]];
    let (records, labels) = common::take(&data, &[2, 3]);
    let member = Knowledge {
        own: Some(own(&data, &[1], 2)),
        auxiliary: Some(Shard::new(records, labels).unwrap()),
        ..knowledge(Vantage::Party(party(3)), 3, 2)
    };
    let federation = tables(vec![first, second.clone(), second], Sees::All);
    let targets = targets(&data, &[0], &[party(1), party(2)]);
    let claims = sources(run(&PRIOR_AWARE, &member, &targets, &federation).unwrap());
    assert_eq!(claims[0].party, party(1));
}

#[test]
fn an_aggregator_without_records_cannot_estimate_shares() {
    let data = numbered(vec![0]);
    let federation = tables(vec![array![[0.5, 0.5]], array![[0.5, 0.5]]], Sees::All);
    let targets = targets(&data, &[0], &[party(1), party(2)]);
    let error = run(&PRIOR_AWARE, &knowledge(Vantage::Aggregator, 2, 2), &targets, &federation).unwrap_err();
    assert!(matches!(error, AttackError::TooFewRecords { attack: "prior_aware", .. }), "{error}");
    assert!(error.to_string().contains("auxiliary"), "{error}");
}

#[test]
fn a_claim_does_not_depend_on_the_other_targets() {
    let data = synthetic(900, 3, 3, 0.2, Seed::root(6));
    let shards: Vec<Vec<usize>> = (0..3).map(|k| (k * 200..(k + 1) * 200).collect()).collect();
    let parties = PartyId::first(3)
        .zip(shards.iter().map(|rows| Answers::Model(Box::new(train(&data, rows, 3)))))
        .collect();
    let federation = TestFederation { parties, sees: Sees::All };
    let candidates = [party(1), party(2)];
    let insider =
        Knowledge { own: Some(own(&data, &shards[2], 3)), ..knowledge(Vantage::Party(party(3)), 3, 3) };
    let all: Vec<usize> = (0..400).collect();
    let some: Vec<usize> = (0..400).rev().step_by(3).collect();
    for attack in [LEAST_LOSS, PRIOR_AWARE, shadow_federation(2, false)] {
        let claims = |rows: &[usize]| -> Vec<SourceClaim> {
            let targets: Targets = targets(&data, rows, &candidates);
            sources(run(&attack, &insider, &targets, &federation).unwrap())
        };
        let (whole, part) = (claims(&all), claims(&some));
        let expected: Vec<SourceClaim> = some.iter().map(|&row| whole[row]).collect();
        assert_eq!(part, expected, "{}", attack.name());
    }
}

#[test]
fn targets_that_do_not_fit_are_refused() {
    let data = numbered(vec![0, 5]);
    let federation = tables(vec![Array2::from_elem((2, 2), 0.5)], Sees::All);
    let knowledge = knowledge(Vantage::Aggregator, 1, 2);
    assert_eq!(full_tree(), knowledge.learner);
    let refused =
        |targets: Targets| run(&LEAST_LOSS, &knowledge, &targets, &federation).unwrap_err().to_string();
    assert!(refused(targets(&data, &[1], &[party(1)])).contains("label 5"));
    assert!(refused(targets(&data, &[0], &[])).contains("candidate"));
    assert!(
        refused(targets(&data, &[0], &[party(2)]))
            .contains("party-2 is a candidate, but is no party that was asked")
    );
    let mut short = targets(&data, &[0, 0], &[party(1)]);
    short.labels.pop();
    assert!(refused(short).contains("2 records came with 1 labels"));
}
