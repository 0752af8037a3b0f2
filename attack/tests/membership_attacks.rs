//! Attacks on membership, on federations where the right answer is known by construction.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;

use common::{
    Answers, CONFIDENCE, GAP, Sees, TestFederation, knowledge, memberships, own, party, run, shadow_model,
    synthetic, take, targets, train,
};
use ndarray::Array2;
use turncoat_attack::{
    Attack, AttackError, Claims, Figures, Knowledge, MembershipChallenge, Models, NonMembers, Sees as Shown,
    ShadowModel, Targets, Vantage,
};
use turncoat_learn::{PartyId, Seed, Shard};

const SHADOW_MODEL: Attack = shadow_model(4);

/// Three parties with 300 records of 6 noisy classes each, 900 records held out, 400 auxiliary ones.
struct World {
    data: Shard,
    shards: BTreeMap<PartyId, Vec<usize>>,
    held_out: Vec<usize>,
    auxiliary: Shard,
}

const CLASSES: usize = 6;

impl World {
    fn new() -> Self {
        let data = synthetic(2_200, 4, 6, 0.3, Seed::root(11));
        let shards = PartyId::first(3)
            .map(|party| (party, (party.index() * 300..(party.index() + 1) * 300).collect()))
            .collect();
        let (records, labels) = take(&data, &(1_800..2_200).collect::<Vec<_>>());
        let auxiliary = Shard::new(records, labels).unwrap();
        Self { data, shards, held_out: (900..1_800).collect(), auxiliary }
    }

    fn federation(&self, sees: Sees) -> TestFederation {
        let model = |rows: &Vec<usize>| Answers::Model(Box::new(train(&self.data, rows, CLASSES)));
        let parties = self.shards.iter().map(|(&party, rows)| (party, model(rows))).collect();
        TestFederation { parties, sees }
    }

    fn challenge(&self, candidates: &[PartyId]) -> MembershipChallenge {
        let labels = self.data.labels();
        MembershipChallenge::new(candidates, &self.shards, &self.held_out, labels, CLASSES, Seed::root(12))
            .unwrap()
    }

    /// Each vantage that differs in what it sees: (knowledge, what it sees, candidates).
    fn vantages(&self) -> Vec<(Knowledge, Sees, Vec<PartyId>)> {
        let all: Vec<PartyId> = self.shards.keys().copied().collect();
        let with_auxiliary =
            |vantage| Knowledge { auxiliary: Some(self.auxiliary.clone()), ..knowledge(vantage, 3, CLASSES) };
        let member = Knowledge {
            own: Some(own(&self.data, &self.shards[&party(3)], CLASSES)),
            ..knowledge(Vantage::Party(party(3)), 3, CLASSES)
        };
        vec![
            (with_auxiliary(Vantage::Outsider), Sees::Mean, all.clone()),
            (member.clone(), Sees::Residual(party(3)), all[..2].to_vec()),
            (member, Sees::All, all[..2].to_vec()),
            (with_auxiliary(Vantage::Aggregator), Sees::All, all),
        ]
    }

    fn figures(&self, attack: &Attack, vantage: &(Knowledge, Sees, Vec<PartyId>)) -> Figures {
        let (knowledge, sees, candidates) = vantage;
        let challenge = self.challenge(candidates);
        let targets = targets(&self.data, challenge.rows(), candidates);
        let claims = run(attack, knowledge, &targets, &self.federation(*sees)).unwrap();
        challenge.score(NonMembers::Matched, &memberships(claims)).unwrap()
    }
}

