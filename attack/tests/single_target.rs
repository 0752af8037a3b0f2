//! Attacks on a single target as a whole: a target that holds nothing of the records asked about gives nobody away, whatever the attack.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Axis;
use rand::seq::SliceRandom;
use turncoat_attack::challenge::{Halves, MembershipChallenge, NonMembers};
use turncoat_attack::single_target::TargetApi;
use turncoat_attack::{
    Confidence, Evidence, Features, Gap, Generation, MembershipAttack, Models, Sees, ShadowModel, Shadows,
};
use turncoat_learn::data::{DataFolders, DataSource};
use turncoat_learn::{Dataset, Learner, LocalModel, PartyId, Samples, Seed};

fn learners() -> Vec<Learner> {
    vec![
        Learner::DecisionTree(Default::default()),
        Learner::Knn(Default::default()),
        Learner::LogisticRegression(Default::default()),
        Learner::NaiveBayes(Default::default()),
    ]
}

fn wines() -> Dataset {
    let folders = DataFolders { data_dir: None, scenario_dir: None };
    DataSource::WineQuality.load(&folders, Seed::root(1)).unwrap()
}

fn fit(learner: &Learner, data: &Dataset, rows: &[usize], labels: &[u32]) -> LocalModel {
    let records = data.records().select(Axis(0), rows);
    let samples = Samples { records: records.view(), labels, classes: data.classes() };
    learner.fit(samples, Seed::root(2)).unwrap()
}

/// Trained on other records, whose labels were shuffled: accuracy is that of a coin, within four standard deviations, for
/// every target and every attack. The same attacks tell a target that was trained on the members.
#[test]
fn a_target_that_holds_nothing_gives_nobody_away() {
    let data = wines();
    let mut rows: Vec<usize> = (0..data.len()).collect();
    rows.shuffle(&mut Seed::root(3).stream("rows"));
    let (pool, rest) = rows.split_at(600);
    let (others, shadow_rows) = rest.split_at(400);
    let halves = Halves::of_fold(pool, data.labels(), 0, Seed::root(4));
    let party = PartyId::first(1).next().unwrap();
    let challenge = MembershipChallenge::new(
        &[party],
        &BTreeMap::from([(party, halves.inside.clone())]),
        &halves.outside,
        data.labels(),
        data.classes(),
        Seed::root(5),
    )
    .unwrap();
    let requested = data.records().select(Axis(0), challenge.rows());
    let labels: Vec<u32> = challenge.rows().iter().map(|&row| data.labels()[row]).collect();
    let (records, shadow_labels) = data.take(shadow_rows);
    let shadow = Samples { records: records.view(), labels: &shadow_labels, classes: data.classes() };

    let of = |rows: &[usize]| rows.iter().map(|&row| data.labels()[row]).collect::<Vec<u32>>();
    let mut shuffled = of(others);
    shuffled.shuffle(&mut Seed::root(6).stream("labels"));
    let records_asked = challenge.places(NonMembers::Matched).len() as f64;
    // Four standard deviations of the share of heads.
    let bound = 4.0 * 0.5 / records_asked.sqrt();
    for (place, learner) in learners().iter().enumerate() {
        let ignorant = fit(learner, &data, others, &shuffled);
        let knowing = fit(learner, &data, &halves.inside, &of(&halves.inside));
        let generation = Generation::new(vec![learner.clone()], 1).unwrap();
        let set = generation.design().run("shadow_model", shadow, Seed::root(7)).unwrap();
        let shadows = Shadows::new(Arc::new(set), records.view());
        let accuracies = |model: &LocalModel| -> Vec<f64> {
            let vectors = TargetApi::new(model).predict_proba(requested.view()).unwrap();
            let evidence = Evidence::of_model(requested.view(), &labels, &vectors, Seed::root(9)).unwrap();
            let mut attacks: Vec<Box<dyn MembershipAttack>> =
                vec![Box::new(Gap::default()), Box::new(Confidence::default())];
            for attack_learner in learners() {
                let vector = Features { sees: Sees::Vector, ..Features::default() };
                let views = [
                    vector,
                    Features { models: Models::PerClass, ..vector },
                    Features { label: true, ..vector },
                    Features::default(),
                ];
                attacks.extend(views.map(|features| -> Box<dyn MembershipAttack> {
                    let mut attack = ShadowModel::default();
                    attack.adopt(Some(&attack_learner), features);
                    Box::new(attack)
                }));
            }
            let claims: Vec<_> = attacks
                .iter()
                .map(|attack| attack.fit(Some(&shadows), Seed::root(8)).unwrap().claims(&evidence).unwrap())
                .collect();
            let score = |claims| challenge.score(NonMembers::Matched, claims).unwrap().accuracy.unwrap();
            claims.iter().map(|claims| score(claims)).collect()
        };
        for (attack, accuracy) in accuracies(&ignorant).into_iter().enumerate() {
            assert!((accuracy - 0.5).abs() < bound, "{}, attack {attack}: {accuracy}", learner.name());
        }
        if place == 0 {
            let reported = accuracies(&knowing);
            assert!(reported[0] > 0.6 && reported[1] > 0.6, "{reported:?}");
        }
    }
}
