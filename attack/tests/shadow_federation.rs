//! `shadow_federation` on federations where the right answer is known by construction.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::{
    Answers, LEAST_LOSS, Sees, TestFederation, full_tree, knowledge, own, party, run, shadow_federation,
    sources, synthetic, targets, train,
};
use ndarray::{Array2, Axis, concatenate};
use turncoat_attack::{
    Attack, AttackError, Figures, Knowledge, ShadowFederation, SourceChallenge, SourceClaim, Targets, Vantage,
};
use turncoat_learn::tree::{RawTreeParams, TreeParams};
use turncoat_learn::{Learner, PartyId, Seed, Shard};

const SHADOW_FEDERATION: Attack = shadow_federation(6, false);
const TRANSDUCTIVE: Attack = shadow_federation(6, true);
const CLASSES: usize = 4;

/// Real trees on shards of one data set; the last party is the adversary.
struct World {
    data: Shard,
    shards: Vec<Vec<usize>>,
}

impl World {
    /// Of 4,000 records, each party takes the share that `shares[party][class]` gives it.
    fn with_shares(shares: &[[usize; CLASSES]]) -> Self {
        let data = synthetic(4_000, 4, 4, 0.4, Seed::root(11));
        let mut pools = vec![Vec::new(); CLASSES];
        for (row, &label) in data.labels().iter().enumerate() {
            pools[label as usize].push(row);
        }
        let shards = shares
            .iter()
            .map(|counts| {
                let mut rows = Vec::new();
                for (pool, &count) in pools.iter_mut().zip(counts) {
                    assert!(pool.len() >= count);
                    rows.extend(pool.drain(..count));
                }
                rows
            })
            .collect();
        Self { data, shards }
    }

    fn federation(&self, sees: Sees) -> TestFederation {
        let models =
            self.shards.iter().map(|rows| Answers::Model(Box::new(train(&self.data, rows, CLASSES))));
        let parties = PartyId::first(u32::try_from(self.shards.len()).unwrap());
        TestFederation { parties: parties.zip(models).collect(), sees }
    }

    fn insider(&self) -> Knowledge {
        let n = u32::try_from(self.shards.len()).unwrap();
        let own = Some(own(&self.data, self.shards.last().unwrap(), CLASSES));
        Knowledge { own, ..knowledge(Vantage::Party(party(n)), n, CLASSES) }
    }

    /// Every record of the parties other than the adversary.
    fn challenge(&self) -> SourceChallenge {
        let honest = u32::try_from(self.shards.len() - 1).unwrap();
        let candidates: Vec<PartyId> = PartyId::first(honest).collect();
        let members: BTreeMap<_, _> =
            candidates.iter().map(|&id| (id, self.shards[id.index()].clone())).collect();
        SourceChallenge::new(&candidates, &members, self.data.labels(), CLASSES, Seed::root(12)).unwrap()
    }

    fn claims(&self, attack: &Attack) -> (Vec<SourceClaim>, Figures) {
        let challenge = self.challenge();
        let honest = u32::try_from(self.shards.len() - 1).unwrap();
        let targets = targets(&self.data, challenge.rows(), &PartyId::first(honest).collect::<Vec<_>>());
        let claims = sources(run(attack, &self.insider(), &targets, &self.federation(Sees::All)).unwrap());
        let figures = challenge.score(&claims).unwrap();
        (claims, figures)
    }
}

#[test]
fn parties_without_a_class_in_common_are_told_apart_without_fail() {
    let world = World::with_shares(&[[300, 300, 0, 0], [0, 0, 300, 300], [100; 4]]);
    let (claims, figures) = world.claims(&SHADOW_FEDERATION);
    assert_eq!((figures.accuracy, figures.precision), (Some(1.0), Some(1.0)));
    assert!(claims.iter().all(|claim| claim.score > 0.9 && claim.score <= 1.0));
}

#[test]
fn shares_break_the_ties_that_least_loss_leaves() {
    let skewed = World::with_shares(&[[400, 200, 100, 40], [40, 100, 200, 400], [150; 4]]);
    let (ties, coin) = skewed.claims(&LEAST_LOSS);
    let (claims, learned) = skewed.claims(&SHADOW_FEDERATION);
    // Party 1 has more of classes 0 and 1, party 2 of classes 2 and 3; they tie on records that both get right.
    let challenge = skewed.challenge();
    let mut tied = 0;
    for ((&row, tie), claim) in challenge.rows().iter().zip(&ties).zip(&claims) {
        if tie.score == 0.0 {
            let majority = if skewed.data.labels()[row] < 2 { party(1) } else { party(2) };
            assert_eq!(claim.party, majority);
            tied += 1;
        }
    }
    assert!(tied > 300, "{tied}");
    // Right on the 1,200 records of 1,480 that the party with more of the class owns, and on some of the rest.
    assert!(learned.accuracy > Some(1_200.0 / 1_480.0) && learned.accuracy > coin.accuracy, "{learned:?}");
}