#[test]
fn gap_on_a_full_tree_equals_its_closed_form() {
    let data = synthetic(1_000, 4, 4, 0.3, Seed::root(21));
    let members: Vec<usize> = (0..500).collect();
    let others: Vec<usize> = (500..1_000).collect();
    let model = train(&data, &members, 4);
    let (records, labels) = take(&data, &others);
    let t = model.predict_proba(records.view()).unwrap().accuracy(&labels).unwrap();
    assert!(t > 0.4 && t < 0.9, "{t}");
    let parties = BTreeMap::from([(party(1), Answers::Model(Box::new(model)))]);
    let federation = TestFederation { parties, sees: Sees::Mean };
    let shards = BTreeMap::from([(party(1), members)]);
    let challenge =
        MembershipChallenge::new(&[party(1)], &shards, &others, data.labels(), 4, Seed::root(22)).unwrap();
    let targets = targets(&data, challenge.rows(), &[party(1)]);
    let claims = run(&GAP, &knowledge(Vantage::Outsider, 1, 4), &targets, &federation).unwrap();
    let figures = challenge.score(NonMembers::Uniform, &memberships(claims)).unwrap();
    assert!((figures.precision.unwrap() - 1.0 / (1.0 + t)).abs() < 1e-12);
    assert!((figures.accuracy.unwrap() - (2.0 - t) / 2.0).abs() < 1e-12);
    assert!((figures.advantage.unwrap() - (1.0 - t)).abs() < 1e-12);
    // One threshold: the area under its two-piece curve is the accuracy.
    assert!((figures.auc.unwrap() - (2.0 - t) / 2.0).abs() < 1e-12);
    assert_eq!(figures.recall, Some(1.0));
}

#[test]
fn a_federation_that_always_answers_the_same_gives_nothing_away() {
    let world = World::new();
    for (knowledge, sees, candidates) in world.vantages() {
        let challenge = world.challenge(&candidates);
        let (_, labels) = take(&world.data, challenge.rows());
        let rows = labels.len();
        // The first feature chooses the table's row; all rows are equal, so any will do.
        let table = || Answers::Table(Array2::from_elem((2, CLASSES), 1.0 / CLASSES as f64));
        let parties = PartyId::first(3).map(|party| (party, table())).collect();
        let federation = TestFederation { parties, sees };
        let targets = targets(&world.data, challenge.rows(), &candidates);
        for attack in [CONFIDENCE, SHADOW_MODEL] {
            let claims = memberships(run(&attack, &knowledge, &targets, &federation).unwrap());
            assert_eq!(claims.len(), rows);
            for draw in NonMembers::ALL {
                assert_eq!(challenge.score(draw, &claims).unwrap().auc, Some(0.5), "{}", attack.name());
            }
        }
        // The gap attack sees "class 0" everywhere: with class-matched non-members that is worth exactly nothing.
        let claims = memberships(run(&GAP, &knowledge, &targets, &federation).unwrap());
        let figures = challenge.score(NonMembers::Matched, &claims).unwrap();
        assert_eq!((figures.auc, figures.advantage), (Some(0.5), Some(0.0)));
    }
}

#[test]
fn attacks_that_learn_beat_a_coin_and_the_insider_beats_the_outsider() {
    let world = World::new();
    for attack in [GAP, CONFIDENCE, SHADOW_MODEL] {
        let figures: Vec<Figures> =
            world.vantages().iter().map(|vantage| world.figures(&attack, vantage)).collect();
        for figures in &figures {
            let (auc, accuracy) = (figures.auc.unwrap(), figures.accuracy.unwrap());
            // 1,200 to 1,800 records: four standard deviations of a coin are below 0.06.
            assert!(auc > 0.56 && accuracy > 0.56, "{}: {auc} {accuracy}", attack.name());
        }
    }
    let vantages = world.vantages();
    let auc = |attack, vantage: usize| world.figures(&attack, &vantages[vantage]).auc.unwrap();
    assert!(auc(SHADOW_MODEL, 2) > auc(SHADOW_MODEL, 0));
}

/// What it is shown decides what an attack model can know.
#[test]
fn what_an_attack_model_is_shown_is_a_choice_in_federations() {
    let world = World::new();
    let insider = &world.vantages()[3];
    let of = |sees, label, models| {
        let shown =
            ShadowModel { sees: Some(sees), label: Some(label), models: Some(models), ..Default::default() };
        world.figures(&Attack::ShadowModel(shown), insider).accuracy.unwrap()
    };
    let plain = world.figures(&Attack::ShadowModel(ShadowModel::default()), insider).accuracy.unwrap();
    assert_eq!(of(Shown::Summary, false, Models::One), plain);
    // A full tree is always sure: its largest probability says nothing, and together with whether it is right it says what the gap says.
    assert_eq!(of(Shown::TopK(1), false, Models::One), 0.5);
    assert_eq!(of(Shown::TopK(1), true, Models::One), world.figures(&GAP, insider).accuracy.unwrap());
    assert!(of(Shown::Vector, false, Models::PerClass) > 0.5);
}

