//! What attacks ask the federation: what each needs, once, and nothing that goes over a budget.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use common::{
    Answers, CONFIDENCE, GAP, LEAST_LOSS, PRIOR_AWARE, Sees, TestFederation, knowledge, own, party,
    shadow_federation, shadow_model, synthetic, take, targets, train,
};
use ndarray::ArrayView2;
use turncoat_attack::{
    AdversaryView, Answered, Attack, AttackError, Claims, Knowledge, Observation, Oracle, Question, Targets,
    Vantage,
};
use turncoat_learn::{PartyId, Seed, Shard};

const SHADOW_MODEL: Attack = shadow_model(1);
const SHADOW_FEDERATION: Attack = shadow_federation(1, false);

/// Counts every record that it is asked about, and answers no more than a budget.
struct Counting {
    federation: TestFederation,
    budget: usize,
    requested: Mutex<usize>,
}

impl Oracle for Counting {
    fn observe(&self, records: ArrayView2<'_, f32>) -> Result<Observation, AttackError> {
        let mut requested = self.requested.lock().unwrap();
        if *requested + records.nrows() > self.budget {
            return Err(AttackError::Refused(format!("{} asked for", records.nrows())));
        }
        *requested += records.nrows();
        self.federation.observe(records)
    }

    fn shows_single_vectors(&self) -> bool {
        matches!(self.federation.sees, Sees::All)
    }
}

/// Parties 1 and 2 hold 40 records each, party 3 holds 30; 50 are known to be nobody's, and 60 more are.
struct World {
    data: Shard,
    member: Knowledge,
}

impl World {
    fn new() -> Self {
        let data = synthetic(220, 3, 3, 0.3, Seed::root(6));
        let (records, labels) = take(&data, &(110..160).collect::<Vec<_>>());
        let member = Knowledge {
            own: Some(own(&data, &(80..110).collect::<Vec<_>>(), 3)),
            auxiliary: Some(Shard::new(records, labels).unwrap()),
            ..knowledge(Vantage::Party(party(3)), 3, 3)
        };
        Self { data, member }
    }

    fn federation(&self, sees: Sees, budget: usize) -> Counting {
        let shards = [0..40, 40..80, 80..110];
        let models =
            shards.map(|rows| Answers::Model(Box::new(train(&self.data, &rows.collect::<Vec<_>>(), 3))));
        let parties: BTreeMap<_, _> = PartyId::first(3).zip(models).collect();
        Counting { federation: TestFederation { parties, sees }, budget, requested: Mutex::default() }
    }

    fn targets(&self, rows: impl Iterator<Item = usize>) -> Targets {
        targets(&self.data, &rows.collect::<Vec<_>>(), &[party(1), party(2)])
    }

    /// The members, and the members with 60 of nobody's.
    fn questions(&self) -> [Targets; 2] {
        [self.targets(0..80), self.targets((0..80).chain(160..220))]
    }
}

#[test]
fn each_attack_is_charged_for_what_it_needs() {
    let world = World::new();
    let [source, membership] = world.questions();
    for (attack, targets, sees, queries) in [
        // The threshold and the attack model are learned on models of the adversary's own, without asking anybody.
        (GAP, &membership, Sees::All, 140),
        (CONFIDENCE, &membership, Sees::All, 140),
        (SHADOW_MODEL, &membership, Sees::All, 140),
        (CONFIDENCE, &membership, Sees::Mean, 140),
        (SHADOW_MODEL, &membership, Sees::Residual(party(3)), 140),
        (LEAST_LOSS, &source, Sees::All, 80),
        // A member's own shard; what else it holds is not looked at.
        (PRIOR_AWARE, &source, Sees::All, 80 + 30),
        (SHADOW_FEDERATION, &source, Sees::All, 80 + 30 + 50),
        // A fair coin costs nothing.
        (LEAST_LOSS, &source, Sees::Mean, 0),
        (PRIOR_AWARE, &source, Sees::Residual(party(3)), 0),
        (SHADOW_FEDERATION, &source, Sees::Mean, 0),
    ] {
        let federation = world.federation(sees, usize::MAX);
        let claims = attack.run(&AdversaryView::new(&world.member, targets, &federation).unwrap()).unwrap();
        assert_eq!(
            (*federation.requested.lock().unwrap(), claims.len()),
            (queries, targets.labels.len()),
            "{attack:?}"
        );
    }
}

#[test]
fn no_record_is_asked_about_twice_whatever_the_question() {
    let world = World::new();
    let federation = world.federation(Sees::All, usize::MAX);
    let answered = Arc::new(Mutex::new(Answered::default()));
    let mut requested = Vec::new();
    let mut together = Vec::new();
    for (targets, attacks) in
        world.questions().iter().zip([vec![LEAST_LOSS, PRIOR_AWARE], vec![GAP, CONFIDENCE, SHADOW_MODEL]])
    {
        let view =
            AdversaryView::remembering(&world.member, targets, &federation, Arc::clone(&answered)).unwrap();
        for attack in attacks {
            together.push(attack.run(&view).unwrap());
            requested.push(*federation.requested.lock().unwrap());
        }
    }
    // The members, the own shard, then nothing but the 60 of nobody's.
    assert_eq!(requested, [80, 110, 170, 170, 170]);
    // And every claim is the one that each would make alone.
    let [source, membership] = world.questions();
    let alone: Vec<Claims> = [LEAST_LOSS, PRIOR_AWARE, GAP, CONFIDENCE, SHADOW_MODEL]
        .iter()
        .map(|attack| {
            let targets = if attack.question() == Question::Source { &source } else { &membership };
            let federation = world.federation(Sees::All, usize::MAX);
            attack.run(&AdversaryView::new(&world.member, targets, &federation).unwrap()).unwrap()
        })
        .collect();
    assert_eq!(together, alone);
}

#[test]
fn equal_records_are_one_query_and_get_one_answer() {
    let world = World::new();
    let twice = world.targets((0..40).chain(0..40).rev());
    for sees in [Sees::All, Sees::Mean, Sees::Residual(party(3))] {
        let federation = world.federation(sees, usize::MAX);
        let view = AdversaryView::new(&world.member, &twice, &federation).unwrap();
        let Claims::Membership(claims) = GAP.run(&view).unwrap() else { panic!("membership was asked for") };
        assert_eq!((*federation.requested.lock().unwrap(), claims.len()), (40, 80));
        assert_eq!(claims[..40], claims[40..]);
        // As they would be without being remembered.
        assert_eq!(
            *view.observation().unwrap(),
            federation.federation.observe(twice.records.view()).unwrap()
        );
    }
}

#[test]
fn what_goes_over_a_budget_is_refused_and_what_does_not_is_run() {
    let world = World::new();
    let [source, _] = world.questions();
    let federation = world.federation(Sees::All, 100);
    let view = AdversaryView::new(&world.member, &source, &federation).unwrap();
    // 110 queries: nothing is spent on a part of them.
    assert!(matches!(PRIOR_AWARE.run(&view), Err(AttackError::Refused(_))));
    assert_eq!(*federation.requested.lock().unwrap(), 0);
    assert!(LEAST_LOSS.run(&view).is_ok());
    assert_eq!(*federation.requested.lock().unwrap(), 80);
    // Of what it needs only the 30 of its own shard are not known yet, and 20 are left.
    assert!(
        matches!(PRIOR_AWARE.run(&view), Err(AttackError::Refused(reported)) if reported.starts_with("30 "))
    );
    assert!(LEAST_LOSS.run(&view).is_ok());
}