#[test]
fn any_number_of_candidates_is_told_apart() {
    let world = World::with_shares(&[[300, 50, 50, 50], [50, 300, 50, 50], [50, 50, 300, 50], [100; 4]]);
    let (_, figures) = world.claims(&SHADOW_FEDERATION);
    assert!(figures.accuracy > Some(0.6), "three candidates, {figures:?}");
}

#[test]
fn identical_shards_are_a_fair_coin() {
    // Rows k and k + 600 are the same record, owned by parties 1 and 2: equal shards, equal models.
    let half = synthetic(600, 4, 4, 0.3, Seed::root(2));
    let spare = synthetic(300, 4, 4, 0.3, Seed::root(3));
    let records = concatenate(Axis(0), &[half.records(), half.records(), spare.records()]).unwrap();
    let labels = [half.labels(), half.labels(), spare.labels()].concat();
    let world = World {
        data: Shard::new(records, labels).unwrap(),
        shards: vec![(0..600).collect(), (600..1_200).collect(), (1_200..1_500).collect()],
    };
    let (claims, figures) = world.claims(&SHADOW_FEDERATION);
    // The coin belongs to the record, so each pair of equal records has one right answer and one wrong.
    assert_eq!(figures.accuracy, Some(0.5));
    assert!(claims.iter().all(|claim| claim.score == 0.0));
    let first = claims.iter().filter(|claim| claim.party == party(1)).count();
    // 600 fair coins counted twice: four standard deviations are 4 * 2 * sqrt(150) = 98.
    assert!(first.abs_diff(600) < 98, "{first}");
}

#[test]
fn parties_that_change_places_change_claims() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let mut turned = World { data: world.data.clone(), shards: world.shards.clone() };
    turned.shards.swap(0, 1);
    let rows: Vec<usize> = world.shards[..2].concat();
    let claims = |world: &World| {
        let targets = targets(&world.data, &rows, &[party(1), party(2)]);
        sources(run(&SHADOW_FEDERATION, &world.insider(), &targets, &world.federation(Sees::All)).unwrap())
    };
    for (claim, turned) in claims(&world).iter().zip(claims(&turned)) {
        assert!(claim.score > 0.0, "no ties here");
        assert_ne!(claim.party, turned.party);
        assert!((claim.score - turned.score).abs() < 1e-12);
    }
}

#[test]
fn threads_change_nothing() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| world.claims(&SHADOW_FEDERATION).0)
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn auxiliary_records_do_as_well_as_a_shard() {
    let world = World::with_shares(&[[400, 200, 100, 40], [40, 100, 200, 400], [150; 4]]);
    let own = world.insider().own.unwrap().shard;
    let aggregator = Knowledge { auxiliary: Some(own), ..knowledge(Vantage::Aggregator, 3, CLASSES) };
    let targets = targets(&world.data, world.challenge().rows(), &[party(1), party(2)]);
    let claims =
        sources(run(&SHADOW_FEDERATION, &aggregator, &targets, &world.federation(Sees::All)).unwrap());
    assert_eq!(claims, world.claims(&SHADOW_FEDERATION).0);
}

#[test]
fn without_single_vectors_each_claim_is_a_coin() {
    let world = World::with_shares(&[[300, 300, 0, 0], [0, 0, 300, 300], [100; 4]]);
    let targets = targets(&world.data, world.challenge().rows(), &[party(1), party(2)]);
    let member = world.insider();
    let outsider = knowledge(Vantage::Outsider, 3, CLASSES);
    for (knowledge, sees) in [(member, Sees::Residual(party(3))), (outsider, Sees::Mean)] {
        let claims = sources(run(&SHADOW_FEDERATION, &knowledge, &targets, &world.federation(sees)).unwrap());
        let first = claims.iter().filter(|claim| claim.party == party(1)).count();
        // Binomial (1,200, 1/2): four standard deviations are 70.
        assert!(first.abs_diff(600) < 70, "{first}");
        assert!(claims.iter().all(|claim| claim.score == 0.0));
    }
}