#[test]
fn a_residual_of_one_other_party_is_that_partys_vector() {
    let data = synthetic(600, 3, 3, 0.2, Seed::root(31));
    let (first, second): (Vec<usize>, Vec<usize>) = ((0..200).collect(), (200..400).collect());
    let parties = || {
        BTreeMap::from([
            (party(1), Answers::Model(Box::new(train(&data, &first, 3)))),
            (party(2), Answers::Model(Box::new(train(&data, &second, 3)))),
        ])
    };
    let member = Knowledge { own: Some(own(&data, &second, 3)), ..knowledge(Vantage::Party(party(2)), 2, 3) };
    let rows: Vec<usize> = (0..600).collect();
    let targets = targets(&data, &rows, &[party(1)]);
    for attack in [GAP, CONFIDENCE] {
        let claims =
            |sees| run(&attack, &member, &targets, &TestFederation { parties: parties(), sees }).unwrap();
        assert_eq!(claims(Sees::Residual(party(2))), claims(Sees::All), "{}", attack.name());
    }
}

#[test]
fn an_adversary_without_records_cannot_learn() {
    let world = World::new();
    let candidates: Vec<PartyId> = world.shards.keys().copied().collect();
    let targets = targets(&world.data, &[0, 1], &candidates);
    let federation = world.federation(Sees::Mean);
    let outsider = knowledge(Vantage::Outsider, 3, CLASSES);
    for attack in [CONFIDENCE, SHADOW_MODEL] {
        let error = run(&attack, &outsider, &targets, &federation).unwrap_err();
        assert!(matches!(error, AttackError::TooFewRecords { .. }));
        let message = error.to_string();
        assert!(message.contains(attack.name()) && message.contains("auxiliary"), "{message}");
        let (records, labels) = take(&world.data, &[1_800, 1_801, 1_802]);
        let auxiliary = Some(Shard::new(records, labels).unwrap());
        let few = Knowledge { auxiliary, ..outsider.clone() };
        let error = run(&attack, &few, &targets, &federation).unwrap_err();
        assert!(error.to_string().contains("has 3"), "{error}");
    }
    assert!(matches!(
        run(&shadow_model(0), &outsider, &targets, &federation),
        Err(AttackError::NoShadows { .. })
    ));
    assert!(matches!(run(&GAP, &outsider, &targets, &federation), Ok(Claims::Membership(_))));
}

#[test]
fn a_claim_does_not_depend_on_the_other_targets() {
    let world = World::new();
    for (knowledge, sees, candidates) in world.vantages() {
        let federation = world.federation(sees);
        let all: Vec<usize> = (0..600).chain(900..1_200).collect();
        let some: Vec<usize> = (0..all.len()).rev().step_by(7).collect();
        for attack in [GAP, CONFIDENCE, SHADOW_MODEL] {
            let claims = |rows: &[usize]| {
                let targets = targets(&world.data, rows, &candidates);
                memberships(run(&attack, &knowledge, &targets, &federation).unwrap())
            };
            let whole = claims(&all);
            let part = claims(&some.iter().map(|&place| all[place]).collect::<Vec<_>>());
            let expected: Vec<_> = some.iter().map(|&place| whole[place]).collect();
            assert_eq!(part, expected, "{}", attack.name());
            assert!(claims(&[]).is_empty());
        }
    }
}

#[test]
fn threads_do_not_change_a_claim() {
    let world = World::new();
    let vantages = world.vantages();
    let (knowledge, sees, candidates) = &vantages[2];
    let federation = world.federation(*sees);
    let targets = targets(&world.data, &(0..600).collect::<Vec<_>>(), candidates);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&SHADOW_MODEL, knowledge, &targets, &federation).unwrap())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn an_adversary_is_given_no_truth() {
    // Taken apart field by field: a field that is added here has to be looked at by whoever adds it.
    let world = World::new();
    let (knowledge, _, candidates) = world.vantages().remove(2);
    let Targets { records, labels, candidates: requested } = targets(&world.data, &[0, 900], &candidates);
    let Knowledge { vantage, parties, classes, learner: _, release, own, auxiliary, seed: _ } = knowledge;
    assert_eq!((records.nrows(), labels.len(), requested), (2, 2, candidates));
    assert_eq!((vantage, parties, classes), (Vantage::Party(party(3)), 3, CLASSES));
    assert!(own.is_some_and(|own| own.shard.len() == 300) && auxiliary.is_none() && release.is_empty());
}
