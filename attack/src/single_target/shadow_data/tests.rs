//! What plans make of populations and targets whose right answer is known by construction.

use ndarray::Array2;
use turncoat_learn::{Learner, LearnerError, Samples, Seed};

use super::testing::*;
use super::*;
use crate::error::AttackError;
use crate::single_target::{RawKnowledge, TargetApi, with_noise};

const STATISTICS: Step = Step::Statistics(Statistics { dependence: Dependence::Independent });
const PAIRWISE: Step = Step::Statistics(Statistics { dependence: Dependence::Pairwise });

type Holds = dyn Fn(&[f32], u32) -> bool;

/// The share of records for which something holds, and five standard deviations of it.
fn share(data: &ShadowData, holds: impl Fn(&[f32], u32) -> bool) -> (f64, f64) {
    let n = data.labels.len() as f64;
    let rows = data.records.rows().into_iter().zip(&data.labels);
    let p = rows.filter(|(record, label)| holds(record.as_slice().unwrap(), **label)).count() as f64 / n;
    (p, 5.0 * (p * (1.0 - p) / n).sqrt())
}

fn of(population: &Population) -> ShadowData {
    ShadowData { records: population.records.clone(), labels: population.labels.clone() }
}

fn nearest() -> Learner {
    let raw = turncoat_learn::knn::RawKnnParams { k: 1, ..Default::default() };
    Learner::Knn(raw.check().unwrap())
}

#[test]
fn same_distribution_gives_the_real_records_themselves() {
    let mut population = chain(300);
    population.records.column_mut(0).iter_mut().enumerate().for_each(|(row, value)| *value = row as f32);
    let made = plan(200, vec![Step::SameDistribution])
        .develop(&white(), population.real(), None, Seed::root(1))
        .unwrap();
    let mut rows: Vec<usize> = made.data.records.column(0).iter().map(|&value| value as usize).collect();
    for (place, &row) in rows.iter().enumerate() {
        assert_eq!(made.data.records.row(place), population.records.row(row));
        assert_eq!(made.data.labels[place], population.labels[row]);
    }
    rows.sort_unstable();
    rows.dedup();
    assert_eq!((rows.len(), made.queries, made.search), (200, 0, None));
}

#[test]
fn independent_draws_keep_marginals_and_class_shares_and_nothing_else() {
    let population = chain(3000);
    for knowledge in [grey(), white()] {
        let made =
            plan(4000, vec![STATISTICS]).develop(&knowledge, population.real(), None, Seed::root(2)).unwrap();
        let real = of(&population);
        for feature in 0..5 {
            let (expected, _) = share(&real, |record, _| record[feature] > 0.5);
            let (got, bound) = share(&made.data, |record, _| record[feature] > 0.5);
            assert!((got - expected).abs() < bound, "feature {feature}: {got} {expected}");
        }
        let (classes, _) = share(&real, |_, label| label == 1);
        let (got, bound) = share(&made.data, |_, label| label == 1);
        assert!((got - classes).abs() < bound, "{got} {classes}");
        // f0 and f1 agree nine times in ten; by chance p q + (1 - p)(1 - q).
        let (p, _) = share(&real, |record, _| record[0] > 0.5);
        let (q, _) = share(&real, |record, _| record[1] > 0.5);
        let (agree, _) = share(&real, |record, _| record[0] == record[1]);
        let (got, bound) = share(&made.data, |record, _| record[0] == record[1]);
        assert!(agree > 0.88 && (got - (p * q + (1.0 - p) * (1.0 - q))).abs() < bound, "{got}");
        let (got, bound) = share(&made.data, |record, label| (record[3] > 0.5) == (label == 1));
        let (r, _) = share(&real, |record, _| record[3] > 0.5);
        assert!((got - (r * classes + (1.0 - r) * (1.0 - classes))).abs() < bound, "{got}");
        // Discrete features stay discrete.
        assert!(made.data.records.iter().all(|&value| value == 0.0 || value == 1.0));
    }
}

#[test]
fn pairwise_draws_keep_what_hangs_together() {
    let population = chain(3000);
    let made = plan(4000, vec![PAIRWISE]).develop(&grey(), population.real(), None, Seed::root(3)).unwrap();
    let real = of(&population);
    let holds: [&Holds; 7] = [
        &|record, label| (record[0] > 0.5) == (label == 1),
        &|record, _| record[0] == record[1],
        &|record, _| record[1] == record[2],
        // Not neighbours: the chain carries it.
        &|record, _| record[0] == record[2],
        &|record, label| (record[3] > 0.5) == (label == 1),
        &|record, _| record[4] > 0.5,
        &|_, label| label == 1,
    ];
    for (place, holds) in holds.iter().enumerate() {
        let (expected, _) = share(&real, holds);
        let (got, bound) = share(&made.data, holds);
        // What is not a neighbour is right up to how far 3,000 records of a chain are from one.
        let slack = if place == 3 { 0.02 } else { 0.0 };
        assert!((got - expected).abs() < bound + slack, "{place}: {got} {expected}");
    }
}