#[test]
fn an_adversary_needs_three_records_of_a_class_and_a_shadow() {
    let world = World::with_shares(&[[20; 4], [20; 4], [100; 4]]);
    let federation = world.federation(Sees::All);
    let targets = targets(&world.data, &[0, 1], &[party(1), party(2)]);
    let with = |labels: Vec<u32>| {
        let records = Array2::from_shape_fn((labels.len(), 4), |(row, _)| row as f32 / 8.0);
        let auxiliary = Some(Shard::new(records, labels).unwrap());
        Knowledge { auxiliary, ..knowledge(Vantage::Aggregator, 3, CLASSES) }
    };
    for (held, has) in [
        (knowledge(Vantage::Aggregator, 3, CLASSES), "has no record"),
        (with(vec![0, 0, 1, 1, 2]), "has 5 records, no three of one class"),
    ] {
        let error = run(&SHADOW_FEDERATION, &held, &targets, &federation).unwrap_err();
        assert!(matches!(error, AttackError::TooFewRecords { attack: "shadow_federation", .. }), "{error}");
        assert!(error.to_string().contains(has), "{error}");
    }
    // Three records of one class are enough to answer, if not to answer well.
    let claims = sources(run(&SHADOW_FEDERATION, &with(vec![2, 2, 2]), &targets, &federation).unwrap());
    assert!(claims.iter().all(|claim| claim.score.is_finite()));
    let error = run(&shadow_federation(0, true), &with(vec![2, 2, 2]), &targets, &federation).unwrap_err();
    assert!(matches!(error, AttackError::NoShadows { attack: "shadow_federation" }), "{error}");
}

#[test]
fn a_record_with_a_label_that_names_no_class_is_refused() {
    let world = World::with_shares(&[[20; 4], [20; 4], [100; 4]]);
    let auxiliary = Some(Shard::new(Array2::zeros((3, 4)), vec![1, 1, 9]).unwrap());
    let aggregator = Knowledge { auxiliary, ..knowledge(Vantage::Aggregator, 3, CLASSES) };
    let targets = targets(&world.data, &[0], &[party(1), party(2)]);
    let error = run(&SHADOW_FEDERATION, &aggregator, &targets, &world.federation(Sees::All)).unwrap_err();
    assert!(error.to_string().contains("label 9"), "{error}");
}

#[test]
fn the_targets_together_tell_what_the_probes_do_not() {
    // The parties answer every probe alike, so that the probes say nothing of their shares. Of 200 targets of class 0,
    // party 1 owns 150 and party 2 owns 50; each gets its own right, and four in five of the other's.
    let (class_0, probes) = (200, 40);
    let right =
        |party: u32, row: usize| row >= class_0 || (row < 150) == (party == 1) || !row.is_multiple_of(5);
    let table = |party: u32| {
        Array2::from_shape_fn((class_0 + probes, 2), |(row, class)| {
            let label = usize::from(row >= class_0 && row.is_multiple_of(2));
            f64::from(u8::from((class == label) == right(party, row)))
        })
    };
    let parties = [1, 2].map(|number| (party(number), Answers::Table(table(number)))).into_iter().collect();
    let federation = TestFederation { parties, sees: Sees::All };
    let rows = |range: std::ops::Range<usize>| {
        Array2::from_shape_fn((range.len(), 1), |(row, _)| (range.start + row) as f32)
    };
    let labels = (0..probes).map(|row| u32::from(row.is_multiple_of(2))).collect();
    let auxiliary = Some(Shard::new(rows(class_0..class_0 + probes), labels).unwrap());
    let aggregator = Knowledge { auxiliary, ..knowledge(Vantage::Aggregator, 2, 2) };
    let candidates = vec![party(1), party(2)];
    let targets = Targets { records: rows(0..class_0), labels: vec![0; class_0], candidates };
    let claims = |attack| sources(run(attack, &aggregator, &targets, &federation).unwrap());
    let (alone, together) = (claims(&SHADOW_FEDERATION), claims(&TRANSDUCTIVE));
    for (row, (alone, together)) in alone.iter().zip(&together).enumerate() {
        let tied = !row.is_multiple_of(5);
        if tied {
            assert_eq!(alone.score, 0.0, "nothing but the other targets tells these apart");
            assert!(together.score > 0.0);
        }
        // Party 1 alone is right 30 times, party 2 alone 10 times.
        let owner = if tied || row < 150 { party(1) } else { party(2) };
        assert!(!tied && row >= 150 || together.party == owner, "{row}: {together:?}");
    }
}

#[test]
fn the_order_of_the_targets_does_not_matter() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let rows: Vec<usize> = world.shards[..2].concat();
    let claims = |rows: &[usize]| {
        let targets = targets(&world.data, rows, &[party(1), party(2)]);
        sources(run(&TRANSDUCTIVE, &world.insider(), &targets, &world.federation(Sees::All)).unwrap())
    };
    let forth = claims(&rows);
    let mut back = claims(&rows.iter().copied().rev().collect::<Vec<_>>());
    back.reverse();
    assert_eq!(forth, back);
}

#[test]
fn other_targets_matter_to_transductive_claims_only() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let rows: Vec<usize> = world.shards[..2].concat();
    let claims = |attack: &Attack, rows: &[usize]| {
        let targets = targets(&world.data, rows, &[party(1), party(2)]);
        sources(run(attack, &world.insider(), &targets, &world.federation(Sees::All)).unwrap())
    };
    let few = &rows[..200];
    assert_eq!(claims(&SHADOW_FEDERATION, few), claims(&SHADOW_FEDERATION, &rows)[..200]);
    assert_ne!(claims(&TRANSDUCTIVE, few), claims(&TRANSDUCTIVE, &rows)[..200]);
}

#[test]
fn transductive_claims_know_any_number_of_candidates() {
    let world = World::with_shares(&[[300, 50, 50, 50], [50, 300, 50, 50], [50, 50, 300, 50], [100; 4]]);
    let (_, figures) = world.claims(&TRANSDUCTIVE);
    // Whoever names the party with most of the class is right on 948 of 1,350.
    assert!(figures.accuracy > Some(0.75), "three candidates, {figures:?}");
}

#[test]
fn transductive_claims_on_parties_without_a_class_in_common_are_right() {
    let world = World::with_shares(&[[300, 300, 0, 0], [0, 0, 300, 300], [100; 4]]);
    let (_, figures) = world.claims(&TRANSDUCTIVE);
    assert_eq!((figures.accuracy, figures.precision), (Some(1.0), Some(1.0)));
}

#[test]
fn transductive_claims_change_places_with_the_parties() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let mut turned = World { data: world.data.clone(), shards: world.shards.clone() };
    turned.shards.swap(0, 1);
    let rows: Vec<usize> = world.shards[..2].concat();
    let claims = |world: &World| {
        let targets = targets(&world.data, &rows, &[party(1), party(2)]);
        sources(run(&TRANSDUCTIVE, &world.insider(), &targets, &world.federation(Sees::All)).unwrap())
    };
    for (claim, turned) in claims(&world).iter().zip(claims(&turned)) {
        assert!(claim.score > 0.0, "no ties here");
        assert_ne!(claim.party, turned.party);
        assert!((claim.score - turned.score).abs() < 1e-9);
    }
}

#[test]
fn transductive_claims_on_identical_shards_are_a_fair_coin() {
    let half = synthetic(600, 4, 4, 0.3, Seed::root(2));
    let spare = synthetic(300, 4, 4, 0.3, Seed::root(3));
    let records = concatenate(Axis(0), &[half.records(), half.records(), spare.records()]).unwrap();
    let labels = [half.labels(), half.labels(), spare.labels()].concat();
    let world = World {
        data: Shard::new(records, labels).unwrap(),
        shards: vec![(0..600).collect(), (600..1_200).collect(), (1_200..1_500).collect()],
    };
    let (claims, figures) = world.claims(&TRANSDUCTIVE);
    assert_eq!(figures.accuracy, Some(0.5));
    assert!(claims.iter().all(|claim| claim.score < 1e-9));
}

#[test]
fn threads_change_no_transductive_claim() {
    let world = World::with_shares(&[[300, 50, 50, 50], [50, 300, 50, 50], [50, 50, 300, 50], [100; 4]]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| world.claims(&TRANSDUCTIVE).0)
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn targets_given_to_shadows_tell_who_holds_more_where_one_party_never_errs() {
    // Party 1 holds most of classes 0 and 1, which are hard to tell apart, party 2 most of 2 and 3. Both are of one size.
    let world = World::with_shares(&[[420, 340, 90, 50], [60, 100, 360, 380], [100; 4]]);
    let (claims, figures) = world.claims(&TRANSDUCTIVE);
    // Whoever names the majority of each class is right on 1,500 of 1,800.
    assert!(figures.accuracy > Some(1_500.0 / 1_800.0), "{figures:?}");
    assert!(claims.iter().all(|claim| (0.0..=1.0).contains(&claim.score)));
}

#[test]
fn too_few_targets_to_partition_are_claimed_one_by_one() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let targets = targets(&world.data, &[0, 1, 2], &[party(1), party(2)]);
    let claims =
        |attack| sources(run(attack, &world.insider(), &targets, &world.federation(Sees::All)).unwrap());
    assert_eq!(claims(&TRANSDUCTIVE), claims(&SHADOW_FEDERATION));
}

#[test]
fn transductive_shadows_train_the_learner_that_is_named() {
    let world = World::with_shares(&[[300, 200, 100, 40], [40, 100, 200, 300], [100; 4]]);
    let named = |generation| {
        Attack::ShadowFederation(ShadowFederation { shadows: 6, transductive: true, generation })
    };
    let stump =
        TreeParams::try_from(RawTreeParams { max_depth: Some(1), ..RawTreeParams::default() }).unwrap();
    let (same, _) = world.claims(&named(Some(full_tree())));
    assert_eq!(same, world.claims(&TRANSDUCTIVE).0);
    assert_ne!(same, world.claims(&named(Some(Learner::DecisionTree(stump)))).0);
}