#[test]
fn grey_box_statistics_come_from_as_many_records_as_are_given() {
    let records = Array2::from_shape_fn((500, 3), |(row, _)| row as f32);
    let population = Population { records, labels: vec![0; 500], classes: 2 };
    let few = RawKnowledge::GreyBox { records: Some(20) }.check().unwrap();
    for step in [STATISTICS, PAIRWISE] {
        let made = plan(2000, vec![step]).develop(&few, population.real(), None, Seed::root(4)).unwrap();
        let mut values: Vec<f32> = made.data.records.iter().copied().collect();
        values.sort_by(f32::total_cmp);
        values.dedup();
        assert_eq!(values.len(), 20);
    }
}

#[test]
fn black_box_draws_are_uniform_in_the_range() {
    let population = chain(10);
    let made =
        plan(2000, vec![STATISTICS]).develop(&black(), population.real(), None, Seed::root(5)).unwrap();
    assert!(made.data.records.iter().all(|value| (0.0..1.0).contains(value)));
    let mean = made.data.records.mean().unwrap();
    // Five standard errors of 10,000 uniform draws.
    assert!((mean - 0.5).abs() < 5.0 * (1.0_f32 / 120_000.0).sqrt(), "{mean}");
    let (ones, bound) = share(&made.data, |_, label| label == 1);
    assert!((ones - 0.5).abs() < bound, "{ones}");
}

#[test]
fn a_search_accepts_only_what_the_target_is_sure_of() {
    let model = sure_above_half();
    let target = TargetApi::new(&model);
    let population = chain(10);
    let made = plan(300, vec![Step::Query(Query { redraw: Some(1), ..Query::of(100_000) })])
        .develop(&black(), population.real(), Some(&target), Seed::root(6))
        .unwrap();
    assert_eq!(made.data.labels, vec![1; 300]);
    assert!(made.data.records.column(0).iter().all(|&value| value > 0.5));
    assert_eq!(made.queries, target.queries());
    let found = made.search.unwrap();
    assert_eq!((found.wanted, found.accepted), (300, 300));
    let vectors = model.predict_proba(made.data.records.view()).unwrap();
    assert!(vectors.view().column(1).iter().all(|&p| p >= 0.8));
}

#[test]
fn a_spent_budget_ends_the_search_to_the_query() {
    let model = sure_above_half();
    let population = chain(10);
    for budget in [300, 301, 350] {
        let target = TargetApi::new(&model);
        let query = Query { redraw: Some(1), ..Query::of(budget) };
        let made = plan(300, vec![Step::Query(query)])
            .develop(&black(), population.real(), Some(&target), Seed::root(7))
            .unwrap();
        let found = made.search.unwrap();
        // About half of the starting points are accepted at once, so the budget is not enough for all.
        assert!(found.accepted < found.wanted && found.accepted as usize == made.data.labels.len());
        assert_eq!((made.queries, target.queries()), (budget, budget));
        assert!(made.data.records.column(0).iter().all(|&value| value > 0.5));
    }
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    // Every known first feature is 0.25, where the target is never sure.
    let model = sure_above_half();
    let target = TargetApi::new(&model);
    let records = Array2::from_elem((30, 5), 0.25);
    let population = Population { records, labels: vec![0; 30], classes: 2 };
    let error = plan(10, vec![Step::Query(Query { attempts: 3, ..Query::of(77) })])
        .develop(&grey(), population.real(), Some(&target), Seed::root(8))
        .unwrap_err();
    assert_eq!(target.queries(), 77);
    let reported = error.to_string();
    assert!(reported.starts_with("shadow data, query: none of ") && reported.contains("0.600"), "{reported}");
    assert!(reported.ends_with("lower `confidence`, or raise `budget` or `attempts`"), "{reported}");
}

#[test]
fn active_learning_labels_separable_records_right_with_few_queries() {
    let (population, model) = (blobs(900), knows(&blobs(600)));
    let target = TargetApi::new(&model);
    let steps = vec![Step::SameDistribution, Step::ActiveLearning(ActiveLearning::of(15, nearest()))];
    let made = plan(600, steps).develop(&white(), population.real(), Some(&target), Seed::root(9)).unwrap();
    assert_eq!((made.queries, target.queries()), (15, 15));
    let right = model.predict_proba(made.data.records.view()).unwrap().accuracy(&made.data.labels).unwrap();
    assert!(right > 0.99, "{right}");
    // The labels are those of the target, not the adversary's own: one that is wrong everywhere is followed.
    let wrong =
        Population { labels: population.labels.iter().map(|label| (label + 1) % 3).collect(), ..blobs(900) };
    let made =
        plan(600, vec![Step::SameDistribution, Step::ActiveLearning(ActiveLearning::of(15, nearest()))])
            .develop(&white(), wrong.real(), Some(&TargetApi::new(&model)), Seed::root(9))
            .unwrap();
    let right = model.predict_proba(made.data.records.view()).unwrap().accuracy(&made.data.labels).unwrap();
    assert!(right > 0.99, "{right}");
}

#[test]
fn accepted_points_are_the_first_round_of_active_learning() {
    let (population, model) = (blobs(900), knows(&blobs(600)));
    let target = TargetApi::new(&model);
    let query = Step::Query(Query::of(1000));
    let learn = |rounds| Step::ActiveLearning(ActiveLearning { rounds, ..ActiveLearning::of(30, nearest()) });
    // A full tree is sure of everything, so each search takes one query.
    for (rounds, accepted) in [(1, 30), (3, 10)] {
        let before = target.queries();
        let made = plan(500, vec![Step::SameDistribution, query.clone(), learn(rounds)])
            .develop(&white(), population.real(), Some(&target), Seed::root(10))
            .unwrap();
        assert_eq!(made.search.unwrap().accepted, accepted);
        assert_eq!((made.queries, target.queries() - before), (30, 30));
        assert_eq!(made.data.labels.len(), 500);
        let right =
            model.predict_proba(made.data.records.view()).unwrap().accuracy(&made.data.labels).unwrap();
        assert!(right > 0.98, "{right}");
    }
}

#[test]
fn region_points_lie_in_the_cube_with_the_label_of_its_centre() {
    let population = blobs(300);
    let region = Region { side: 0.06, points: 4 };
    // 98 records: nineteen whole cubes, and a centre with two of its points.
    let made = plan(98, vec![Step::SameDistribution, Step::Region(region)])
        .develop(&white(), population.real(), None, Seed::root(11))
        .unwrap();
    assert_eq!((made.data.records.dim(), made.data.labels.len()), ((98, 2), 98));
    let real: Vec<_> = population.records.rows().into_iter().zip(&population.labels).collect();
    let mut distances = Vec::new();
    for row in 0..98 {
        let (centre, label) = (row - row % 5, made.data.labels[row]);
        assert_eq!(label, made.data.labels[centre]);
        if row == centre {
            assert!(real.iter().any(|(other, of)| *other == made.data.records.row(row) && **of == label));
            continue;
        }
        for (a, b) in made.data.records.row(row).iter().zip(made.data.records.row(centre)) {
            assert!((a - b).abs() <= 0.03 + 1e-6, "{a} {b}");
            distances.push(f64::from((a - b).abs()));
        }
    }
    // Uniform in the cube: the mean distance of a coordinate is a quarter of the side; five standard errors and the few
    // cubes that a range cuts.
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    assert!((mean - 0.015).abs() < 5.0 * 0.03 / (12.0 * distances.len() as f64).sqrt() + 1e-3, "{mean}");
}

#[test]
fn a_region_ends_where_the_features_end() {
    let model = sure_above_half();
    let target = TargetApi::new(&model);
    let population = chain(10);
    let steps = vec![Step::Query(Query::of(10_000)), Step::Region(Region { side: 1.5, points: 9 })];
    let made = plan(200, steps).develop(&black(), population.real(), Some(&target), Seed::root(12)).unwrap();
    // Figure 4: twenty points are searched, the rest costs nothing.
    assert_eq!((made.search.unwrap().accepted, made.data.labels.len()), (20, 200));
    assert_eq!(made.data.labels, vec![1; 200]);
    assert!(made.data.records.iter().all(|value| (0.0..=1.0).contains(value)));
    assert!(made.data.records.column(0).iter().any(|&value| value < 0.5));
}

#[test]
fn noise_is_added_to_the_finished_records() {
    let population = blobs(200);
    let steps = vec![Step::SameDistribution];
    let plain = plan(100, steps.clone());
    let noisy = RawShadowPlan { records: 100, noise: 0.3, steps }.check().unwrap();
    let develop =
        |plan: &ShadowPlan| plan.develop(&white(), population.real(), None, Seed::root(13)).unwrap();
    let (plain, noisy) = (develop(&plain).data, develop(&noisy).data);
    assert_eq!(plain.labels, noisy.labels);
    assert_eq!(noisy.records, with_noise(plain.records.view(), 0.3, Seed::root(13).child("noise", 0)));
    assert_ne!(noisy.records, plain.records);
}

#[test]
fn threads_and_repeats_change_no_bit_and_the_seed_does() {
    let (population, blobs) = (chain(400), blobs(600));
    let (stump, tree) = (sure_above_half(), knows(&blobs));
    let query = Step::Query(Query { redraw: Some(1), ..Query::of(5000) });
    let learn = Step::ActiveLearning(ActiveLearning::of(20, nearest()));
    let missing = RawKnowledge::WhiteBox { records: Some(300), noise: 0.1, known_features: 0.7 };
    let missing = missing.check().unwrap();
    let region = Step::Region(Region { side: 0.1, points: 3 });
    let cases = [
        (&stump, &population, black(), vec![query.clone(), region.clone()]),
        (&stump, &population, grey(), vec![PAIRWISE, query.clone(), learn.clone()]),
        (&tree, &blobs, missing.clone(), vec![Step::SameDistribution, region.clone(), learn.clone()]),
        (&tree, &blobs, missing, vec![STATISTICS, query, region, learn]),
    ];
    for (model, population, knowledge, steps) in cases {
        let plan = RawShadowPlan { records: 250, noise: 0.05, steps }.check().unwrap();
        let made = |threads, seed| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let target = TargetApi::new(model);
            let develop = || plan.develop(&knowledge, population.real(), Some(&target), Seed::root(seed));
            let made = pool.install(develop).unwrap();
            assert_eq!(made.queries, target.queries());
            made
        };
        let once = made(1, 1);
        assert_eq!(once, made(4, 1));
        assert_ne!(once.data, made(4, 2).data);
        assert_eq!(once.data.labels.len(), 250);
        assert!(once.data.records.iter().all(|value| value.is_finite()));
    }
}

#[test]
fn what_comes_short_is_told_with_what_helps() {
    let population = chain(50);
    let develop = |plan: &ShadowPlan, target: Option<&TargetApi<'_>>| {
        plan.develop(&white(), population.real(), target, Seed::root(1)).unwrap_err().to_string()
    };
    assert_eq!(
        develop(&plan(51, vec![Step::SameDistribution]), None),
        "shadow data, same_distribution: 51 records are needed and the adversary's knowledge holds 50; ask fewer \
         `records`, give the adversary more, or add a step `region`"
    );
    assert_eq!(
        develop(&plan(5, vec![Step::Query(Query::of(10))]), None),
        "shadow data, query: it asks the target, and no target was given; give the target, or leave the step out"
    );
    let model = knows(&blobs(30));
    let reported = develop(&plan(5, vec![Step::Query(Query::of(10))]), Some(&TargetApi::new(&model)));
    assert!(reported.contains("5 features") && reported.contains("on 2"), "{reported}");
    let error =
        plan(5, vec![Step::SameDistribution]).develop(&grey(), population.real(), None, Seed::root(1));
    assert!(matches!(error, Err(AttackError::ShadowPlan(all)) if all.len() == 1));
}

#[test]
fn real_records_out_of_bounds_are_refused() {
    let good = chain(4);
    let broken = ndarray::array![[0.0, f32::NAN]];
    let develop = |records: &Array2<f32>, labels: &[u32], classes| {
        plan(1, vec![STATISTICS])
            .develop(&grey(), Samples { records: records.view(), labels, classes }, None, Seed::root(1))
            .unwrap_err()
    };
    assert!(matches!(develop(&good.records, &[0], 2), AttackError::Learner(LearnerError::Lengths { .. })));
    assert!(matches!(
        develop(&good.records, &[0, 1, 2, 0], 2),
        AttackError::Learner(LearnerError::Label { .. })
    ));
    assert!(matches!(develop(&broken, &[0], 2), AttackError::Learner(LearnerError::NotFinite { .. })));
    assert!(matches!(develop(&broken, &[0], 0), AttackError::Learner(LearnerError::Classes)));
    let none = Array2::zeros((0, 2));
    let reported = develop(&none, &[], 2).to_string();
    assert!(reported.starts_with("shadow data, grey_box: there is no real record"), "{reported}");
}
